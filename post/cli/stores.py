"""Opens what commands keep between runs, and the lists that they trust."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from post.cli.environment import read_environment

if TYPE_CHECKING:
    from post.engine import ContentStore, Store
    from post.engine.store_place import StorePlace
    from provenance.trust.lists import Anchors


def open_stores(place: Path | str | None, cache: Path | None = None) -> tuple[ContentStore, Store]:
    """Opens the copies of sources and the results that a store keeps.

    place: a folder, or the address of a store elsewhere; None: this user's own folder. cache: the folder in front of
    a store elsewhere; None: one in this user's own. Results are sealed with this user's secret: a team that shares a
    store shares its `store.key` too. Raises OutputError or RetryError where a folder cannot be made, ProvenanceError
    for a secret that others can read, JobError for an address that is wrong.
    """
    from post.engine import ContentStore
    from post.engine.opening import open_place
    from provenance.signing.private_file import read_or_make_secret

    around = read_environment()
    secret = read_or_make_secret(around.config / "store.key", 32, "a key of the store's seals")
    found = store_place(place, secret, cache or around.store / "remote")
    results = open_place(found)
    # Copies of sources never lie where results are cleared for room.
    content = ContentStore((around.store if found.url else Path(found.root)) / own_copies())
    content.sweep()
    return content, results


def store_place(place: Path | str | None, secret: bytes, cache: Path) -> StorePlace:
    """Returns where a store is. place: as of `open_stores`; secret: seals its results; cache: the folder in which
    each store elsewhere has one of its own, on this machine."""
    from post.engine.store_place import StorePlace, is_address

    text = str(place or read_environment().store)
    if not is_address(text):
        return StorePlace(text, secret)
    return StorePlace(str(cache / hashlib.sha256(text.encode()).hexdigest()[:16]), secret, text)


def own_copies() -> str:
    """Returns the name of this user's copies of sources in a store that others may share."""
    return f"content-{os.geteuid()}" if hasattr(os, "geteuid") else "content"


def read_anchors() -> tuple[Anchors, ...]:
    """Returns the trust lists that credentials are judged by."""
    from provenance.trust import lists

    return lists.read_configured(read_environment().config)


def own_registry() -> Path:
    """Returns the folder of this user's registry, for jobs that name none."""
    return read_environment().config / "registry"
