"""Reads what lies in a folder of films: nothing is opened but the receipt and, where one is named, an events file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from post.agents.folders import ServedFolders
from post.atomic import open_regular
from post.errors import JobError, SourceError
from provenance.record.strict_json import read_file

RECEIPT, REPORT, LOCK = "receipt.json", "report.html", ".answerprint.lock"
FILMS = (".mp4", ".mov", ".mkv")
TAIL_BYTES = 256 << 10


def read_folder(folder: Path, events: Path | None, folders: ServedFolders) -> dict[str, Any]:
    """Returns the values of a StatusAnswer. events: the file that `finish --events` writes.

    Raises JobError where the folder is none, SourceError for a receipt or an events file that cannot be read.
    """
    if not folder.is_dir():
        raise JobError("no folder", where="folder", got=str(folder), fix="name the folder of `finish -o`")
    receipt = folder / RECEIPT
    told = _receipt(folders.inside(receipt, "folder")) if receipt.exists() else {}
    rows = [
        {"name": each.stem, "file": each.name, "bytes": each.stat().st_size, "receipt": each.stem in told}
        for each in sorted(folder.iterdir())
        if each.suffix.lower() in FILMS and each.is_file()
    ]
    last, errors = _last_event(events) if events else (None, [])
    return {
        "folder": str(folder), "films": rows, "receipt": receipt.exists(), "report": (folder / REPORT).exists(),
        "locked": (folder / LOCK).exists(), "last_event": last, "errors": errors,
    }  # fmt: skip


def _receipt(path: Path) -> set[str]:
    """Returns the names of the films that a receipt tells of."""
    told = read_file(path)
    rows = told.get("receipts") if isinstance(told, dict) else None
    if not isinstance(rows, list):
        raise SourceError("no receipt", where=str(path), expected="a receipt that `finish` wrote")
    return {str(row["name"]) for row in rows if isinstance(row, dict) and "name" in row}


def _last_event(path: Path) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """Returns the last event of a file, and the errors of the last run in it."""
    try:
        with open_regular(path) as file:  # a pipe would wait for its writer
            file.seek(max(0, os.fstat(file.fileno()).st_size - TAIL_BYTES))
            lines = file.read(TAIL_BYTES).splitlines()
    except OSError as fault:
        raise SourceError("the events cannot be read", where=str(path), got=fault.strerror) from fault
    rows = list(_events(lines))
    if not rows:
        return None, []
    errors = rows[-1].get("errors", [])
    return rows[-1], errors if isinstance(errors, list) else []


def _events(lines: list[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        with suppress(ValueError, RecursionError):  # the first may be half a line, the last is written now
            row = json.loads(line)
            if isinstance(row, dict) and "event" in row:
                yield row
