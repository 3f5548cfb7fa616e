"""Tells cheaply whether any of several files is another one than before: by what the system says of each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from post.engine.file_state import state_of


@dataclass(frozen=True, slots=True)
class FileSet:
    """Files as they were once. paths: of them, in order; state: a digest of what the system said of each, "" where that
    is not known."""

    paths: tuple[str, ...] = ()
    state: str = ""

    @classmethod
    def now(cls, paths: Iterable[Path | str]) -> FileSet:
        """Returns files as they are. A file that is not there has a state too."""
        listed = tuple(sorted({str(path) for path in paths}))
        told = repr([_state(Path(path)) for path in listed])
        return cls(listed, hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest())

    @property
    def changed(self) -> bool:
        """Whether any of the files is another one now, came, or went."""
        return FileSet.now(self.paths) != self


NO_FILES = FileSet()


def _state(path: Path) -> tuple[object, ...] | None:
    try:
        return tuple(state_of(path))[2:]  # a mount has another device at another time
    except OSError:
        return None
