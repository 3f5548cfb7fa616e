"""Writes chosen takes into the cut of a job file that people wrote. All else in the file stays, byte for byte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from post.atomic import real_path
from post.errors import JobError
from post.job.editing.cut import NewShot, with_cut
from post.job.editing.text import replace_text
from post.owned import editing
from post.unused_name import unused_name
from presets import Node
from presets.yaml_nodes import Written, read, read_text

# Keys that give a shot another length than its source has: their shots keep `out` in place of `length`. So does `fit`
# with a time; with these words it is a crop.
RETIMED, CROPS = ("speed", "freeze", "reverse"), ("fill", "fit")
# Of the two keys that end a shot, the one that stands for the other.
_OTHER = {"length": "out", "out": "length"}


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
        names.append(unused_name(said.text, names))
    return names


def _written(text: str, select: Select, order: Mapping[str, int], file: Written) -> tuple[str, str]:
    """Returns the text with one select in it, and whether its shot was "changed" or "added"."""
    before = read_text(text.removeprefix("\ufeff"), file)
    plain = before.plain()
    shots, names = plain["cut"], shot_names(before.mapping["cut"])
    new = [NewShot(at, shot, shot) for at, shot in enumerate(shots)]
    if select.shot in names:
        at, what = names.index(select.shot), "changed"
        new[at] = NewShot(at, _chosen(select, shots[at]), shots[at])
    else:
        at, what = _place(select.shot, names, shots, order), "added"
        new.insert(at, NewShot(None, {"id": select.shot, **_fields(select, {})}))
    written = with_cut(text, new, file)
    _same(written.removeprefix("\ufeff"), {**plain, "cut": [shot.entry for shot in new]}, file)
    return written, what


def _chosen(select: Select, shot: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a shot with the take and the range that were chosen for it."""
    fields = _fields(select, shot)
    if select.take != select.shot and not ("id" in shot or "name" in shot):
        fields["id"] = select.shot  # it was known by its take's name, and keeps it
    return {**{key: value for key, value in shot.items() if _OTHER.get(key) not in fields}, **fields}


def _fields(select: Select, shot: Mapping[str, Any]) -> dict[str, str]:
    """Returns the keys to write. shot: as it is; one that has a speed of its own is given the end in its take."""
    chosen = {"take": select.take, "in": select.start}
    if any(key in shot for key in RETIMED) or shot.get("fit", CROPS[0]) not in CROPS:
        return {**chosen, "out": select.stop}
    return {**chosen, "length": select.length}


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
