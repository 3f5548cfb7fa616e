"""Reads the check of a rule: its type, and its parameters by the knobs of that type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from post.errors import JobError, unknown

# Importing a module declares its types of check.
from post.job.brief import edit_checks, motion_checks, picture_checks, word_checks  # noqa: F401
from post.job.brief.rule_check import CHECK_TYPES, RuleCheck, is_listed
from post.job.diagnostics import Diagnostics
from post.job.reader import MOST_ITEMS, Section
from post.knob import Knob, knobs_of
from presets import Node


def read_check(diagnostics: Diagnostics, node: Node, place: str) -> RuleCheck | None:
    """Returns the check that a rule names; None, with its faults, where something is wrong with it."""
    if isinstance(node.value, str):
        kind = _kind(diagnostics, node, place)
        return _made(diagnostics, kind, {}, node, place) if kind else None
    section = Section(diagnostics, "rule-check", node, place)
    named = section.node.mapping.get("type")
    kind = _kind(diagnostics, named, f"{place}.type") if named else None
    if kind is None:
        return None
    given = section.node.mapping.get("params")
    if given is not None and not isinstance(given.value, dict):
        expected = " | ".join(knobs_of(kind)) or "no parameters"
        diagnostics.say("not keys and values", given, f"{place}.params", expected=expected, got=given.kind)
        return None
    return _made(diagnostics, kind, given.mapping if given else {}, given or node, f"{place}.params")


def _kind(diagnostics: Diagnostics, node: Node, place: str) -> type[RuleCheck] | None:
    found = CHECK_TYPES.get(node.text)
    if found is None:
        diagnostics.report(unknown(node.text or node.kind, CHECK_TYPES, "", "type of check"), node, place)
    return found


def _made(
    diagnostics: Diagnostics, kind: type[RuleCheck], given: Mapping[str, Node], node: Node, place: str
) -> RuleCheck | None:
    """Returns a check of that kind. given: the parameters as they are written; node: where a missing one is told."""
    knobs, values, wrong = knobs_of(kind), dict[str, object](), False
    for key, item in given.items():
        about = knobs.get(key)
        if about is None:
            diagnostics.report(unknown(key, knobs, "", "parameter"), item, f"{place}.{key}")
            wrong = True
            continue
        read = tuple(_values(diagnostics, kind, key, item, f"{place}.{key}"))
        wrong = wrong or None in read
        values[key] = read if is_listed(kind, key) else read[0] if read else None
    if wrong:
        return None
    # 0 is a limit too.
    if kind.needs and all(values.get(name) in (None, ()) for name in kind.needs):
        expected = " | ".join(kind.needs)
        diagnostics.say("a check that limits nothing", node, place, expected=expected, got="none of these")
        return None
    made = kind(**values)
    for name, expected in made.faults():
        diagnostics.say(
            "does not fit", given.get(name, node), f"{place}.{name}", expected=expected, got=f"{values[name]}"
        )
        return None
    return made


def _values(
    diagnostics: Diagnostics, kind: type[RuleCheck], key: str, item: Node, place: str
) -> Iterator[object]:
    """Yields the values that a parameter was given, one where it takes one; None for each that is wrong."""
    about, several = knobs_of(kind)[key], is_listed(kind, key) and isinstance(item.value, tuple)
    if several and len(item.items) > MOST_ITEMS:
        diagnostics.say("too many", item, place, expected=f"up to {MOST_ITEMS}", got=len(item.items))
        yield None
        return
    for number, each in enumerate(item.items if several else (item,)):
        spot = f"{place}[{number}]" if several else place
        yield diagnostics.source(each, spot) if key in kind.paths else _value(diagnostics, about, each, spot)


def _value(diagnostics: Diagnostics, about: Knob, item: Node, place: str) -> object | None:
    written = about.kind in ("text", "choice", "duration") and isinstance(item.value, int | float)
    try:
        read = about.read(item.text if written else item.plain(), place)
    except JobError as fault:
        diagnostics.report(fault, item, place)
        return None
    if about.kind == "text" and not str(read).strip():
        diagnostics.say("empty", item, place, expected="a text")
        return None
    return int(read) if about.kind == "whole" and isinstance(read, float) else read
