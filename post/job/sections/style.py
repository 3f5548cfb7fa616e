"""Resolves the house style of a job, as the job changes it. No stage is made here yet."""

from __future__ import annotations

from dataclasses import dataclass

from post.job.diagnostics import Diagnostics
from post.job.lock import report_broken_lock
from post.job.reader import Section
from post.job.sections.design.tokens import Tokens, read_tokens
from post.job.sections.repair import repairs_over
from post.job.table.schema_table import NONE
from presets import Node

Placed = tuple[Node, str]


@dataclass(frozen=True, slots=True)
class Style:
    """The resolved keys of each part; None if the house or the job says `none`. labels, bugs: with their dotted
    places; tokens: the brand's, which layers name as $NAME."""

    name: str
    repair: Node | None
    look: Node | None
    optics: Node | None
    grain: Node | None
    type: Node | None
    labels: tuple[Placed, ...]
    bugs: tuple[Placed, ...]
    loudness: Node | None
    tokens: Tokens
    balance: Node | None = None


def read_style(diagnostics: Diagnostics, job: Section) -> Style:
    """Returns the job's house, with the job's own look, grain, type, label and bug merged over it."""
    named = job.part("house")
    house = diagnostics.preset("house", named, "house") if named else None
    if named and house:
        Section(diagnostics, "house", house, "house")
        report_broken_lock(diagnostics, named)
        diagnostics.credit("house", named.text or "written here", named.origin)
    has = house.mapping if house else {}

    def part(kind: str, key: str) -> Node | None:
        base = diagnostics.over(kind, None, has.get(key), f"house.{key}")
        return diagnostics.over(kind, base, job.part(key), key)

    return Style(
        name=named.text if named else "",
        repair=repairs_over(has.get("repair"), job.part("repair")),
        look=part("look", "look"),
        optics=part("optics", "optics"),
        grain=part("grain", "grain"),
        type=part("type", "type"),
        labels=_some(diagnostics, "label", "label", (has.get("label"), job.part("label"))),
        bugs=_some(diagnostics, "label", "bug", (has.get("bug"), job.part("bug"))),
        loudness=has.get("loudness"),
        tokens=read_tokens(diagnostics, job, has.get("tokens")),
        balance=has.get("balance"),
    )


def _some(
    diagnostics: Diagnostics, kind: str, key: str, written: tuple[Node | None, Node | None]
) -> tuple[Placed, ...]:
    """Returns one or several layers: the house's; or the job's, each merged over the first of the house's."""
    house, job = written
    base = [diagnostics.over(kind, None, item, spot) for item, spot in _each(house, f"house.{key}")]
    kept = [node for node in base if node is not None]
    if job is None:
        return tuple((node, _spot(key, index, len(kept))) for index, node in enumerate(kept))
    if job.value == NONE:
        return ()
    first = kept[0] if kept else None
    made = [(diagnostics.over(kind, first, item, spot), spot) for item, spot in _each(job, key)]
    return tuple((node, spot) for node, spot in made if node is not None)


def _each(node: Node | None, key: str) -> list[Placed]:
    if node is None:
        return []
    if isinstance(node.value, tuple):
        return [(item, f"{key}[{index}]") for index, item in enumerate(node.items)]
    return [(node, key)]


def _spot(key: str, index: int, of: int) -> str:
    return key if of == 1 else f"{key}[{index}]"
