"""Writes chosen takes into the cut of a job file that people wrote. All else in the file stays, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml.nodes import MappingNode, SequenceNode

from post.atomic import real_path
from post.errors import JobError
from post.job.edit import end_of, replace_text
from post.job.table.schema_table import FORMS
from post.job.yaml_text import scalar
from post.owned import editing
from presets import Node
from presets.yaml_nodes import Written, compose, read, read_text

# Keys that give a shot another length than its source has: their shots keep `out` in place of `length`.
RETIMED = ("speed", "fit", "freeze", "reverse")
# Of the two keys that end a shot, the one that stands for the other.
_OTHER = {"length": "out", "out": "length"}
_NAME = "id" if "id" in FORMS["cut"].keys else "name"
Edit = tuple[int, int, str]  # a part of the text, from and to, and what replaces it


@dataclass(frozen=True, slots=True)
class Select:
    """A part of a take that is chosen for a shot.

    shot: the shot's id or name; start, stop, length: of the part, as durations of a job file, in source time.
    """

    shot: str
    take: str
    start: str
    stop: str
    length: str


def write_selects(job: Path, selects: Sequence[Select], order: Mapping[str, int]) -> tuple[str, ...]:
    """Writes selects into a job's cut, and returns for each "changed" or "added".

    A shot of that name gets the take and its range; where there is none, one is added in the order of the brief.
    order: the place in the brief of each beat, and of each take that was made for one. The file is replaced as a whole
    or not at all. Raises JobError if it cannot be read, or its layout is not known here; OutputError or RetryError if
    it cannot be written.
    """
    path = real_path(job)
    file = Written(path, str(job))
    read(file)  # what is no job is said before there is a lock beside it
    with editing(path):
        read(file)
        text, done = path.read_bytes().decode(), list[str]()
        for select in selects:
            text, what = _written(text, select, order, file)
            done.append(what)
        replace_text(path, text)
    return tuple(done)


def shot_names(cut: Node) -> list[str]:
    """Returns the name of every shot of a cut as the loader has them: its id or name, or its take's, numbered."""
    names = list[str]()
    for item in cut.items:
        said = item.mapping.get("id") or item.mapping.get("name") or item.mapping.get("take") or item
        name, count = said.text, 1
        while name in names:
            count += 1
            name = f"{said.text}-{count}"
        names.append(name)
    return names


def _written(text: str, select: Select, order: Mapping[str, int], file: Written) -> tuple[str, str]:
    """Returns the text with one select in it, and whether its shot was "changed" or "added"."""
    skip = len(text) - len(text.removeprefix("\ufeff"))
    body, breaks = text[skip:], "\r\n" if "\r\n" in text else "\n"
    before = read_text(body, file)
    plain = before.plain()
    shots, cut = plain["cut"], _cut_of(compose(body, file))
    names = shot_names(before.mapping["cut"])
    if select.shot in names:
        at = names.index(select.shot)
        item = cut.value[at] if isinstance(cut, SequenceNode) else None
        fields = _fields(select, shots[at])
        if select.take != select.shot and not ("id" in shots[at] or "name" in shots[at]):
            fields[_NAME] = select.shot  # it was known by its take's name, and keeps it
        edits = list(_changes(body, item, fields)) if isinstance(item, MappingNode) else []
        kept = {key: value for key, value in shots[at].items() if _OTHER.get(key) not in fields}
        shots[at], what = {**kept, **fields}, "changed"
    else:
        at = _place(select.shot, names, shots, order)
        fields = {_NAME: select.shot, **_fields(select, {})}
        edits = [_added(body, cut, at, fields)] if isinstance(cut, SequenceNode) else []
        shots.insert(at, fields)
        what = "added"
    for start, stop, piece in sorted(edits, reverse=True):
        body = body[:start] + piece.replace("\n", breaks) + body[stop:]
    _same(body, plain, file)
    return text[:skip] + body, what


def _cut_of(root: Any) -> Any:
    return next((value for key, value in root.value if key.value == "cut"), None)


