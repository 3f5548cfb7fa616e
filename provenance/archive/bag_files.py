"""Lists what lies in the folder of a bag, without following anything, and hashes it within limits."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from post.atomic import open_regular

MOST_FILES = 200_000
DEEPEST = 64
BLOCK_BYTES = 1 << 20
# A file that takes a thousandth of its size on the disk is no film: hashing a terabyte of nothing takes an hour.
_HOLES_FROM_BYTES, _HOLES_SHARE, _DISK_BLOCK = 1 << 30, 1000, 512


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One entry of a bag's folder. path: relative to the bag, with / between its steps; why: "" for a file that can be
    read, else why it cannot be, in words; code: of that fault."""

    path: str
    bytes: int = 0
    code: str = ""
    why: str = ""


def find_files(folder: Path) -> Iterator[FoundFile]:
    """Yields every entry below a folder that is not a folder itself, in order of paths. Raises OSError where a folder
    cannot be read. It stops, with a fault, after MOST_FILES entries."""
    for count, found in enumerate(_below(folder, "", 0)):
        if count >= MOST_FILES:
            yield FoundFile(found.path, 0, "too-many", f"the bag holds more than {MOST_FILES} files")
            return
        yield found


def _below(folder: Path, inside: str, depth: int) -> Iterator[FoundFile]:
    with os.scandir(folder) as listed:
        entries = sorted(listed, key=lambda each: each.name)
    for entry in entries:
        path = f"{inside}{entry.name}"
        if entry.is_symlink():
            yield FoundFile(path, 0, "link", "a link, which may lead anywhere")
        elif not entry.is_dir(follow_symlinks=False):
            yield _described(path, entry.stat(follow_symlinks=False))
        elif depth >= DEEPEST:
            yield FoundFile(path, 0, "too-deep", f"folders are nested more than {DEEPEST} deep")
        else:
            yield from _below(folder / entry.name, f"{path}/", depth + 1)


def _described(path: str, about: os.stat_result) -> FoundFile:
    if not stat.S_ISREG(about.st_mode):
        return FoundFile(path, 0, "special-file", "a device, a pipe or a socket")
    size, taken = about.st_size, getattr(about, "st_blocks", about.st_size) * _DISK_BLOCK
    if size > _HOLES_FROM_BYTES and taken * _HOLES_SHARE < size:
        return FoundFile(path, size, "holes", f"{size} bytes that take {taken} on the disk: it is holes")
    return FoundFile(path, size)


def hash_file(path: Path, algorithms: Iterable[str]) -> dict[str, str]:
    """Returns the digests of a file, by algorithm, in hex digits. Raises OSError for a link and what is no file."""
    told = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
    with open_regular(path, follow=False) as source:
        while block := source.read(BLOCK_BYTES):
            for each in told.values():
                each.update(block)
    return {name: each.hexdigest() for name, each in told.items()}
