"""Names what is told while films are made, with its fields, so that other programs can follow (`finish --events`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

# The kinds of values: text, number, truth, texts (a list), errors and films (lists of objects); `text?` may be null.
# Every event also has `at` (UTC, ISO 8601), `seq` (from 1 on, without gaps) and `event`; during a watch those of
# `finish` also have `item`, the path of what it works on.
FINISH_EVENTS: Mapping[str, Mapping[str, str]] = {
    "start": {"command": "text", "job": "text", "out": "text"},
    "planned": {"films": "texts", "segments": "number", "kept": "number", "to_make": "number"},
    "result": {"name": "text", "shot": "text", "key": "text", "made": "truth", "done": "number", "total": "number"},
    "joined": {"film": "text", "segments": "number", "bytes": "number"},
    "checked": {"film": "text", "frames": "number"},
    "signed": {"film": "text", "path": "text"},
    "kept": {"film": "text", "path": "text"},
    "done": {"command": "text", "seconds": "number", "films": "films"},
    "error": {"command": "text", "exit_code": "number", "errors": "errors"},
}  # fmt: skip
# An object of `errors`, and one of `films`.
ERROR_FIELDS = ("exit_code", "where", "what", "expected", "got", "fix")
FILM_FIELDS = ("name", "path", "sha256")


class Tell(Protocol):
    """Tells an event, by one of these names, with its fields."""

    def __call__(self, event: str, /, **fields: object) -> None: ...


def quiet(event: str, /, **fields: object) -> None:
    """Tells nobody."""
