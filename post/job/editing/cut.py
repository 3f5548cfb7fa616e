"""Edits the cut of a job's text: shots are changed, moved, added and taken out; all else stays as it is, with comments.

Comments and blank lines above a shot go with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml.nodes import MappingNode, SequenceNode

from post.errors import JobError
from post.job.editing.text import end_of, with_takes
from post.job.yaml_text import flow_text, scalar
from presets.yaml_nodes import Written, compose, read_text

_BARE_BREAK = re.compile(r"(?<!\r)\n")
Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class NewShot:
    """A shot of the new cut. old: its place in the old cut, None for a new one; entry, before: what it says, and said
    there."""

    old: int | None
    entry: Mapping[str, Any]
    before: Mapping[str, Any] = field(default_factory=dict)


def changed_text(path: Path, shots: Sequence[NewShot], added: Mapping[str, Mapping[str, Any]]) -> str:
    """Returns the text of a job file with another cut, and with takes added; nothing is written.

    added: the fields of each new take, by its name. Raises JobError where that would change anything else.
    """
    file, before = Written(path, str(path)), path.read_bytes().decode()
    after = with_cut(before, shots, file)
    if added:
        after = with_takes(after, {name: dict(fields) for name, fields in added.items()}, path)
    was, now = (read_text(each, file).plain() for each in (before, after))
    takes = {"takes": {**(was.get("takes") or {}), **added}} if added else {}
    if now != {**was, **takes, "cut": [dict(each.entry) for each in shots]}:
        raise JobError(
            "the cut cannot be changed without changing more", where=str(path),
            fix="write the shots of this job one a line, without anchors",
        )  # fmt: skip
    return after


def with_cut(text: str, shots: Sequence[NewShot], file: Written) -> str:
    """Returns a job's text with another cut. file: for errors.

    Raises JobError where the cut is written in a way that is not known here: then nothing is changed.
    """
    skip = len(text) - len(text.removeprefix("\ufeff"))
    body, breaks = text[skip:], "\r\n" if "\r\n" in text else "\n"
    root = compose(body, file)
    key, cut = next(((key, value) for key, value in root.value if key.value == "cut"), (None, None))
    if not isinstance(cut, SequenceNode) or not cut.value:
        raise JobError("no cut to change", where=file.label, expected="cut: and shots, one a line")
    if cut.flow_style:
        start, stop = cut.start_mark.index, cut.end_mark.index
        return text[: skip + start] + _in_brackets(body, cut, shots, file) + text[skip + stop :]
    chunks = list(_chunks(body, key, cut))
    indent = " " * cut.start_mark.column
    made = []
    for each in shots:
        if each.old is None:
            made.append(f"{indent}- {flow_text(each.entry)}{breaks}")
            continue
        start, stop = chunks[each.old]
        item = cut.value[each.old]
        first, last = item.start_mark.index, _end(item, body)
        shot = _BARE_BREAK.sub(breaks, _shot(body, item, each))
        made.append(body[start:first] + shot + body[last:stop])
    made = [piece if piece.endswith("\n") else piece + breaks for piece in made]
    return text[: skip + chunks[0][0]] + "".join(made) + text[skip + chunks[-1][1] :]


def _in_brackets(body: str, cut: Any, shots: Sequence[NewShot], file: Written) -> str:
    """Returns a cut that is written in brackets. Where no shot comes, goes or moves, what lies between them stays.

    Raises JobError where comments between its shots would be lost.
    """
    pieces = [
        flow_text(each.entry) if each.old is None else _shot(body, cut.value[each.old], each)
        for each in shots
    ]
    places = [
        cut.start_mark.index,
        *(at for item in cut.value for at in (item.start_mark.index, _end(item, body))),
    ]
    between = [body[a:b] for a, b in zip(places[::2], [*places[1::2], cut.end_mark.index], strict=True)]
    if [each.old for each in shots] == list(range(len(cut.value))):
        return between[0] + "".join(piece + after for piece, after in zip(pieces, between[1:], strict=True))
    if any("#" in each for each in between):
        raise JobError(
            "comments between shots in brackets", where=f"{file.label}:{cut.start_mark.line + 1}: cut",
            expected="shots one a line, each after a dash, so that comments move with them", fix="write them so",
        )  # fmt: skip
    return "[" + ", ".join(pieces) + "]"


def _chunks(body: str, key: Any, cut: Any) -> Iterator[tuple[int, int]]:
    """Yields where each shot's text starts and ends: whole lines, with the comments above it."""
    start = body.find("\n", key.end_mark.index) + 1
    for item in cut.value:
        line = body.find("\n", _end(item, body))
        stop = len(body) if line < 0 else line + 1
        yield start, stop
        start = stop


def _end(item: Any, body: str) -> int:
    if not isinstance(item, MappingNode) or item.flow_style or not item.value:
        return len(body[: item.end_mark.index].rstrip())
    return end_of(item, body)


def _shot(body: str, item: Any, shot: NewShot) -> str:
    """Returns the text of a shot as it is now, with what stays as it was written."""
    start, stop = item.start_mark.index, _end(item, body)
    if not isinstance(item, MappingNode):
        return flow_text(shot.entry)
    added = _in_flow if item.flow_style else _in_block
    edits = sorted(
        (*_changed(body, item, shot), *_removed(body, item, shot.entry), *added(body, item, shot.entry))
    )
    text, here = "", start
    for first, last, piece in edits:
        text += body[here:first] + piece
        here = last
    return text + body[here:stop]


def _changed(body: str, item: Any, shot: NewShot) -> Iterator[Edit]:
    for key, value in item.value:
        if key.value in shot.entry and shot.entry[key.value] != shot.before.get(key.value):
            first = value.start_mark.index
            last = max(first, len(body[: _value_end(value, body)].rstrip()))
            yield first, last, flow_text(shot.entry[key.value])


def _removed(body: str, item: Any, entry: Mapping[str, Any]) -> Iterator[Edit]:
    """Yields the edits that take keys out, each with what lies between it and the next; of the last ones, what lies
    between them and the last that stays."""
    rows = item.value
    stays = [number for number, (key, _) in enumerate(rows) if key.value in entry]
    last = stays[-1] if stays else -1
    for number, (key, _) in enumerate(rows[: last + 1]):
        if key.value not in entry:
            yield key.start_mark.index, rows[number + 1][0].start_mark.index, ""
    if last + 1 < len(rows):
        first = _value_end(rows[last][1], body) if stays else rows[0][0].start_mark.index
        yield first, _value_end(rows[-1][1], body), ""


def _value_end(value: Any, body: str) -> int:
    if isinstance(value, MappingNode | SequenceNode) and not value.flow_style and value.value:
        return end_of(value, body)
    return int(value.end_mark.index)


def _in_flow(body: str, item: Any, entry: Mapping[str, Any]) -> Iterator[Edit]:
    known = {key.value for key, _ in item.value}
    fresh = {key: value for key, value in entry.items() if key not in known}
    if fresh:
        at = len(body[: item.end_mark.index - 1].rstrip())
        comma = ", " if known & set(entry) else ""
        yield at, at, comma + flow_text(fresh)[1:-1]


def _in_block(body: str, item: Any, entry: Mapping[str, Any]) -> Iterator[Edit]:
    known = {key.value for key, _ in item.value}
    indent = " " * item.value[0][0].start_mark.column
    fresh = [(key, value) for key, value in entry.items() if key not in known]
    if fresh:
        at = _end(item, body)
        yield at, at, "".join(f"\n{indent}{scalar(key)}: {flow_text(value)}" for key, value in fresh)
