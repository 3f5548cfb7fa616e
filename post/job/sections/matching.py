"""Reads which reference each shot is matched to: a shot, the one before, a file, or the house."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import PurePath

from post.errors import unknown
from post.job.diagnostics import Diagnostics
from post.job.model import Matching
from post.job.reader import Section
from post.job.table.schema_table import NONE
from post.takes.stills.still_file import STILLS
from post.values.files.file_limits import STILL_MB
from post.values.media import File
from post.values.shot_figures import ShotFigures
from presets import Node

PREVIOUS, HOUSE, LIKELY = "previous", "house", "likely"


def read_figures(diagnostics: Diagnostics, node: Node | None) -> ShotFigures | None:
    """Returns what the finished shots of the house measure; None if it does not say."""
    if node is None or node.value == NONE:
        return None
    section = Section(diagnostics, "balance", node, "house.balance")
    given = {key: section.number(key, 0.0) for key in section.form.keys if key in node.mapping}
    return ShotFigures(**given) if given else None


def read_matching(
    diagnostics: Diagnostics,
    job: Section,
    shots: Mapping[str, Section],
    house: ShotFigures | None,
    apart: Collection[str] = (),
) -> dict[str, Matching]:
    """Returns the reference of each shot that is matched, by the shot's name.

    A shot's own `match` comes before the job's, which is for all shots but those of `apart`. shots: all, in the order
    of the cut; house: what `match: house` brings shots to.
    """
    general = _matching(diagnostics, job, shots, house)
    found: dict[str, Matching] = {}
    for name, section in shots.items():
        own = section.part("match") is not None
        for_all = None if name in apart else general
        asked = _matching(diagnostics, section, shots, house) if own else for_all
        fault = _fault(asked, name, shots) if asked else ""
        if asked and not fault:
            found[name] = _named(asked, name, shots)
        elif own and fault:
            fix = "name another shot, or `none`"
            diagnostics.say(fault, section.node.mapping["match"], section.spot("match"), fix=fix)
    _refuse_circles(diagnostics, {name: each.to for name, each in found.items()}, shots)
    return found


def _fault(asked: Matching, name: str, shots: Mapping[str, Section]) -> str:
    """Returns why a shot cannot be matched to that reference; "" if it can.

    If the reference is the job's, for all shots, this shot is not matched, and nothing is reported.
    """
    if asked.to == name:
        return "a shot matched to itself"
    return "no shot before it" if asked.to == PREVIOUS and name == next(iter(shots)) else ""


def _named(asked: Matching, name: str, shots: Mapping[str, Section]) -> Matching:
    """Returns the reference with a shot's name in place of `previous`."""
    names = list(shots)
    return replace(asked, to=names[names.index(name) - 1]) if asked.to == PREVIOUS else asked


def _matching(
    diagnostics: Diagnostics, asking: Section, shots: Mapping[str, Section], house: ShotFigures | None
) -> Matching | None:
    """Returns the reference that a job's or a shot's `match` names; None if it is `none`, missing, or wrong."""
    node, place = asking.part("match"), asking.spot("match")
    if node is None or node.value == NONE:
        return None
    if isinstance(node.value, str):
        node = Node({"to": node}, node.line, node.file)
    section = Section(diagnostics, "match", node, place)
    to, strength, file = section.text("to"), section.number("strength", 1.0), node.mapping.get("file")
    when = section.text("when", LIKELY)
    if bool(to) == (file is not None):
        diagnostics.say("not one reference", node, place, expected="either `to` (a shot) or `file`")
        return None
    # A shot of that name comes first: jobs that have one were written before houses had figures.
    if to == HOUSE and HOUSE not in shots:
        if house is None:
            fix = "give the house `balance:` (`answerprint house learn` measures it), or match to a shot"
            diagnostics.say("the house does not say what its shots measure", node, place, fix=fix)
        return Matching("", None, strength, node.where, when, house) if house else None
    if to not in ("", PREVIOUS, *shots):
        diagnostics.report(
            unknown(to, [PREVIOUS, HOUSE, *shots], "", "shot"), node.mapping["to"], section.spot("to")
        )
        return None
    found = _file(diagnostics, file, section.spot("file")) if file is not None else None
    return Matching(to, found, strength, node.where, when) if to or found else None


def _file(diagnostics: Diagnostics, node: Node, place: str) -> File | None:
    """Returns the still or clip that is matched. A clip may be of any size."""
    still = PurePath(node.text).suffix.lower() in STILLS
    return diagnostics.file(node, place, STILL_MB if still else math.inf)


def _refuse_circles(diagnostics: Diagnostics, to: Mapping[str, str], shots: Mapping[str, Section]) -> None:
    for name in to:
        passed, at = [name], to[name]
        while at in to and at not in passed:
            passed.append(at)
            at = to[at]
        if at == name:
            section = shots[name]
            node = section.node.mapping.get("match", section.node)
            got = " -> ".join([*passed, name])
            fix = "leave one of them as it is, with `match: none`"
            diagnostics.say("shots matched in a circle", node, section.spot("match"), got=got, fix=fix)
            return
