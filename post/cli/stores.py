"""Opens what commands keep between runs, and the lists that they trust."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from post.cli.environment import read_environment

if TYPE_CHECKING:
    from post.engine import ContentStore, Store
    from provenance.trust.lists import Anchors


def open_stores(folder: Path | None) -> tuple[ContentStore, Store]:
    """Opens the copies of sources and the results that a folder keeps. None: this user's own folder.

    Results are sealed with this user's secret. A team that shares a store shares its `store.key` too.
    Raises OutputError or RetryError where a folder cannot be made, ProvenanceError for a secret that others
    can read.
    """
    from post.engine import ContentStore, Store
    from provenance.signing.private_file import read_or_make_secret

    around = read_environment()
    root = folder or around.store
    secret = read_or_make_secret(around.config / "store.key", 32, "a key of the store's seals")
    results, content = Store(root, secret), ContentStore(root / own_copies())
    content.sweep()
    return content, results


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
