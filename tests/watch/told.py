"""Reads events, and holds each to the table of events."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from post.engine.events import ERROR_FIELDS, FILM_FIELDS, FINISH_EVENTS
from post.watch.events import EVENTS

Row = dict[str, Any]


def objects(names: tuple[str, ...]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(set(row) == set(names) for row in value)


KINDS: Mapping[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "text?": lambda value: value is None or isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "truth": lambda value: isinstance(value, bool),
    "texts": lambda value: isinstance(value, list) and all(isinstance(each, str) for each in value),
    "errors": objects(ERROR_FIELDS),
    "films": objects(FILM_FIELDS),
}


def faults(event: str, fields: Mapping[str, Any]) -> list[str]:
    """Returns what is wrong with an event's own fields."""
    kinds = EVENTS[event]
    odd = [f"{event}: {name}" for name in set(fields) ^ set(kinds)]
    return odd + [
        f"{event}.{name} = {fields[name]!r}"
        for name in fields
        if name in kinds and not KINDS[kinds[name]](fields[name])
    ]


def read_events(path: Path, *, watching: bool = False) -> list[Row]:
    """Returns the events of one run in a file, each of which is as the table says."""
    rows: list[Row] = [json.loads(line) for line in path.read_text("ascii").splitlines()]
    found: list[str] = []
    for number, row in zip(count(1), rows, strict=False):
        fields = dict(row)
        at, seq, event = fields.pop("at"), fields.pop("seq"), fields.pop("event")
        assert datetime.fromisoformat(at).tzinfo is not None
        assert seq == number
        if watching and event in FINISH_EVENTS:
            assert isinstance(fields.pop("item", None), str) or event == "error"
        found += faults(event, fields)
    assert found == []
    return rows


def named(rows: list[Row], event: str) -> list[Row]:
    return [row for row in rows if row["event"] == event]
