"""Opens what runs share, and the lists that they trust."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from post.api.settings import Settings

if TYPE_CHECKING:
    from post.engine import ContentStore, Store
    from post.engine.store_place import StorePlace
    from provenance.trust.lists import Anchors


def open_stores(settings: Settings, cache: Path | None = None) -> tuple[ContentStore, Store]:
    """Opens the copies of sources and the results that a store keeps.

    cache: the folder in front of a store elsewhere; None: one in `settings.local`. Results are sealed with this user's
    secret: a team that shares a store shares its `store.key` too. Raises OutputError or RetryError where a folder
    cannot be made, ProvenanceError for a secret that others can read, JobError for an address that is wrong.
    """
    from post.engine import ContentStore
    from post.engine.opening import open_place
    from provenance.signing.private_file import read_or_make_secret

    secret = read_or_make_secret(settings.config / "store.key", 32, "a key of the store's seals")
    found = store_place(settings.store, secret, cache or settings.local / "remote")
    results = open_place(found)
    # Copies of sources never lie where results are cleared for room.
    content = ContentStore((settings.local if found.url else Path(found.root)) / own_copies())
    content.sweep()
    return content, results


def store_place(place: Path | str, secret: bytes, cache: Path) -> StorePlace:
    """Returns where a store is. place: a folder, or an address; secret: seals its results; cache: the folder in which
    each store elsewhere has one of its own, on this machine."""
    from post.engine.store_place import StorePlace, is_address

    text = str(place)
    if not is_address(text):
        return StorePlace(text, secret)
    return StorePlace(str(cache / hashlib.sha256(text.encode()).hexdigest()[:16]), secret, text)


def own_copies() -> str:
    """Returns the name of this user's copies of sources in a store that others may share."""
    return f"content-{os.geteuid()}" if hasattr(os, "geteuid") else "content"


def read_anchors(config: Path) -> tuple[Anchors, ...]:
    """Returns the trust lists that credentials are judged by. config: the folder of settings."""
    from provenance.trust import lists

    return lists.read_configured(config)
