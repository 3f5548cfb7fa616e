"""Reads what a crop keeps: of a shot, and of a deliverable."""

from __future__ import annotations

from post.job.diagnostics import Asked, Diagnostics
from post.job.model import Focus
from post.job.reader import Section
from post.job.table.schema_table import FORMS
from post.knob import Knob, knobs_of
from post.picture.reframe import Reframe
from presets import Node

AUTO = "auto"


def read_framing(diagnostics: Diagnostics, shot: Section) -> tuple[Reframe | None, Focus]:
    """Returns a shot's reframing, None where it is wrong; and its focus as it says it.

    Its keys may be the shot's own, or stand under `reframe`; a key in both places is a fault.
    """
    inner = _inner(diagnostics, shot)
    asked, focus = dict(shot.asked(Reframe)), shot.part("focus")
    if "fit" in shot.node.mapping:
        asked["fit"] = shot.node.mapping["fit"], shot.spot("fit")
    point, said = read_focus(diagnostics, focus, shot.spot("focus"))
    if inner is not None:
        for key, item in inner.node.mapping.items():
            if key in shot.node.mapping:
                fix = "keep one of the two"
                diagnostics.say("given twice", item, inner.spot(key), expected=f"{key} in one place", fix=fix)
        asked |= inner.asked(Reframe)
        if "focus" in inner.node.mapping:
            point, said = read_focus(diagnostics, inner.part("focus"), inner.spot("focus"))
    made = diagnostics.stage(Reframe, {**asked, **point}, shot.node, shot.place)
    if made is not None and point:
        said = (made.focus_x, made.focus_y)
    return made, said


def read_focus(diagnostics: Diagnostics, node: Node | None, place: str) -> tuple[Asked, Focus]:
    """Returns a focus as the knobs of `reframe`, none where it is `auto` or not said; and "auto", or ""."""
    if node is None:
        return {}, ""
    if node.value == AUTO:
        diagnostics.credit(place, AUTO, node.origin)
        return {}, AUTO
    if len(node.items) != 2:
        diagnostics.say(
            "not two numbers", node, place, expected="[x, y], each 0 to 1, or auto", got=node.kind
        )
        return {}, ""
    across, down = node.items
    return {"focus_x": (across, f"{place}[0]"), "focus_y": (down, f"{place}[1]")}, ""


def read_point(diagnostics: Diagnostics, node: Node | None, place: str) -> Focus:
    """Returns the focus of a deliverable: a point, "auto", or "" where it is not said or wrong."""
    asked, said = read_focus(diagnostics, node, place)
    knobs = knobs_of(Reframe)
    point = [diagnostics.value(knobs[name], *where) for name, where in asked.items()]
    if len(point) == 2 and isinstance(point[0], float) and isinstance(point[1], float):
        return point[0], point[1]
    return said


def _inner(diagnostics: Diagnostics, shot: Section) -> Section | None:
    """Returns the keys under `reframe`; one word there is the focus."""
    node, place = shot.part("reframe"), shot.spot("reframe")
    if node is None:
        return None
    if isinstance(node.value, str):
        short = FORMS["cut"].keys["reframe"]
        assert not isinstance(short, Knob)
        assert short.short is not None
        word = diagnostics.value(short.short, node, place)
        node = Node({"focus": node} if word else {}, node.line, node.file)
    return Section(diagnostics, "framing", node, place)
