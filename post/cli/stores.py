"""Opens what commands keep between runs, and the lists that they trust, as the environment says where they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from post.api import stores
from post.api.settings import Settings
from post.cli.environment import pin, read_environment

if TYPE_CHECKING:
    from post.engine import ContentStore, Store
    from provenance.trust.lists import Anchors


def command_settings(place: Path | str | None = None) -> Settings:
    """Returns this user's settings. place: of the store, None for this user's own. Raises JobError where this user has
    no folder for them."""
    around = read_environment()
    return Settings(around.config, place or around.store, around.store, pin)


def open_stores(place: Path | str | None, cache: Path | None = None) -> tuple[ContentStore, Store]:
    """Opens the copies of sources and the results that a store keeps. place: as of `command_settings`; cache, errors:
    as of `post.api.stores.open_stores`."""
    return stores.open_stores(command_settings(place), cache)


def read_anchors() -> tuple[Anchors, ...]:
    """Returns the trust lists that credentials are judged by."""
    return stores.read_anchors(read_environment().config)


def own_registry() -> Path:
    """Returns the folder of this user's registry, for jobs that name none."""
    return command_settings().registry
