"""Remembers the heads of the logs that this user has seen, in the user's settings: no log may fall behind one, and
none may take the place of another.

Who can write to a job's folder can cut its log short; the settings are another place.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from post.atomic import read_bounded, real_path, write_whole
from post.errors import JobError
from provenance.approval.reading import KnownHead
from provenance.approval.statement import LogPoint
from provenance.approval.strict import canonical_json, is_sha256
from provenance.record.strict_json import read_bytes

FOLDER = "approval-heads"
MOST_BYTES = 4096


def known_heads(config: Path, log: str) -> tuple[KnownHead, ...]:
    """Returns the head of a log that this user has seen last; () where none is known. log: its ID."""
    place = _place(config, log)
    try:
        found: Any = read_bytes(read_bounded(place, MOST_BYTES), str(place))
        number, head = found["number"], found["head"]
    except (OSError, JobError, KeyError, TypeError):
        return ()
    if type(number) is not int or not is_sha256(head):
        return ()
    return ((LogPoint(number, head), "this user's settings"),)


def heads_in_receipts(receipts: Mapping[str, Any]) -> tuple[tuple[str, KnownHead], ...]:
    """Returns the heads of logs that a folder's receipts name, each after its log's ID; () where there are none."""
    rows = [row for each in receipts.get("receipts", ()) for row in each.get("approvals") or ()]
    return tuple(
        (row[6], (LogPoint(int(row[4]), row[5]), "a receipt"))
        for row in rows
        if len(row) == 7 and str(row[4]).isdecimal() and is_sha256(row[5])
    )


def remember_head(config: Path, log: str, head: LogPoint) -> None:
    """Remembers the head of a log. Raises OutputError or RetryError where it cannot be written."""
    before = known_heads(config, log)
    if not before or before[0][0].number < head.number:
        write_whole(
            _place(config, log), canonical_json({"head": head.head, "number": head.number}), lasting=True
        )


def known_log(config: Path, folder: Path) -> str:
    """Returns the ID of the log that this user has seen in a folder; "" where none is known."""
    place = _place_of(config, folder)
    try:
        found: Any = read_bytes(read_bounded(place, MOST_BYTES), str(place))
        return found["log"] if isinstance(found["log"], str) else ""
    except (OSError, JobError, KeyError, TypeError):
        return ""


def remember_log(config: Path, folder: Path, log: str) -> None:
    """Remembers which log lies in a folder. Raises OutputError or RetryError where it cannot be written."""
    if known_log(config, folder) != log:
        write_whole(_place_of(config, folder), canonical_json({"log": log}), lasting=True)


def _place_of(config: Path, folder: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(real_path(folder))).hexdigest()
    return config / FOLDER / f"at-{digest}.json"


def _place(config: Path, log: str) -> Path:
    return config / FOLDER / f"{log}.json"
