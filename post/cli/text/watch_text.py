"""Tells a person what happens in a watched folder, one line for each event."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from post.errors import AnswerprintError

Row = Mapping[str, Any]


def watch_lines(event: str, row: Row) -> list[str]:
    """Returns the lines of an event; none for those of `finish`, which a progress bar shows."""
    say = _SAYS.get(event)
    return say(row) if say else []


def error_lines(errors: Sequence[Row]) -> list[str]:
    """Returns a line for each object of `errors`."""
    return [
        str(
            AnswerprintError(
                row["what"], where=row["where"], expected=row["expected"], got=row["got"], fix=row["fix"]
            )
        )
        for row in errors
    ]


def _watching(row: Row) -> list[str]:
    return [f"watching {row['folder']}; films go to {row['out']}; {row['known']} known from before"]


def _again(row: Row) -> list[str]:
    head = f"again {row['path']}: try {row['try']} in {row['in_s']:.0f} s"
    return [head, *(f"  {line}" for line in error_lines(row["errors"]))]


def _failed(row: Row) -> list[str]:
    place = row["moved_to"] or "it stays there, and is not tried again"
    return [f"set aside {row['path']}: {place}", *(f"  {line}" for line in error_lines(row["errors"]))]


def _unapproved(row: Row) -> list[str]:
    head = f"{row['path']} waits for approval: {', '.join(row['candidates'])}"
    return [head, *(f"  {line}" for line in (*row["rejected"], *error_lines(row["errors"])))]


def _paused(row: Row) -> list[str]:
    return [
        f"paused for {row['in_s']:.0f} s; nothing is lost",
        *(f"  {line}" for line in error_lines(row["errors"])),
    ]


def _stopped(row: Row) -> list[str]:
    return [
        f"stopped: {row['finished']} finished, {row['failed']} set aside, {row['duplicates']} there before, "
        f"{row['pending']} waiting, {row['unapproved']} waiting for approval"
    ]


_SAYS: Mapping[str, Callable[[Row], list[str]]] = {
    "watching": _watching,
    "polling": lambda row: [
        f"no events from {row['folder']} ({row['why']}): it is looked at again and again"
    ],
    "left": lambda row: [f"left {row['path']}: {row['why']}"],
    "waiting": lambda row: [f"waiting for {row['path']}: {row['why']}"],
    "taken": lambda row: [f"took {row['path']}"],
    "finished": lambda row: [f"finished {row['path']}: {', '.join(row['films'])}"],
    "duplicate": lambda row: [f"{row['path']} is {row['of']} again"],
    "renamed": lambda row: [f"{row['path']} was {row['of']}"],
    "changed": lambda row: [f"{row['path']}: {row['why']}"],
    "unapproved": _unapproved,
    "again": _again,
    "failed": _failed,
    "paused": _paused,
    "stopped": _stopped,
}
