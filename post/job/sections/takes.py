"""Reads the takes that a job names: clips, stills, image sequences, and pictures that are made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from post.atomic import real_path
from post.errors import JobError, unknown
from post.job.diagnostics import Diagnostics
from post.job.model import TakeRef
from post.job.rates import RATES, read_rate
from post.job.reader import MOST_ITEMS, Section
from post.job.sections.brief import NO_BRIEF, BriefRead
from post.job.sections.generator import read_record
from post.picture.colour.develop import Develop
from post.picture.colour.tone_map import ToneMap
from post.picture.made import Made
from post.picture.slate import Slate, ink_over
from post.stage import ColourStage
from post.takes.stills.sequence import is_pattern
from post.values.time import Span
from presets import Node
from presets.places import path_in

TakeStage = TypeVar("TakeStage", bound=ColourStage)
_SHA256 = re.compile("[0-9a-f]{64}")
BLACK = "#000000"
# Keys that say something of a file: what is made has none.
_OF_A_FILE = (
    "beat",
    "rate",
    "sha256",
    "colour",
    "range",
    "accept",
    "camera",
    "graphic",
    "develop",
    "tone_map",
    "generator",
)


def read_takes(
    diagnostics: Diagnostics, job: Section, brief: BriefRead = NO_BRIEF
) -> dict[str, TakeRef | None]:
    """Every take the job names; None where something is wrong with it. brief: whose beats takes are made for."""
    node = job.part("takes")
    if node is None:
        return {}
    if not node.mapping:
        diagnostics.say("no takes", node, "takes", expected="name: path, one a line")
    if len(node.mapping) > MOST_ITEMS:
        got = len(node.mapping)
        diagnostics.say("too many takes", node, "takes", expected=f"up to {MOST_ITEMS}", got=got)
        return {}
    return {name: _take(diagnostics, name, item, brief) for name, item in node.mapping.items()}


def _take(diagnostics: Diagnostics, name: str, node: Node, brief: BriefRead) -> TakeRef | None:
    place = f"takes.{name}"
    short = not isinstance(node.value, dict)
    section = Section(
        diagnostics, "take", Node({"file": node}, node.line, node.file) if short else node, place
    )
    if "make" in section.node.mapping:
        return _made(section, name)
    named = section.node.mapping.get("file")
    if named is None:
        expected = "its path, or `make` in its place"
        diagnostics.say("missing", node, section.spot("file"), expected=expected)
        return None
    _refuse(section, ("text",), "only a slate says something", "write a title, under `titles`")
    path = _path(diagnostics, named, place if short else section.spot("file"))
    digest = section.text("sha256")
    if digest and not _SHA256.fullmatch(digest):
        wrong = section.node.mapping["sha256"]
        diagnostics.say(
            "not a sha256", wrong, section.spot("sha256"), expected="64 hex digits", got=wrong.text
        )
    if section.switch("camera") and section.switch("graphic"):
        both = section.node.mapping["graphic"]
        diagnostics.say("camera and graphic both given", both, section.spot("graphic"), fix="keep one")
    record = read_record(diagnostics, section)
    rate, beat = _rate(section, path), _beat(section, brief)
    if path is None:
        return None
    return TakeRef(
        name, path, node.where, section.text("colour"), section.text("range"), section.text("accept"),
        section.switch("camera"), record, digest, _develop(diagnostics, section), _tone_map(diagnostics, section),
        rate, section.text("fill", BLACK), section.switch("graphic"),
        beat=beat, tags=tuple(_tags(section)),
    )  # fmt: skip


def _made(section: Section, name: str) -> TakeRef | None:
    """Returns a take that is made here."""
    diagnostics, node = section.diagnostics, section.node
    _refuse(section, ("file",), "file and make both given", "keep one")
    _refuse(section, _OF_A_FILE, "of a file, and nothing here is one", "leave it out")
    make, text = section.text("make"), section.text("text")
    if not make:
        return None
    if make == "slate" and not text.strip():
        fix = "write `text: ...`, or `make: colour`"
        diagnostics.say("a slate without text", node, section.spot("text"), expected="what it says", fix=fix)
    if make != "slate":
        _refuse(section, ("text",), "only a slate says something", "write a title, under `titles`")
    if make == "colour" and "fill" not in node.mapping:
        diagnostics.say("no colour", node, section.spot("fill"), expected="a colour such as #ffcc00")
    if make in ("black", "bars"):
        _refuse(section, ("fill",), f"{make} has a colour of its own", "leave it out, or `make: colour`")
    fill = section.text("fill", BLACK)
    slate = _slate(section, text.strip(), fill) if make == "slate" and text.strip() else None
    return TakeRef(
        name, diagnostics.path, node.where, fill=fill, made=Made(make=make, fill=fill), slate=slate
    )


def _slate(section: Section, text: str, fill: str) -> Slate | None:
    try:
        return Slate(text=text, colour=ink_over(fill))
    except JobError as fault:
        section.diagnostics.report(fault, section.node.mapping["text"], section.spot("text"))
        return None


def _refuse(section: Section, keys: tuple[str, ...], what: str, fix: str) -> None:
    for key in keys:
        if key in section.node.mapping:
            section.diagnostics.say(what, section.node.mapping[key], section.spot(key), got=key, fix=fix)


def _beat(section: Section, brief: BriefRead) -> str:
    """Returns the beat that a take was made for. Without a brief, any name will do."""
    beat = section.text("beat")
    known = [each.id for each in brief.beats]
    if beat and brief.given and beat not in known:
        fault = unknown(beat, known, "", "beat of the brief", otherwise="beats in the brief")
        section.diagnostics.report(fault, section.node.mapping["beat"], section.spot("beat"))
    return beat


def _tags(section: Section) -> Iterator[tuple[str, str]]:
    node = section.part("tags")
    if node is None:
        return
    tags = Section(section.diagnostics, "take-tags", node, section.spot("tags"))
    for key, item in tags.node.mapping.items():
        if item.text.strip():
            yield key, item.text.strip()
        else:
            tags.diagnostics.say("no value", item, tags.spot(key), expected="a word or two", got=item.kind)


def _path(diagnostics: Diagnostics, node: Node, place: str) -> Path | None:
    """Returns the path of a file, or an image sequence's pattern; whether that has frames is seen when it is opened."""
    if isinstance(node.value, str) and node.value:
        pattern = path_in(node.file.path.parent, node.value)
        if is_pattern(pattern):
            return real_path(pattern.parent) / pattern.name
    return diagnostics.source(node, place)


