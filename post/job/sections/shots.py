"""Takes and the cut, as the job writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from post.errors import unknown
from post.job.diagnostics import Diagnostics
from post.job.model import Cut, TakeRef
from post.job.reader import Section
from post.job.sections.entries import name_node
from post.job.sections.framing import read_framing
from post.job.sections.matching import read_figures, read_matching
from post.job.sections.repair import read_repairs
from post.job.sections.stages import read_transition, treatment, with_rate
from post.job.sections.style import Style
from post.knob import duration_seconds
from post.picture.retime import Retime
from post.sound.stages import ClipSound
from post.unused_name import unused_name
from post.values.time import Clock
from presets import Node

FIRST_OF_A_TIME = frozenset("0123456789.-")


@dataclass(frozen=True, slots=True)
class Cutting:
    """What every shot is read against."""

    diagnostics: Diagnostics
    takes: Mapping[str, TakeRef | None]
    style: Style
    clock: Clock
    handles: str = "refuse"


def read_cut(cutting: Cutting, job: Section) -> tuple[Cut, ...]:
    """The shots, in order; those that something is wrong with are left out, their faults kept."""
    node = job.part("cut")
    items = job.items("cut")
    if node is not None and isinstance(node.value, tuple) and not node.value:
        cutting.diagnostics.say("no shots", node, "cut", expected="at least one shot, such as `- take: NAME`")
    names: dict[str, str] = {}
    sections = [Section(cutting.diagnostics, "cut", item, place) for item, place in items]
    named = {_name(cutting.diagnostics, section, names): section for section in sections}
    figures = read_figures(cutting.diagnostics, cutting.style.balance)
    match = read_matching(cutting.diagnostics, job, named, figures, _made_shots(cutting, named))
    read = [_shot(cutting, section, name) for name, section in named.items()]
    cuts = [replace(cut, match=match.get(cut.name)) for cut in read if cut is not None]
    ending, length = read_transition(cutting.diagnostics, job, "ending")
    if cuts and ending is not None:
        cuts[-1] = replace(cuts[-1], ending=ending, ending_length=length)
    return tuple(cuts)


def _name(diagnostics: Diagnostics, section: Section, taken: dict[str, str]) -> str:
    """The shot's own id or name, or its take's name, numbered from its second use on."""
    key, given = name_node(section)
    name = section.text(key) if given else section.node.mapping.get("take", section.node).text
    if given is not None and name in taken:
        fix = f"rename one; the first is {taken[name]}"
        diagnostics.say(f"two shots have the same {key}", given, section.spot(key), got=name, fix=fix)
    name = unused_name(name, taken)
    taken[name] = section.place
    return name


def _shot(cutting: Cutting, section: Section, name: str) -> Cut | None:
    retime, framed = _retime(section)
    framing = read_framing(cutting.diagnostics, framed, cutting.clock)
    sound = _own_sound(cutting.diagnostics, section)
    transition, overlap = read_transition(cutting.diagnostics, section)
    take = _take_of(cutting, section)
    source = cutting.takes.get(take)
    made = source.made if source is not None else None
    style = cutting.style if made is None else replace(cutting.style, repair=None, look=None, optics=None)
    repairs = read_repairs(cutting.diagnostics, section, style.repair)
    colour, asked = treatment(cutting.diagnostics, section, style)
    effects = with_rate(asked, cutting.clock.rate)
    if source is not None and source.slate is not None:
        effects = (source.slate, *effects)
    if source is not None and source.develop is not None:
        # Before everything else that is done to colour, which is written for a display's picture.
        colour = (source.develop, *colour)
    start, stop, length = section.text("in", "0s"), section.text("out"), section.text("length")
    _in_order(cutting, section, (start, stop, length))
    if retime is not None and retime.is_fitted and length:
        node, place = section.node.mapping["length"], section.spot("length")
        cutting.diagnostics.say("fit and length both given", node, place, fix="keep one")
    if retime is None or framing.reframe is None or sound is None:
        return None
    return Cut(
        name, take, section.node.where, retime, framing.reframe, colour, effects, sound,
        start, stop, length, transition, overlap, repairs, framing.focus,
        handles=section.text("handles") or cutting.handles, focus_keys=framing.keys, keep=framing.keep,
    )  # fmt: skip


def _retime(section: Section) -> tuple[Retime | None, Section]:
    """Returns a shot's speed, and the shot without the time that it is fitted to: another `fit` is its framing's."""
    fit = section.node.mapping.get("fit")
    if fit is None or fit.text[:1] not in FIRST_OF_A_TIME:
        return section.stage(Retime), section
    retime = section.stage(Retime, {"lasts": (fit, section.spot("fit"))})
    if retime is not None and not retime.is_fitted:
        fault = "a shot is fitted to no time at all"
        section.diagnostics.say(fault, fit, section.spot("fit"), expected="more than 0s", got=fit.text)
    return retime, section.without("fit")


def _made_shots(cutting: Cutting, named: Mapping[str, Section]) -> set[str]:
    """Returns the names of the shots whose take is made here: they are shown as they are made."""
    made = {name for name, take in cutting.takes.items() if take is not None and take.made is not None}
    takes = {name: section.node.mapping.get("take") for name, section in named.items()}
    return {name for name, take in takes.items() if take is not None and take.text in made}


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


def _own_sound(diagnostics: Diagnostics, section: Section) -> ClipSound | None:
    place = section.spot("sound")
    node = section.part("sound") or Node({}, section.node.line, section.node.file)
    return Section(diagnostics, "clip-sound", node, place).stage(ClipSound)
