"""Reads the block `versions` of a job: the axes, what each value lays over the job, and what goes together.

versions:
  axes: {language: {en: {}, de: {titles: {line: {text: Winterzeit}}}}, hook: {dog: {}, ship: {...}}}
  except: [{language: de, hook: ship}]     # combinations that are not made
  only: [{hook: dog}]                      # where it is given: those that are
  name: "{deliver}-{language}-{hook}"
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from post.errors import unknown
from post.job.diagnostics import Diagnostics
from post.job.reader import Section
from post.job.sections.entries import FILE_LETTERS, FILE_NAME, NO_FILE_NAME
from post.job.versions.name_template import DELIVER, NameTemplate, read_template
from presets import Node

MOST_VERSIONS = 1_000  # a campaign of 10 languages, 5 formats and 20 hooks
AXES = "versions.axes"


@dataclass(frozen=True, slots=True)
class AxisValue:
    """One value of an axis. node: what it lays over the job; place: its dotted place."""

    axis: str
    name: str
    node: Node
    place: str


@dataclass(frozen=True, slots=True)
class VersionMatrix:
    """The versions of a job: each combination of a value of every axis that its rules leave.

    node: the whole block; template: of the films' names.
    """

    node: Node
    combinations: tuple[tuple[AxisValue, ...], ...]
    template: NameTemplate


def read_matrix(diagnostics: Diagnostics, job: Section) -> VersionMatrix | None:
    """Returns the matrix of a job; None where it has no versions, or with faults where none can be made."""
    node = job.part("versions")
    if node is None:
        return None
    section = Section(diagnostics, "versions", node, "versions")
    axes = _axes(diagnostics, section)
    count = prod(len(values) for values in axes.values()) if axes else 0
    if count > MOST_VERSIONS:
        diagnostics.say(
            "too many versions", node, "versions", expected=f"up to {MOST_VERSIONS}", got=count,
            fix="leave out values, or make the versions in several jobs",
        )  # fmt: skip
        return None
    leave, keep = (_rules(diagnostics, section, key, axes) for key in ("except", "only"))
    every = product(*axes.values()) if axes else ()
    made = tuple(one for one in every if not _meets(one, leave) and (not keep or _meets(one, keep)))
    if count and not made:
        fix = "leave out a rule under `except` or `only`"
        diagnostics.say("no version is left", node, "versions", expected="at least one", fix=fix)
    template = read_template(diagnostics, section, axes)
    return VersionMatrix(node, made, template) if made else None


def _axes(diagnostics: Diagnostics, section: Section) -> dict[str, tuple[AxisValue, ...]]:
    node = section.part("axes")
    if node is None:
        return {}
    if not node.mapping:
        diagnostics.say(
            "no axes", node, AXES, expected="AXIS: {VALUE: what is laid over the job}", got=node.kind
        )
    found = {}
    for axis, values in node.mapping.items():
        place = f"{AXES}.{axis}"
        if axis == DELIVER:
            fix = "call the axis `format`, say"
            diagnostics.say("an axis named as names have the deliverable", values, place, got=axis, fix=fix)
        if not values.mapping:
            expected = "VALUE: {what is laid over the job}, one or more"
            diagnostics.say("an axis without values", values, place, expected=expected)
            continue
        found[axis] = tuple(_value(diagnostics, axis, *item) for item in values.mapping.items())
    return found


def _value(diagnostics: Diagnostics, axis: str, name: str, node: Node) -> AxisValue:
    place = f"{AXES}.{axis}.{name}"
    if not FILE_NAME.match(name):
        diagnostics.say(NO_FILE_NAME, node, place, expected=FILE_LETTERS, got=repr(name), fix="rename it")
    if isinstance(node.value, str):  # a preset's name alone
        node = Node({"preset": node}, node.line, node.file)
    elif not isinstance(node.value, dict):
        expected = "keys of a job, {} for none, or an overlay preset's name"
        diagnostics.say(
            "nothing that can be laid over the job", node, place, expected=expected, got=node.kind
        )
        node = Node({}, node.line, node.file)
    return AxisValue(axis, name, node, place)


def _rules(
    diagnostics: Diagnostics, section: Section, key: str, axes: Mapping[str, tuple[AxisValue, ...]]
) -> list[dict[str, set[str]]]:
    """Returns the rules under a key: for each, the values that it is about on each axis that it names."""
    rules = []
    for node, place in section.items(key):
        if not node.mapping:
            expected = "{AXIS: VALUE, ...}"
            diagnostics.say("not a combination", node, place, expected=expected, got=node.kind)
            continue
        rule = {}
        for axis, item in node.mapping.items():
            if axis not in axes:
                diagnostics.report(unknown(axis, axes, "", "axis"), item, f"{place}.{axis}")
                continue
            words = item.items if isinstance(item.value, tuple) else (item,)
            known = [value.name for value in axes[axis]]
            for word in words:
                if word.text not in known:
                    diagnostics.report(unknown(word.text, known, "", f"{axis}"), word, f"{place}.{axis}")
            rule[axis] = {word.text for word in words}
        if rule:
            rules.append(rule)
    return rules


def _meets(combination: tuple[AxisValue, ...], rules: list[dict[str, set[str]]]) -> bool:
    """Returns whether a combination is one of those that some rule is about."""
    values = {value.axis: value.name for value in combination}
    return any(all(values[axis] in names for axis, names in rule.items()) for rule in rules)


def pairs_made(matrix: VersionMatrix) -> Iterator[tuple[AxisValue, AxisValue]]:
    """Yields each two values of different axes that some version has together, once."""
    seen: set[tuple[str, str]] = set()
    for combination in matrix.combinations:
        for number, first in enumerate(combination):
            for second in combination[number + 1 :]:
                if (first.place, second.place) not in seen:
                    seen.add((first.place, second.place))
                    yield first, second
