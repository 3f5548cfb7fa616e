"""Reads the repairs that a shot or the house asks for."""

from __future__ import annotations

from post.job.diagnostics import Diagnostics
from post.job.model import Repair
from post.job.reader import Section
from post.job.table.schema_table import NONE
from post.picture.repair.deband import Deband
from post.picture.repair.deflicker import Deflicker
from post.picture.repair.degrain import Degrain
from post.stage import RepairStage
from presets import Node, merge

# House order: later ones see what earlier ones left.
KINDS: tuple[type[RepairStage], ...] = (Deflicker, Degrain, Deband)
ORDER = tuple(kind.name for kind in KINDS)
WORDS = ("always", "auto")


def read_repairs(diagnostics: Diagnostics, shot: Section, film: Node | None) -> tuple[Repair, ...]:
    """Returns the repairs of a shot's source: the film's, as the shot changes them."""
    place = shot.spot("repair")
    asked = repairs_over(film, shot.part("repair"))
    if asked is None:
        return ()
    section = Section(diagnostics, "repair", asked, place)
    read = [_read(diagnostics, section, kind) for kind in KINDS]
    return tuple(repair for repair in read if repair is not None)


def repairs_over(house: Node | None, own: Node | None) -> Node | None:
    """Returns the repairs that a house asks for, as a job or a shot changes them."""
    base, over = (node and _written_out(node) for node in (house, own))
    return merge(base, over) if base and over else over or base


def _written_out(node: Node) -> Node:
    """Returns repairs with words written as keys, so that they can be merged with others.

    `auto` alone means every repair with `when: auto`; as the value of one repair, it means `when: auto`.
    """
    if node.value in (*WORDS, NONE):
        return _written_out(Node(dict.fromkeys(ORDER, node), node.line, node.file))
    if not isinstance(node.value, dict):
        return node
    parts = {key: Node({"when": one}, one.line, one.file) if isinstance(one.value, str) and one.value != NONE else one
             for key, one in node.mapping.items()}  # fmt: skip
    return Node(parts, node.line, node.file)


def _read(diagnostics: Diagnostics, section: Section, kind: type[RepairStage]) -> Repair | None:
    node, place = section.part(kind.name), section.spot(kind.name)
    if node is None or node.value == NONE:
        return None
    own = Section(diagnostics, kind.name, node, place)
    when, stage = own.text("when", WORDS[0]), own.stage(kind)
    return Repair(stage, when == "auto", place) if stage is not None else None
