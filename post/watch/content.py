"""Reads what was found: its digest, and whether it is still what was found."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from post.atomic import checksum
from post.watch.received import Arrival, Stamp


def content_of(folder: Path, found: Arrival) -> str:
    """Returns the sha256 of a clip, without its sidecars; of a job's folder, one made of its files' and their names.

    Raises OSError where one cannot be read.
    """
    if found.kind == "clip":
        return checksum(folder / found.path).sha256
    made = hashlib.sha256(b"answerprint/job-folder.1\0")
    for path, _ in sorted(found.files):
        name = os.path.relpath(path, found.path)
        made.update(os.fsencode(name) + b"\0" + checksum(folder / path).sha256.encode() + b"\0")
    return made.hexdigest()


def is_as_found(folder: Path, found: Arrival) -> bool:
    """Returns whether every file is there and as it was found."""
    return all(_stamp(folder / path) == stamp for path, stamp in found.files)


def _stamp(path: Path) -> Stamp | None:
    try:
        about = path.lstat()
    except OSError:
        return None
    return Stamp(about.st_size, about.st_mtime_ns, about.st_ino) if stat.S_ISREG(about.st_mode) else None
