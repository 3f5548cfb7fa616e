"""Sets aside what cannot be finished: moves it to DIR/failed, with a file that says why.

    DIR/failed/dog.mp4                 and what lay beside it
    DIR/failed/dog.mp4.reason.json     {"schema": "WatchReason.1", "path", "sha256", "tries", "at", "errors": [...]}

Where the watched folder cannot be written to, the file stays, and the reason is written to OUT/failed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path, PurePath

from post.atomic import sync_folder, write_whole
from post.errors import OutputError, RetryError
from post.unused_name import TakenWhere, unused_name
from post.watch.received import Arrival, Row
from post.watch.scan import DONE, FAILED

REASON, SCHEMA = ".reason.json", "WatchReason.1"
# Of a name: bytes that any disk takes, with room for the hidden file that it is written as; and letters it is cut to.
LONGEST_NAME, CUT_TO = 200, 40


def set_aside(
    folders: tuple[Path, Path], found: Arrival, sha256: str, tries: int, errors: Sequence[Row]
) -> Path | None:
    """Moves something found to the folder of failed ones, with the reason, and returns where it lies now.

    folders: the watched one, and that of the films. Returns None where it could not be moved. Raises OutputError or
    RetryError where the reason could be written to neither.
    """
    folder, out = folders
    said = {
        "schema": SCHEMA, "path": found.path, "sha256": sha256, "tries": tries,
        "at": datetime.now(UTC).isoformat(timespec="seconds"), "errors": list(errors),
    }  # fmt: skip
    text = json.dumps(said, indent=2) + "\n"
    name = _free(folder / FAILED, found)
    try:
        write_whole(folder / FAILED / _reason(name), text, lasting=True)
        _move(folder, FAILED, found, name)
    except (OutputError, RetryError, OSError):
        with suppress(OSError):
            (folder / FAILED / _reason(name)).unlink()
        write_whole(out / FAILED / _reason(found.path), text, lasting=True)
        return None
    return folder / FAILED / name


def _reason(path: str) -> str:
    """Returns the path of the file that says why; a name that would be too long for a disk is cut."""
    name = PurePath(path).name
    if len(os.fsencode(name + REASON)) > LONGEST_NAME:
        name = f"{name[:CUT_TO]}-{hashlib.sha256(os.fsencode(name)).hexdigest()[:12]}"
    return str(PurePath(path).with_name(name + REASON))


def move_done(folder: Path, found: Arrival) -> Path | None:
    """Moves something whose films are made to DIR/done, and returns where it lies now; None where it stayed."""
    name = _free(folder / DONE, found)
    try:
        _move(folder, DONE, found, name)
    except OSError:
        return None
    return folder / DONE / name


def _free(place: Path, found: Arrival) -> str:
    """Returns a name that nothing has there yet: dog.mp4, dog-2.mp4."""
    ending = PurePath(found.path).suffix if found.kind == "clip" else ""
    stem = found.path.removesuffix(ending)
    return unused_name(stem, TakenWhere(lambda name: os.path.lexists(place / f"{name}{ending}"))) + ending


def _move(folder: Path, place: str, found: Arrival, name: str) -> None:
    """Moves a clip, and then what lies beside it; or a job's folder. Nothing that is there is replaced."""
    target = folder / place / name
    target.parent.mkdir(parents=True, exist_ok=True)
    (folder / found.path).rename(target)
    if found.kind == "clip":
        old, new = (str(PurePath(each).with_suffix("")) for each in (found.path, name))
        for beside, _ in found.files[1:]:
            at = folder / place / (new + beside.removeprefix(old))
            if not os.path.lexists(at) and os.path.lexists(folder / beside):
                (folder / beside).rename(at)
    sync_folder(target.parent)