def _fields(select: Select, shot: Mapping[str, Any]) -> dict[str, str]:
    """Returns the keys to write. shot: as it is; one that has a speed of its own is given the end in its take."""
    chosen = {"take": select.take, "in": select.start}
    if any(key in shot for key in RETIMED):
        return {**chosen, "out": select.stop}
    return {**chosen, "length": select.length}


def _changes(text: str, shot: MappingNode, fields: Mapping[str, str]) -> Iterator[Edit]:
    """Yields the edits that give a shot these keys."""
    there = {key.value: (key, value) for key, value in shot.value}
    fresh = dict[str, str]()
    for name, value in fields.items():
        old = there.get(name) or there.get(_OTHER.get(name, ""))
        if old is None:
            fresh[name] = value
            continue
        start = (old[1] if name in there else old[0]).start_mark.index
        stop = start + len(text[start : old[1].end_mark.index].rstrip())
        yield start, stop, _value(name, value) if name in there else f"{name}: {_value(name, value)}"
    if fresh:
        yield _put(text, shot, [f"{name}: {_value(name, value)}" for name, value in fresh.items()])


def _put(text: str, shot: MappingNode, entries: Sequence[str]) -> Edit:
    """Returns the edit that adds keys at the end of a shot, in the style that it is written in."""
    if shot.flow_style:
        at = shot.end_mark.index - 1
        empty = text[:at].rstrip().endswith(("{", ","))
        return at, at, ("" if empty else ", ") + ", ".join(entries)
    indent = " " * shot.start_mark.column
    return _line_after(text, end_of(shot, text), [f"{indent}{each}" for each in entries])


def _line_after(text: str, at: int, lines: Sequence[str]) -> Edit:
    """Returns the edit that adds lines after the one that `at` is on, which may end in a comment."""
    stop = text.find("\n", at)
    if stop < 0:
        return len(text), len(text), "".join(f"\n{line}" for line in lines)
    return stop + 1, stop + 1, "".join(f"{line}\n" for line in lines)


def _added(text: str, cut: SequenceNode, at: int, fields: Mapping[str, str]) -> Edit:
    """Returns the edit that adds a shot at its place in the list."""
    shot = "{" + ", ".join(f"{name}: {_value(name, value)}" for name, value in fields.items()) + "}"
    if cut.flow_style:
        if at == 0:
            start = cut.value[0].start_mark.index
            return start, start, f"{shot}, "
        stop = cut.value[at - 1].end_mark.index
        return stop, stop, f", {shot}"
    line = f"{' ' * cut.start_mark.column}- {shot}"
    if at == 0:
        start = text.rfind("\n", 0, cut.start_mark.index) + 1
        return start, start, f"{line}\n"
    last = cut.value[at - 1]
    block = isinstance(last, MappingNode) and not last.flow_style
    stop = end_of(last, text) if block else len(text[: last.end_mark.index].rstrip())
    return _line_after(text, stop, [line])


def _value(name: str, value: str) -> str:
    # A duration is safe as it is, and people write it so.
    return scalar(value) if name in ("take", "name", "id") else value


def _place(
    shot: str, names: Sequence[str], shots: Sequence[Mapping[str, Any]], order: Mapping[str, int]
) -> int:
    """Returns where in the cut a new shot belongs: after the last that the brief has before it."""
    mine = order.get(shot)
    places = [
        order.get(name, order.get(str(each.get("take")))) for name, each in zip(names, shots, strict=True)
    ]
    if mine is None:
        return len(shots)
    earlier = [at for at, place in enumerate(places) if place is not None and place <= mine]
    later = [at for at, place in enumerate(places) if place is not None and place > mine]
    return earlier[-1] + 1 if earlier else later[0] if later else len(shots)


def _same(body: str, expected: Mapping[str, Any], file: Written) -> None:
    """Raises JobError if the edit changed anything but the selects, as in a layout that is not known here."""
    fault = JobError(
        "the select cannot be written without changing more",
        where=f"{file.label}: cut",
        fix="write the shots of this job one a line, without anchors",
    )
    try:
        after = read_text(body, file).plain()
    except JobError as cause:
        raise fault from cause
    if after != expected:
        raise fault
