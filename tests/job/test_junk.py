"""A job with every part in it, and junk in the place of each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from post.errors import AnswerprintError, Problems
from post.job import load_job
from presets.yaml_nodes import Written, read
from tests.job.conftest import Write
from tests.job.made import CUT, FULL

Place = tuple[str | int, ...]
TAKES = "takes: {dog: dog.mp4, ship: {file: ship.mp4, colour: bt709, generator: {seed: 1}}}"
DELIVER = "deliver: [social-16x9, {preset: draft, name: b, picture: {crf: 20}, audio: {bitrate: 128}}]"
JUNK: tuple[Any, ...] = (None, [{}], {"none": "none"}, "none", -1)


def places(tree: Any, here: Place = ()) -> Iterator[Place]:
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, item in pairs:
        yield (*here, key)
        yield from places(item, (*here, key))


@pytest.mark.parametrize("junk", JUNK, ids=repr)
def test_junk_in_any_place_is_a_fault_with_a_line_and_never_a_crash(junk: Any, write: Write) -> None:
    path = write(takes=TAKES, cut=CUT, deliver=DELIVER, more=FULL)
    sound = read(Written(path, "job.yaml")).plain()
    load_job(path)
    said = [_said(path, junked(sound, place, junk)) for place in places(sound)]
    # Some junk is right somewhere ("none" for a look, true for a switch), none of it is right everywhere.
    assert sum(map(bool, said)) > 20
    assert all(str(fault).startswith("job.yaml:") for faults in said for fault in faults)


def junked(sound: Any, place: Place, junk: Any) -> Any:
    fresh = deepcopy(sound)
    inner = fresh
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = junk
    return fresh


def _said(path: Path, tree: Any) -> tuple[AnswerprintError, ...]:
    path.write_text(json.dumps(tree))  # JSON is YAML
    try:
        load_job(path)
    except Problems as found:
        return found.faults
    return ()
