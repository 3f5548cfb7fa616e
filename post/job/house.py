"""Resolves a house style by itself: its values, and where each comes from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from post.atomic import real_path
from post.job.diagnostics import Diagnostics
from post.job.reader import Section
from post.job.sections.design.tokens import GROUPS, Tokens, read_tokens
from post.job.table.form import Part
from post.job.table.schema_table import NONE
from post.knob import Knob, public_knobs
from post.stage import find
from post.values.canonical import plain
from post.values.media import File
from post.values.short_text import short_text
from presets import Node, Written

# A house's `label` and `bug` may be several.
SEVERAL = ("some", "list")


@dataclass(frozen=True, slots=True)
class HouseSetting:
    """One resolved value.

    place: dotted, as in "look.slope"; value: as JSON holds it; text: in few words; origin: the file and line
    that set it, or "default"; doc, unit: of its knob; idle: it is the default.
    """

    place: str
    value: Any
    text: str
    origin: str
    doc: str
    unit: str
    idle: bool


@dataclass(frozen=True, slots=True)
class House:
    """A house style, resolved.

    parts: those of its keys that are in use; stages: (stage, version) of all of them; files: (path as users
    know it, sha256) of every preset and every other file that it reads.
    """

    name: str
    settings: tuple[HouseSetting, ...]
    parts: tuple[str, ...]
    stages: tuple[tuple[str, int], ...]
    files: tuple[tuple[str, str], ...]


def read_house(name: str, folder: Path) -> House:
    """Returns the house style of that name or path, found as a job in `folder` finds it.

    Raises Problems, which name everything that is wrong with it.
    """
    diagnostics = Diagnostics(folder / "job.yaml")
    diagnostics.shelves.path("house", name)  # raises for an unknown name, without a line: it was typed
    named = Node(name, 0, Written(folder / "job.yaml", "house"), name)
    house = diagnostics.preset("house", named, "house")
    if house is None:
        diagnostics.close()
    written = (house or named).mapping.get("tokens")
    tokens = read_tokens(diagnostics, Section(diagnostics, "house", _empty(named), ""), written)
    reader = _Reader(diagnostics, tokens)
    reader.form("house", house or named, "")
    diagnostics.close()
    return House(
        name,
        tuple(reader.settings),
        tuple(reader.parts),
        tuple(sorted(reader.stages.items())),
        tuple(sorted(_files(diagnostics, reader))),
    )


class _Reader:
    """Walks a house by the table of forms. A part that is added to the table is read here without a change."""

    def __init__(self, diagnostics: Diagnostics, tokens: Tokens) -> None:
        self.diagnostics, self.tokens = diagnostics, tokens
        self.settings: list[HouseSetting] = []
        self.parts: list[str] = []
        self.stages: dict[str, int] = {}
        self.assets: dict[str, str] = {}

    def form(self, form: str, node: Node, place: str) -> None:
        section = Section(self.diagnostics, form, node, place)
        for stage in _drawn_by(section):
            filled = self.tokens.fill(self.diagnostics, node, find(stage), place)
            self._stage(Section(self.diagnostics, form, filled, place), stage)
        for name, token in section.node.mapping.items() if form in GROUPS else ():
            self._token(GROUPS[form], token, section.spot(name))
        for key, item in section.form.keys.items():
            asked = section.part(key)
            if asked is not None and isinstance(item, Part):
                self._part(item, asked, section.spot(key))
            elif asked is not None and isinstance(item, Knob) and key != "preset":
                self._word(item, asked, section.spot(key))

    def _part(self, part: Part, node: Node, place: str) -> None:
        for one, spot in _each(part, node, place):
            found = self._resolved(part, one, spot)
            if found is None:
                continue
            self.parts.append(spot)
            if part.short is not None and not isinstance(found.value, dict):
                self._word(part.short, found, spot)
            else:
                self.form(part.form, found, spot)

    def _word(self, knob: Knob, node: Node, place: str) -> None:
        """Reads a value that is not a stage's: when a layer starts, whether to repair."""
        self._put(knob, place, self.diagnostics.value(knob, node, place), (node.origin, False))

    def _token(self, knob: Knob, node: Node, place: str) -> None:
        """Reads a token of the brand; a null file is the font that comes with the program."""
        if node.value is not None:
            self._word(knob, node, place)

    def _resolved(self, part: Part, node: Node, place: str) -> Node | None:
        if node.value == NONE and part.none:
            return None
        return self.diagnostics.preset(part.preset, node, place) if part.preset else node

    def _stage(self, section: Section, name: str) -> None:
        kind = find(name)
        asked = section.asked(kind)
        defaults = {f.name: f.default for f in fields(kind)}  # type: ignore[arg-type]  # a dataclass once declared
        needed = [key for key in public_knobs(kind) if defaults[key] is MISSING and key not in asked]
        # A title style has no text yet, so it cannot be made: its knobs are read one by one.
        made = None if needed else section.stage(kind)
        self.stages[name] = kind.version
        for key, knob in public_knobs(kind).items():
            if key in needed:
                continue
            node, place = asked.get(key, (None, section.spot(key)))
            if made is not None:
                value = getattr(made, key)
            else:
                value = defaults[key] if node is None else self.diagnostics.value(knob, node, place)
            origin = node.origin if node is not None else "default"
            self._put(knob, place, value, (origin, value == defaults[key]))

    def _put(self, knob: Knob, place: str, value: Any, known: tuple[str, bool]) -> None:
        if isinstance(value, File):
            self.assets[value.name] = value.sha256
        origin, idle = known
        # As JSON holds it, so that values of a lock and of a house compare equal.
        held = json.loads(json.dumps(plain(value)))
        self.settings.append(HouseSetting(place, held, short_text(value), origin, knob.doc, knob.unit, idle))


def _drawn_by(section: Section) -> tuple[str, ...]:
    """Returns the stages whose knobs a mapping has: all of its form, or the one that it says of several."""
    stages = section.form.stages
    if len(stages) == 1 or "stage" not in section.form.keys:
        return stages
    named = section.node.mapping.get("stage")
    return (named.text,) if named is not None and named.text in stages else stages[:1]


def _empty(node: Node) -> Node:
    return Node({}, node.line, node.file)


def _each(part: Part, node: Node, place: str) -> Iterator[tuple[Node, str]]:
    if part.many in SEVERAL and isinstance(node.value, tuple):
        yield from ((item, f"{place}[{index}]") for index, item in enumerate(node.items))
    else:
        yield node, place


def _files(diagnostics: Diagnostics, reader: _Reader) -> Iterator[tuple[str, str]]:
    for path, written in diagnostics.shelves.opened.items():
        yield _label(path, written, diagnostics.path.parent), hashlib.sha256(path.read_bytes()).hexdigest()
    yield from reader.assets.items()


def _label(path: Path, written: Written, folder: Path) -> str:
    """Returns a path that means the same on another machine, if there is one."""
    inside = path.is_relative_to(real_path(folder))
    return str(path.relative_to(real_path(folder))) if inside else written.label


def changes(a: House, b: House) -> Iterator[tuple[HouseSetting | None, HouseSetting | None]]:
    """Yields each value that differs between two houses, in the order of the first; None for a house without it."""
    ours, theirs = _by_place(a), _by_place(b)
    for place in [*ours, *(place for place in theirs if place not in ours)]:
        mine, other = ours.get(place), theirs.get(place)
        if mine is None or other is None or mine.value != other.value:
            yield mine, other


def _by_place(house: House) -> Mapping[str, HouseSetting]:
    return {setting.place: setting for setting in house.settings}
