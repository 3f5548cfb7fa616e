"""Reads the stages that a job names itself: a shot's further stages, and its transition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from post.errors import JobError, unknown
from post.job.diagnostics import Diagnostics
from post.job.reader import Section
from post.job.sections.style import Style
from post.job.table.schema_table import NONE
from post.knob import knobs_of, public_knobs
from post.picture.colour.look import Look
from post.picture.optics import ORDER
from post.stage import RENAMED, ColourStage, FrameEffect, Stage, TransitionStage, find, stage_names
from post.values.time import Span
from presets import Node

A_FRAME = Span(0, 1)


def treatment(
    diagnostics: Diagnostics, shot: Section, style: Style
) -> tuple[tuple[ColourStage, ...], tuple[FrameEffect, ...]]:
    """Returns a shot's colour stages and its frame effects.

    They come from the house look, the house optics, each as the shot changes it, and the shot's own stages.
    """
    stages = [_look(diagnostics, shot, style.look)]
    for node, place in shot.items("stages"):
        stage = _named(diagnostics, node, place)
        if stage is not None and not isinstance(stage, ColourStage | FrameEffect):
            diagnostics.say(
                "no stage for a shot", node, place, expected="a colour or frames stage", got=stage.name
            )
        stages.append(stage)
    stages += _optics(diagnostics, shot, style.optics)
    return (
        tuple(stage for stage in stages if isinstance(stage, ColourStage)),
        tuple(stage for stage in stages if isinstance(stage, FrameEffect)),
    )


def with_rate(effects: Sequence[FrameEffect], rate: Fraction) -> tuple[FrameEffect, ...]:
    """Returns frame effects for a film of so many frames a second: those that have an internal knob `rate`, with it."""
    return tuple(
        replace(each, rate=str(rate)) if _knows_time(type(each)) else each  # type: ignore[type-var]  # a dataclass once declared
        for each in effects
    )


def _knows_time(kind: type[FrameEffect]) -> bool:
    about = knobs_of(kind).get("rate")
    return about is not None and about.internal


def _look(diagnostics: Diagnostics, shot: Section, house: Node | None) -> Stage | None:
    place = shot.spot("look")
    look = diagnostics.over("look", house, shot.part("look"), place)
    return None if look is None else Section(diagnostics, "look", look, place).stage(Look)


def _optics(diagnostics: Diagnostics, shot: Section, house: Node | None) -> list[Stage | None]:
    """Returns the optics that change the picture. One that does not change it would still cost as much."""
    place = shot.spot("optics")
    optics = diagnostics.over("optics", house, shot.part("optics"), place)
    return (
        []
        if optics is None
        else [one for one in read_optics(diagnostics, optics, place) if one.declare(A_FRAME)]
    )


def read_optics(diagnostics: Diagnostics, node: Node, place: str) -> list[Stage]:
    """Returns the stages that an `optics` part asks for, in the order that light passes them."""
    section = Section(diagnostics, "optics", node, place)
    asked = [(name, section.part(name)) for name in ORDER]
    made = [
        Section(diagnostics, name, one, section.spot(name)).stage(find(name))
        for name, one in asked
        if one is not None and one.value != NONE
    ]
    return [stage for stage in made if stage is not None]


def read_transition(
    diagnostics: Diagnostics, part: Section, key: str = "transition"
) -> tuple[TransitionStage | None, str]:
    """Returns the transition into a shot, or with the key `ending` out of the film, and its length.

    A length alone is a dissolve.
    """
    node, place = part.part(key), part.spot(key)
    if node is None:
        return None, "0f"
    if isinstance(node.value, str) and node.value in stage_names():
        wanted = f"{{stage: {node.value}, length: 12f}}"
        diagnostics.say("a transition has no length", node, place, expected=wanted, got=node.value)
        return None, "0f"
    if isinstance(node.value, str | int | float):
        node = Node({"length": node}, node.line, node.file)
    section = Section(diagnostics, "transition", node, place)
    stage = _named(diagnostics, node, place, default="dissolve", own=("length",)) if node.mapping else None
    if stage is not None and not isinstance(stage, TransitionStage):
        diagnostics.say(
            "not a transition", node, place, expected="a transition such as dissolve", got=stage.name
        )
        return None, "0f"
    return stage, section.text("length", "0f")


def _named(
    diagnostics: Diagnostics, node: Node, place: str, default: str = "", own: tuple[str, ...] = ()
) -> Stage | None:
    """Returns the stage that {stage: NAME, its knobs} asks for; None, with faults, if that is wrong.

    own: keys that are not knobs of the stage.
    """
    named = node.mapping.get("stage")
    name = named.text if named is not None else default
    if not name:
        diagnostics.say("no stage named", node, place, expected="{stage: NAME, its knobs}", got=node.kind)
        return None
    if name in RENAMED:
        diagnostics.old_name(name, RENAMED[name], named or node)
    if not _installed(diagnostics, name, named or node, f"{place}.stage"):
        return None
    kind = find(name)
    written = {key: item for key, item in node.mapping.items() if key not in ("stage", *own)}
    known = public_knobs(kind)
    for key, item in written.items():
        if key not in known:
            diagnostics.report(unknown(key, known, "", "knob"), item, f"{place}.{key}")
    asked = {key: (item, f"{place}.{key}") for key, item in written.items() if key in known}
    return diagnostics.stage(kind, asked, node, place)


def _installed(diagnostics: Diagnostics, name: str, node: Node, place: str) -> bool:
    try:
        find(name)
    except JobError as fault:
        diagnostics.report(fault, node, place)
    except ImportError as fault:
        diagnostics.say("a stage that cannot be loaded", node, place, got=f"{name} ({fault})")
    else:
        return True
    return False
