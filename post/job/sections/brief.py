"""Reads the beats of a job's brief: what the film has to tell, one after the other.

brief.yaml:
  beats: [{id: open, says: a dog runs through snow}, {id: end, says: the ship comes home}]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from post.errors import JobError, Problems, unknown
from post.job.diagnostics import Diagnostics
from post.job.model import Beat
from post.job.reader import MOST_ITEMS, Section
from presets import Node
from presets.yaml_nodes import Written, read

_KEYS = {"id", "says"}


@dataclass(frozen=True, slots=True)
class BriefRead:
    """A brief's beats, in its order. path: of its file, None where the job has none; given: whether the job names
    one, readable or not."""

    beats: tuple[Beat, ...] = ()
    path: Path | None = None
    given: bool = False


NO_BRIEF = BriefRead()


def read_brief(diagnostics: Diagnostics, job: Section) -> BriefRead:
    """Returns the beats of the brief that a job names. Faults are kept with the brief's own file and line."""
    node = job.part("brief")
    if node is None:
        return NO_BRIEF
    path = diagnostics.source(node, "brief")
    if path is None:
        # Its takes' beats cannot be checked, and are not reported beside the fault that the brief is.
        return NO_BRIEF
    try:
        root = read(Written(path, str(diagnostics.path.parent / node.text)))
        return BriefRead(tuple(_beats(root)), path, given=True)
    except JobError as fault:
        for each in fault.faults if isinstance(fault, Problems) else (fault,):
            diagnostics.keep(each)
        return NO_BRIEF


def _beats(root: Node) -> Iterator[Beat]:
    """Yields the beats. Raises JobError at the first that is wrong."""
    listed = root.mapping.get("beats")
    if listed is None:
        return
    if not isinstance(listed.value, tuple) or len(listed.items) > MOST_ITEMS:
        expected = f"a list of up to {MOST_ITEMS}, each {{id: NAME, says: what it tells}}"
        raise JobError("no list of beats", where=f"{listed.where}: beats", expected=expected, got=listed.kind)
    seen: dict[str, str] = {}
    for number, item in enumerate(listed.items):
        place = f"{item.where}: beats[{number}]"
        beat = _beat(item, place)
        if beat.id in seen:
            raise JobError(
                "two beats have the same id",
                where=place,
                got=beat.id,
                fix=f"rename one; the first is {seen[beat.id]}",
            )
        seen[beat.id] = item.where
        yield beat


def _beat(item: Node, place: str) -> Beat:
    known = "{id: NAME, says: what it tells}"
    if not isinstance(item.value, dict):
        raise JobError("not a beat", where=place, expected=known, got=item.kind)
    for key in item.mapping:
        if key not in _KEYS:
            raise unknown(key, _KEYS, f"{place}.{key}", "key")
    texts = {key: part.text.strip() for key, part in item.mapping.items()}
    if not texts.get("id"):
        raise JobError("a beat without an id", where=place, expected=known, got=item.kind)
    return Beat(texts["id"], texts.get("says", ""), item.where)
