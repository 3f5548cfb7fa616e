"""Takes and the cut, as the job writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from post.errors import unknown
from post.job.diagnostics import Asked, Diagnostics
from post.job.model import Cut, TakeRef
from post.job.reader import MOST_ITEMS, Section
from post.job.sections.generator import read_record
from post.job.sections.matching import read_figures, read_matching
from post.job.sections.repair import read_repairs
from post.job.sections.stages import read_transition, treatment
from post.job.sections.style import Style
from post.knob import duration_seconds
from post.picture.colour.develop import Develop
from post.picture.reframe import Reframe
from post.picture.retime import Retime
from post.sound.stages import ClipSound
from post.values.time import Clock, Span
from presets import Node

_SHA256 = re.compile("[0-9a-f]{64}")


def read_takes(diagnostics: Diagnostics, job: Section) -> dict[str, TakeRef | None]:
    """Every take the job names; None where something is wrong with it."""
    node = job.part("takes")
    if node is None:
        return {}
    if not node.mapping:
        diagnostics.say("no takes", node, "takes", expected="name: path, one a line")
    if len(node.mapping) > MOST_ITEMS:
        got = len(node.mapping)
        diagnostics.say("too many takes", node, "takes", expected=f"up to {MOST_ITEMS}", got=got)
        return {}
    return {name: _take(diagnostics, name, item) for name, item in node.mapping.items()}


def _take(diagnostics: Diagnostics, name: str, node: Node) -> TakeRef | None:
    place = f"takes.{name}"
    short = not isinstance(node.value, dict)
    section = Section(
        diagnostics, "take", Node({"file": node}, node.line, node.file) if short else node, place
    )
    named = section.node.mapping.get("file")
    path = diagnostics.source(named, place if short else section.spot("file")) if named is not None else None
    digest = section.text("sha256")
    if digest and not _SHA256.fullmatch(digest):
        wrong = section.node.mapping["sha256"]
        diagnostics.say(
            "not a sha256", wrong, section.spot("sha256"), expected="64 hex digits", got=wrong.text
        )
    record = read_record(diagnostics, section)
    if path is None:
        return None
    return TakeRef(
        name, path, node.where, section.text("colour"), section.text("range"), section.text("accept"),
        section.switch("camera"), record, digest, _develop(diagnostics, section),
    )  # fmt: skip


def _develop(diagnostics: Diagnostics, section: Section) -> Develop | None:
    """How the take's camera encoded it, where not as video; a camera's name alone will do."""
    node, place = section.part("develop"), section.spot("develop")
    if node is None:
        return None
    if isinstance(node.value, str):
        node = Node({"space": node}, node.line, node.file)
    made = Section(diagnostics, "develop", node, place).stage(Develop)
    return made if made is not None and made.declare(Span(0, 1)) else None


@dataclass(frozen=True, slots=True)
class Cutting:
    """What every shot is read against."""

    diagnostics: Diagnostics
    takes: Mapping[str, TakeRef | None]
    style: Style
    clock: Clock


def read_cut(cutting: Cutting, job: Section) -> tuple[Cut, ...]:
    """The shots, in order; those that something is wrong with are left out, their faults kept."""
    node = job.part("cut")
    items = job.items("cut")
    if node is not None and isinstance(node.value, tuple) and not node.value:
        cutting.diagnostics.say("no shots", node, "cut", expected="at least one shot, such as `- take: NAME`")
    names: dict[str, str] = {}
    sections = [Section(cutting.diagnostics, "cut", item, place) for item, place in items]
    named = {_name(cutting.diagnostics, section, names): section for section in sections}
    match = read_matching(
        cutting.diagnostics, job, named, read_figures(cutting.diagnostics, cutting.style.balance)
    )
    read = [_shot(cutting, section, name) for name, section in named.items()]
    if sections and (into := sections[0].node.mapping.get("transition")) is not None:
        place = sections[0].spot("transition")
        fault = "the first shot has a transition, but no shot comes before it"
        cutting.diagnostics.say(fault, into, place, fix="move it to the second shot")
    return tuple(replace(cut, match=match.get(cut.name)) for cut in read if cut is not None)


def _name(diagnostics: Diagnostics, section: Section, taken: dict[str, str]) -> str:
    """The shot's own name, or its take's, numbered from its second use on."""
    given = section.node.mapping.get("name")
    name = section.text("name") if given else section.node.mapping.get("take", section.node).text
    if given is not None and name in taken:
        fix = f"rename one; the first is {taken[name]}"
        diagnostics.say("two shots have the same name", given, section.spot("name"), got=name, fix=fix)
    base, count = name, 1
    while name in taken:
        count += 1
        name = f"{base}-{count}"
    taken[name] = section.place
    return name


def _shot(cutting: Cutting, section: Section, name: str) -> Cut | None:
    retime, reframe = section.stage(Retime), section.stage(Reframe, _focus(cutting.diagnostics, section))
    sound = _own_sound(cutting.diagnostics, section)
    repairs = read_repairs(cutting.diagnostics, section, cutting.style.repair)
    colour, effects = treatment(cutting.diagnostics, section, cutting.style)
    transition, overlap = read_transition(cutting.diagnostics, section)
    take = _take_of(cutting, section)
    source = cutting.takes.get(take)
    if source is not None and source.develop is not None:
        # Before everything else that is done to colour, which is written for a display's picture.
        colour = (source.develop, *colour)
    start, stop, length = section.text("in", "0s"), section.text("out"), section.text("length")
    _in_order(cutting, section, (start, stop, length))
    if retime is None or reframe is None or sound is None:
        return None
    return Cut(
        name, take, section.node.where, retime, reframe, colour, effects, sound,
        start, stop, length, transition, overlap, repairs,
    )  # fmt: skip


def _take_of(cutting: Cutting, section: Section) -> str:
    name = section.text("take")
    if name and cutting.takes and name not in cutting.takes:
        fault = unknown(name, list(cutting.takes), "", "take")
        cutting.diagnostics.report(fault, section.node.mapping["take"], section.spot("take"))
    return name


def _in_order(cutting: Cutting, section: Section, times: tuple[str, str, str]) -> None:
    start, stop, length = times
    keys, diagnostics = section.node.mapping, cutting.diagnostics
    if stop and length:
        diagnostics.say("out and length both given", keys["length"], section.spot("length"), fix="keep one")
    if stop and duration_seconds(stop, cutting.clock) <= duration_seconds(start, cutting.clock):
        after = f"after in ({start})"
        fault = "does not end after it starts"
        diagnostics.say(fault, keys["out"], section.spot("out"), expected=after, got=stop)
    if length and not duration_seconds(length, cutting.clock):
        fault = "the shot's length is 0"
        diagnostics.say(fault, keys["length"], section.spot("length"), expected="1f or more", got=length)


def _focus(diagnostics: Diagnostics, section: Section) -> Asked:
    node, place = section.part("focus"), section.spot("focus")
    if node is None:
        return {}
    if len(node.items) != 2:
        diagnostics.say("not two numbers", node, place, expected="[x, y], each 0 to 1", got=node.kind)
        return {}
    across, down = node.items
    return {"focus_x": (across, f"{place}[0]"), "focus_y": (down, f"{place}[1]")}


def _own_sound(diagnostics: Diagnostics, section: Section) -> ClipSound | None:
    place = section.spot("sound")
    node = section.part("sound") or Node({}, section.node.line, section.node.file)
    return Section(diagnostics, "clip-sound", node, place).stage(ClipSound)
