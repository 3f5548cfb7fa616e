"""Opens the store that a place describes."""

from __future__ import annotations

from pathlib import Path

from post.engine.store import Store
from post.engine.store_place import StorePlace


def open_place(place: StorePlace, writer: str = "") -> Store:
    """Returns the store at a place. writer: as of `Store`.

    Raises OutputError where its folder cannot be made, RetryError where the disk is full; JobError where its address
    is wrong, or nothing installed here opens such a one.
    """
    if not place.url:
        return Store(Path(place.root), place.seal_key, writer)
    from post.engine.remote_store import RemoteStore  # fsspec takes half a second to load

    return RemoteStore(place, writer)
