"""Reads what a crop keeps: of a shot, and of a deliverable."""

from __future__ import annotations

from dataclasses import dataclass

from post.job.diagnostics import Asked, Diagnostics
from post.job.model import Box, Focus, FocusKey
from post.job.reader import Section
from post.job.table.schema_table import FORMS
from post.knob import Knob, duration_seconds, knobs_of
from post.picture.reframe import AUTO, Reframe
from post.values.time import Clock
from presets import Node


@dataclass(frozen=True, slots=True)
class Framing:
    """How a shot is framed, as it says it. reframe: None where it is wrong; the rest as of `Cut`."""

    reframe: Reframe | None
    focus: Focus
    keys: tuple[FocusKey, ...] = ()
    keep: tuple[Box, ...] = ()


def read_framing(diagnostics: Diagnostics, shot: Section, clock: Clock) -> Framing:
    """Returns how a shot is framed.

    The knobs may be the shot's own, or stand under `reframe`; a key in both places is a fault. clock: of the film.
    """
    inner = _inner(diagnostics, shot)
    asked, focus = dict(shot.asked(Reframe)), shot.part("focus")
    if "fit" in shot.node.mapping:
        asked["fit"] = shot.node.mapping["fit"], shot.spot("fit")
    point, said = read_focus(diagnostics, focus, shot.spot("focus"))
    keys: tuple[FocusKey, ...] = ()
    keep: tuple[Box, ...] = ()
    if inner is not None:
        for key, item in inner.node.mapping.items():
            if key in shot.node.mapping:
                fix = "keep one of the two"
                diagnostics.say("given twice", item, inner.spot(key), expected=f"{key} in one place", fix=fix)
        asked |= inner.asked(Reframe)
        if "focus" in inner.node.mapping:
            point, said = read_focus(diagnostics, inner.part("focus"), inner.spot("focus"))
        keys = _keys(diagnostics, inner, clock)
        keep = tuple(box for item in inner.items("keep") if (box := _box(diagnostics, *item)) is not None)
        if keys and (point or said):
            fix = "keep one: the focus, or its keys"
            diagnostics.say("focus and keys both given", inner.node, inner.spot("keys"), fix=fix)
    made = diagnostics.stage(Reframe, {**asked, **point}, shot.node, shot.place)
    if made is not None and point:
        said = (made.focus_x, made.focus_y)
    return Framing(made, said, keys, keep)


def _keys(diagnostics: Diagnostics, inner: Section, clock: Clock) -> tuple[FocusKey, ...]:
    """Returns the focus by hand, in order of time; none where it is wrong."""
    made: list[FocusKey] = []
    for item, place in inner.items("keys"):
        if len(item.items) != 2:
            expected = "[time, [x, y]], such as [2s, [0.6, 0.5]]"
            diagnostics.say("not a time and a focus", item, place, expected=expected, got=item.kind)
            continue
        when = diagnostics.value(Knob("when in the shot", "duration"), item.items[0], f"{place}[0]")
        point = read_point(diagnostics, item.items[1], f"{place}[1]")
        if isinstance(point, str) and item.items[1].value == AUTO:
            diagnostics.say(
                "no point", item.items[1], f"{place}[1]", expected="[x, y], each 0 to 1", got=AUTO
            )
        if not isinstance(when, str) or isinstance(point, str):
            continue
        if made and duration_seconds(when, clock) <= duration_seconds(made[-1][0], clock):
            fault = "not after the key before it"
            diagnostics.say(fault, item, place, expected=f"later than {made[-1][0]}", got=when)
        made.append((when, *point))
    given = inner.node.mapping.get("keys")
    if given is not None and len(given.items) == 1:
        diagnostics.say(
            "one key", given, inner.spot("keys"), expected="two or more", fix="say `focus: [x, y]`"
        )
    return tuple(made)


def _box(diagnostics: Diagnostics, node: Node, place: str) -> Box | None:
    """Returns a box of a picture, in shares; None where it is wrong."""
    share = Knob("a share of the picture", "number", 0, 1)
    edges = [diagnostics.value(share, item, f"{place}[{at}]") for at, item in enumerate(node.items)]
    if len(edges) == 4 and all(isinstance(edge, float) for edge in edges):
        left, top, right, bottom = (float(str(edge)) for edge in edges)
        if left < right and top < bottom:
            return left, top, right, bottom
    if None not in edges:
        expected = "[left, top, right, bottom], each 0 to 1"
        diagnostics.say("no box", node, place, expected=expected, got=node.text or node.kind)
    return None


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
