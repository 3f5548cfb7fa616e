"""Says where the files that a job names lie: beside the file that names them, or where an archive keeps them.

    path_in(folder, text)     the path that a file of that folder names
    shipped()                 the folder of the presets that ship
    note(path)                tells that a file decides what a job says

All three ask the `Places` of the context: the usual ones, unless `placing` gives others for a block.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

SHIPPED = Path(__file__).parent


class Places:
    """The usual places: a path is relative to the folder of the file that names it."""

    shipped = SHIPPED

    def path_in(self, folder: Path, text: str) -> Path:
        """Returns the path that a file in `folder` names. It need not exist."""
        return folder / text

    def note(self, path: Path) -> None:
        """Is told of a file that decides what a job says: the job itself, a preset, a lock, a policy."""


_PLACES: ContextVar[Places] = ContextVar("places", default=Places())  # noqa: B039  it holds nothing that changes


@contextmanager
def placing(places: Places) -> Iterator[None]:
    """Reads jobs of the block with other places."""
    token = _PLACES.set(places)
    try:
        yield
    finally:
        _PLACES.reset(token)


def path_in(folder: Path, text: str) -> Path:
    """Returns the path that a file in `folder` names."""
    return _PLACES.get().path_in(folder, text)


def shipped() -> Path:
    """Returns the folder of the presets that ship."""
    return _PLACES.get().shipped


def note(path: Path) -> None:
    """Tells that a file decides what a job says."""
    _PLACES.get().note(path)
