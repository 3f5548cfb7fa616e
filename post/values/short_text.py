"""Writes a value in few words for people, as a job file would say it; counts the edits between two texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import NoneType
from typing import Any

from post.values.media import File

NOTHING = "none"


def short_text(value: object) -> str:
    """Returns a knob's value, or what JSON holds of it, in few words.

    "true", "false"; "none" for None, empty text and an empty list; a list's parts with spaces between; a
    fraction to six digits; a file's name, or the start of its digest where it has none.
    """
    return next(write(value) for kind, write in _WRITERS if isinstance(value, kind)) or NOTHING


def _list(value: Sequence[object]) -> str:
    return " ".join(map(short_text, value))


def _mapping(value: Mapping[str, object]) -> str:
    """Returns the name of a file as JSON holds it, or all of any other mapping."""
    if set(value) == {"sha256", "name"}:
        return str(value["name"]) or str(value["sha256"])[:12]
    return "{" + ", ".join(f"{key}: {short_text(item)}" for key, item in value.items()) + "}"


# The first kind that a value is of. A bool is an int too.
_WRITERS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (NoneType, lambda _: ""),
    (bool, lambda value: "true" if value else "false"),
    (float, lambda value: f"{value:g}"),
    (File, lambda value: value.name or value.sha256[:12]),
    (Mapping, _mapping),
    (list, _list),
    (tuple, _list),
    (object, str),
)


def edit_count(one: str, other: str) -> int:
    """Returns how many letters must be put in, left out or changed to make one text the other."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row[0] = row[0], at
        for to, against in enumerate(other, 1):
            before, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, before + (letter != against))
    return row[-1]