def _rate(section: Section, path: Path | None) -> Fraction | None:
    """Returns an image sequence's own rate; None where it has none."""
    node, place = section.part("rate"), section.spot("rate")
    if node is None:
        return None
    rate = read_rate(node.text)
    if rate is None:
        section.diagnostics.say("not a frame rate", node, place, expected=RATES, got=node.kind)
    elif path is not None and not is_pattern(path):
        fix = "leave it out: a clip has a rate of its own, and a still has none"
        section.diagnostics.say("only an image sequence has a rate to set", node, place, fix=fix)
    return rate


def _develop(diagnostics: Diagnostics, section: Section) -> Develop | None:
    """How the take's camera encoded it, where not as video; a camera's name alone will do."""
    stage = _part(diagnostics, section, ("develop", "develop", "space"), Develop)
    return stage if stage is not None and stage.declare(Span(0, 1)) else None


def _tone_map(diagnostics: Diagnostics, section: Section) -> ToneMap | None:
    """How the take is fitted to Rec.709 if it turns out to be HDR; a method's name alone will do."""
    return _part(diagnostics, section, ("tone_map", "tone-map", "method"), ToneMap)


def _part(
    diagnostics: Diagnostics, section: Section, names: tuple[str, str, str], kind: type[TakeStage]
) -> TakeStage | None:
    """The stage under a key of the take. names: the key, its form, and the knob that a text alone stands for."""
    key, form, knob = names
    node, place = section.part(key), section.spot(key)
    if node is None:
        return None
    if isinstance(node.value, str):
        node = Node({knob: node}, node.line, node.file)
    return Section(diagnostics, form, node, place).stage(kind)
