"""Removes candidates that wait no more: only files that the receipt beside them names, as it says that they are.

A candidate goes once its film is released, and once its job has no film of that name any more.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from post.atomic import checksum, write_whole
from post.deliver.finish import Deliverable
from post.deliver.output_set import CANDIDATES, LOCK, RECEIPT, REPORT, read_receipts
from post.errors import OutputError, RetryError
from post.os_faults import writing
from post.owned import owned


@dataclass(frozen=True, slots=True)
class JobNames:
    """What a job has. file: the name of its file; films: the names of all its films; released: of those released."""

    file: str
    films: Collection[str]
    released: Collection[str] = ()


def files_row(made: Deliverable) -> list[dict[str, str]]:
    """Returns every file of a candidate as its receipt names it: below its folder, with the SHA-256."""
    folder = made.path.parent
    beside = [(each.path, each.sha256) for each in made.sidecars]
    stems = [(each.path, each.file.sha256) for each in made.stems]
    return [
        {"file": path.relative_to(folder).as_posix(), "sha256": sha256}
        for path, sha256 in ((made.path, made.sha256), *beside, *stems)
    ]


def remove_candidates(folder: Path, job: JobNames) -> None:
    """Removes a job's candidates that wait no more from a folder, and the folder once nothing else is in it.

    What somebody put there, or changed, stays. Another run that makes candidates there keeps all of them for now.
    """
    if not (folder / RECEIPT).is_file():
        return
    # The films are released: what cannot be removed is no fault of theirs, and the next run removes it.
    with suppress(OutputError, RetryError):
        with owned(folder / LOCK, str(folder)):
            _remove(folder, job)
        with suppress(OSError):
            folder.rmdir()


def _remove(folder: Path, job: JobNames) -> None:
    receipts = read_receipts(folder / RECEIPT, CANDIDATES)
    rows: list[dict[str, Any]] = receipts.get("receipts", [])
    gone = [row for row in rows if row.get("job_file") == job.file and _waits_no_more(row["name"], job)]
    if not gone:
        return
    left = [row for row in rows if row not in gone]
    kept = {row["file"] for other in left for row in _files(other)}
    with writing(folder):
        for row in (row for each in gone for row in _files(each)):
            if row["file"] not in kept:
                _unlink(folder, row)
        if left:
            text = json.dumps({**receipts, "receipts": left}, indent=2, ensure_ascii=False) + "\n"
            write_whole(folder / RECEIPT, text, lasting=True)
        else:
            (folder / REPORT).unlink(missing_ok=True)
            (folder / RECEIPT).unlink()


def _waits_no_more(film: str, job: JobNames) -> bool:
    return film in job.released or film not in job.films


def _files(row: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    """Yields the files that a receipt names, none outside of its folder."""
    for each in row.get("files", ()):
        parts = PurePosixPath(each["file"]).parts
        if 0 < len(parts) <= 2 and not {"..", "/"}.intersection(parts):
            yield each


def _unlink(folder: Path, row: Mapping[str, str]) -> None:
    """Removes a file that holds what its receipt says, and its own folder once that is empty."""
    path = folder / row["file"]
    inside = path.parent
    with suppress(OSError):
        regular = stat.S_ISREG(path.lstat().st_mode) and not inside.is_symlink()
        if regular and checksum(path).sha256 == row["sha256"]:
            path.unlink()
            if inside != folder:
                inside.rmdir()
