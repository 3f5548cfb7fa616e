"""Looks at a watched folder: which clips and jobs' folders lie there now."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from post.watch.names import JOB, is_clip, is_passing, sidecar_names
from post.watch.received import Arrival, Stamp

FAILED, DONE = "failed", "done"  # folders of the watched folder that are ours
DEEPEST = 16  # folders in folders; more is a mistake or an attack


@dataclass(frozen=True, slots=True)
class FolderLook:
    """One look at a folder. found: in the order of their paths; left: what is not taken, each with the reason."""

    found: tuple[Arrival, ...]
    left: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Folder:
    """What one folder holds. files: name and stamp; folders: by name."""

    files: dict[str, Stamp] = field(default_factory=dict)
    folders: dict[str, _Folder] = field(default_factory=dict)


def look_at(folder: Path, ours: Iterable[Path] = ()) -> FolderLook:
    """Returns what lies in a folder and in its folders. ours: folders that are passed over, such as that of the films.

    Links are not followed, so nothing outside of the folder is ever read or moved. What goes while it is looked at is
    not found. Raises OSError where the folder itself cannot be read.
    """
    left: list[tuple[str, str]] = []
    passed = {os.path.realpath(each) for each in (*ours, folder / FAILED, folder / DONE)}
    root = _Reading(frozenset(passed), left).read(str(folder))
    found = [*_clips_of("", root, lambda name: _still(_with_sidecars(name, root)))]
    if JOB in root.files:
        left.append((JOB, "a job at the top of a watched folder; put it into a folder of its own"))
    for name, below in sorted(root.folders.items()):
        stillness = _still(_all_files(name, below))
        found += _in_folder(name, below, stillness)
    return FolderLook(tuple(sorted(found, key=lambda each: each.path)), tuple(left))


@dataclass(frozen=True, slots=True)
class _Reading:
    """passed: folders that are passed over; left: what is not taken, with the reason."""

    passed: frozenset[str]
    left: list[tuple[str, str]]

    def read(self, place: str, below: str = "", depth: int = 0) -> _Folder:
        """Returns what a folder holds. Raises OSError where the first one cannot be read."""
        found = _Folder()
        try:
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except OSError:
            if not below:
                raise
            return found  # it is gone, or is not for us to read
        for entry in entries:
            with suppress(OSError):  # it has gone
                self._enter(entry, found, below, depth)
        return found

    def _enter(self, entry: os.DirEntry[str], found: _Folder, below: str, depth: int) -> None:
        path, about = _inside(below, entry.name), entry.stat(follow_symlinks=False)
        if stat.S_ISLNK(about.st_mode):
            self.left.append((path, "a link; put the file itself there"))
        elif stat.S_ISDIR(about.st_mode):
            if depth < DEEPEST and os.path.realpath(entry.path) not in self.passed:
                found.folders[entry.name] = self.read(entry.path, path, depth + 1)
        elif not stat.S_ISREG(about.st_mode):
            self.left.append((path, "a pipe, a socket or a device"))
        else:
            found.files[entry.name] = Stamp(about.st_size, about.st_mtime_ns, about.st_ino)
            if not below and not is_passing(entry.name) and not _is_known(entry.name):
                self.left.append((path, "not the name of a clip"))


def _is_known(name: str) -> bool:
    return is_clip(name) or name == JOB or name.lower().endswith((".json", ".yaml", ".yml", ".c2pa"))


def _in_folder(name: str, folder: _Folder, stillness: str) -> Iterator[Arrival]:
    """Yields what is in a folder of the watched one. All of it waits until that whole folder stands still: its clips
    may be those of a job whose file is copied last."""
    if is_passing(name.rpartition(os.sep)[2]):
        return
    if JOB in folder.files:
        files = sorted(_all_files(name, folder))
        job = _inside(name, JOB)
        files.sort(key=lambda row: row[0] != job)
        yield Arrival("job", name, tuple(files), stillness)
        return
    yield from _clips_of(name, folder, lambda _: stillness)
    for inner, below in sorted(folder.folders.items()):
        yield from _in_folder(_inside(name, inner), below, stillness)


def _clips_of(below: str, folder: _Folder, stillness: Callable[[str], str]) -> Iterator[Arrival]:
    for name in sorted(folder.files):
        if is_clip(name):
            files = tuple((_inside(below, each), stamp) for each, stamp in _with_sidecars(name, folder))
            yield Arrival("clip", _inside(below, name), files, stillness(name))


def _with_sidecars(clip: str, folder: _Folder) -> list[tuple[str, Stamp]]:
    beside = [name for name in sidecar_names(clip) if name in folder.files]
    return [(name, folder.files[name]) for name in (clip, *beside)]


def _all_files(below: str, folder: _Folder) -> Iterator[tuple[str, Stamp]]:
    for name, stamp in folder.files.items():
        yield _inside(below, name), stamp
    for name, inner in folder.folders.items():
        yield from _all_files(_inside(below, name), inner)


def _still(files: Iterable[tuple[str, Stamp]]) -> str:
    """Returns a digest of names and stamps: it is another one when anything came, went or changed."""
    made = hashlib.sha256()
    for name, stamp in sorted(files):
        made.update(os.fsencode(name) + b"\0" + repr(tuple(stamp)).encode() + b"\0")
    return made.hexdigest()


def _inside(folder: str, name: str) -> str:
    """Returns the path of a name in a folder; plain text, for a look makes it of every file each time."""
    return f"{folder}{os.sep}{name}" if folder else name
