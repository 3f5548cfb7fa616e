"""Pins the folders of a task's files, so that no folder of another name can take their place while they are read.

A path is looked up again each time it is opened, and whoever renames a folder on it has another file opened. On Linux
a file is opened through a handle of its folder instead; its own state tells of all that happens in that folder.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from post.engine.file_state import FileState, changed_meanwhile, refuse_touched
from post.errors import SourceError
from post.naming import Shown, naming

HANDLES = Path("/proc/self/fd")
# Handles stay open: readers are kept by path between tasks, and a path of a handle must never lead to another folder.
_pinned: dict[tuple[Path, int, int], int] = {}
_lock = Lock()


@contextmanager
def pinned(files: Mapping[str, Path], states: Iterable[FileState]) -> Iterator[dict[str, Path]]:
    """Gives the files, by the same keys, at paths that lead to the same folders whatever is renamed in the block.

    states: of the files, as they were when they were hashed. Raises SourceError at the end of the block where a file
    is not in its state; errors of the block name the files where they lie.
    """
    states = tuple(states)
    places = {path.parent: _pinned_folder(path) for path in files.values()}
    shown = {str(pin): Shown(str(folder)) for folder, pin in places.items() if pin != folder}
    now = [_within(state, places) for state in states]
    with naming(shown):
        try:
            yield {key: places[path.parent] / path.name for key, path in files.items()}
        except SourceError:  # a file that cannot be read may be one that has changed, which says more
            refuse_touched(now)
            raise
        refuse_touched(now)


def _within(state: FileState, places: Mapping[Path, Path]) -> FileState:
    path = Path(state.path)
    return state._replace(path=str(places.get(path.parent, path.parent) / path.name))


def _pinned_folder(path: Path) -> Path:
    """Returns what `_pin` returns of a file's folder. Raises SourceError where that is gone, and the file with it."""
    try:
        return _pin(path.parent)
    except (FileNotFoundError, NotADirectoryError):
        raise changed_meanwhile(path, "the file that was hashed", "") from None


def _pin(folder: Path) -> Path:
    """Returns a path to a folder that stays the same folder's; its own where the system has no such paths."""
    if not HANDLES.is_dir():
        return folder
    with _lock:
        try:
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as fault:
            if fault.errno in (errno.EMFILE, errno.ENFILE):  # one of a thousand folders
                return folder
            raise
        found = os.fstat(handle)
        known = _pinned.setdefault((folder, found.st_dev, found.st_ino), handle)
        if known != handle:
            os.close(handle)
        return HANDLES / str(known)
