"""Names the films of versions by a template such as "{deliver}-{language}-{hook}"."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from string import Formatter

from post.errors import unknown
from post.job.diagnostics import Diagnostics
from post.job.reader import Section
from post.job.sections.entries import FILE_LETTERS, FILE_NAME, NO_FILE_NAME
from presets import Node

DELIVER = "deliver"


@dataclass(frozen=True, slots=True)
class NameTemplate:
    """How films are named. node: where it is written, that of the whole block where it is not given."""

    text: str
    node: Node
    place: str

    def name(self, deliver: str, axes: Mapping[str, str]) -> str:
        """Returns the name of a version's film. axes: the version's value on each axis."""
        return self.text.format_map({DELIVER: deliver, **axes})


def read_template(diagnostics: Diagnostics, section: Section, axes: Collection[str]) -> NameTemplate:
    """Returns the template; the deliverable's name and every axis where none is given, or it is wrong."""
    usual = "-".join(f"{{{name}}}" for name in (DELIVER, *axes))
    node, place = section.part("name"), section.spot("name")
    if node is None:
        return NameTemplate(usual, section.node, place)
    known = (DELIVER, *axes)
    try:
        parts = list(Formatter().parse(node.text))
    except ValueError as fault:
        expected = "text with names of axes in braces"
        diagnostics.say("not a template", node, place, expected=expected, got=f"{node.text!r} ({fault})")
        return NameTemplate(usual, node, place)
    sound = True
    for text, field, form, turned in parts:
        if text and not FILE_NAME.match(f"a{text}"):
            diagnostics.say(NO_FILE_NAME, node, place, expected=FILE_LETTERS, got=repr(text))
            sound = False
        if field is None:
            continue
        if field not in known:
            diagnostics.report(unknown(field, known, "", "placeholder"), node, place)
            sound = False
        elif form or turned:
            got = f"{{{field}{'!' + turned if turned else ''}{':' + form if form else ''}}}"
            diagnostics.say("not a plain placeholder", node, place, expected=f"{{{field}}}", got=got)
            sound = False
    return NameTemplate(node.text if sound else usual, node, place)
