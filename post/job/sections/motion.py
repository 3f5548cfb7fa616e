"""The motion of a title: a preset's name, or its moves written out."""

from __future__ import annotations

from post.errors import JobError
from post.job.diagnostics import Asked
from post.job.reader import Section
from post.job.table.schema_table import NONE
from post.knob import Knob
from post.picture.motion.moves import KEYS, Move, TypeMotion, motion_text
from presets import Node


def read_motion_key(section: Section) -> Asked:
    """Returns the knob `motion` of a title as its stage takes it; nothing where the title has none, or a wrong one."""
    given = section.part("motion")
    if given is None or given.value == NONE:
        return {}
    node = section.diagnostics.preset("motion", given, section.spot("motion"))
    if node is None:
        return {}
    inner = Section(section.diagnostics, "motion", node, section.spot("motion"))
    moves = {name: _move(inner, key) for key, name in KEYS.items()}
    motion = TypeMotion(**moves, shutter=inner.number("shutter", 0.0))
    written = Node(motion_text(motion), given.line, given.file, given.text)
    return {"motion": (written, section.spot("motion"))}


def _move(motion: Section, key: str) -> Move | None:
    """Returns one move; None where it is not given, or wrong, which is reported."""
    node = motion.part(key)
    if node is None:
        return None
    section = Section(motion.diagnostics, "move", node, motion.spot(key))
    values = dict[str, object]()
    for name, item in section.form.keys.items():
        if name in section.node.mapping and isinstance(item, Knob):
            read = section.diagnostics.value(item, section.node.mapping[name], section.spot(name))
            if read is not None:
                values[name] = read
    try:
        return Move(**values)  # type: ignore[arg-type]  # as their knobs read them
    except JobError as fault:
        name = fault.where.rpartition(".")[2]
        section.diagnostics.report(fault, section.node.mapping.get(name, node), section.spot(name))
        return None
