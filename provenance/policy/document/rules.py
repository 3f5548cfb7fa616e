"""Reads one rule of a policy: its clause, its check with parameters, and when it applies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from presets.yaml_nodes import Node
from provenance.policy.document.conditions import ALWAYS, COMPARISONS, Comparing, Condition
from provenance.policy.document.dates import Validity
from provenance.policy.document.fields import FieldReader
from provenance.policy.document.policy import (
    CONFIDENCES,
    FORCES,
    ON_FAIL,
    Clause,
    Parameter,
    PolicyRule,
    PolicySource,
    WaiverTerms,
)
from provenance.policy.document.strictness import LISTS, NUMBERS, TEXTS, direction_of, known_parameters

# The parameters of each type of check by name, each with its type: str, int, Fraction, or tuple for several texts.
Takes = Mapping[str, Mapping[str, type]]
_NEEDED = ("id", "force", "clause", "check")
_MAY = ("says", "when", "params_origin", "on_fail", "valid", "confidence", "waiver")
_WAIVER_NEEDS = ("who", "why", "expires", "film")
# Levels of sound and correlations lie below 0; no other parameter does.
SIGNED = ("lufs", "dbtp", "dbfs", "correlation")
_NO_SOURCE = PolicySource("", "", "", "X")


def read_rule(
    fields: FieldReader, node: Node, place: str, known: tuple[Mapping[str, PolicySource], Takes, Validity]
) -> PolicyRule:
    """Returns one rule; a faulty one as far as it can be read, with its faults kept.

    known: the policy's sources by id, the parameters of each check, and the days on which the policy holds.
    """
    sources, takes, whole = known
    keys = fields.keys(node, place, _NEEDED, _MAY)
    force = fields.choice(keys.get("force"), f"{place}.force", FORCES, FORCES[0])
    clause = _clause(fields, keys.get("clause"), f"{place}.clause", sources)
    check, params = _check(fields, keys.get("check"), f"{place}.check", takes)
    own = read_validity(fields, keys.get("valid"), f"{place}.valid")
    if force == "law_future" and not own.first:
        fields.say(
            "a law to come without the day on which it comes", node, f"{place}.valid", expected="{from: DAY}"
        )
    return PolicyRule(
        fields.text(keys.get("id"), f"{place}.id"),
        fields.text(keys.get("says"), f"{place}.says"),
        force,
        clause,
        check,
        params,
        _when(fields, keys.get("when"), f"{place}.when"),
        _origins(
            fields, keys.get("params_origin"), f"{place}.params_origin", tuple(name for name, _ in params)
        ),
        fields.choice(keys.get("on_fail"), f"{place}.on_fail", ON_FAIL, "fail"),
        own.within(whole),
        fields.choice(keys.get("confidence"), f"{place}.confidence", CONFIDENCES, clause.source.confidence),
        _waiver(fields, keys.get("waiver"), f"{place}.waiver"),
    )


def read_validity(fields: FieldReader, node: Node | None, place: str, needed: Sequence[str] = ()) -> Validity:
    """Returns the days on which something holds. needed: keys that it must have."""
    keys = fields.keys(node, place, needed, ("from", "to"))
    first, last = fields.day(keys.get("from"), f"{place}.from"), fields.day(keys.get("to"), f"{place}.to")
    if node is not None and first and last and last < first:
        fields.say("ends before it starts", node, place, expected=f"a day from {first} on", got=last)
    return Validity(first, last)


def _clause(
    fields: FieldReader, node: Node | None, place: str, sources: Mapping[str, PolicySource]
) -> Clause:
    keys = fields.keys(node, place, ("source", "at"), ("quote",))
    named = fields.choice(keys.get("source"), f"{place}.source", tuple(sources), "")
    at, quote = fields.text(keys.get("at"), f"{place}.at"), fields.text(keys.get("quote"), f"{place}.quote")
    return Clause(sources.get(named, _NO_SOURCE), at, quote)


def _check(
    fields: FieldReader, node: Node | None, place: str, takes: Takes
) -> tuple[str, tuple[tuple[str, Parameter], ...]]:
    """Returns the type of a check, and its parameters in the order of their names."""
    keys = fields.keys(node, place, ("type",), ("params",))
    kind, spot = fields.text(keys.get("type"), f"{place}.type"), f"{place}.params"
    known = tuple(takes[kind]) if kind in takes else tuple(known_parameters(kind)) or None
    given = fields.keys(keys.get("params"), spot, (), known)
    read = {
        key: _parameter(
            fields, item, f"{spot}.{key}", takes[kind][key] if kind in takes else _shape(kind, key, item)
        )
        for key, item in given.items()
        if known is None or key in known
    }
    return kind, tuple(sorted(read.items()))


def _shape(check: str, name: str, node: Node) -> type:
    """Returns the type of a parameter where that of the check is not given: what merging takes it for, or else what it
    is written as."""
    direction = direction_of(check, name)
    is_list = isinstance(node.value, tuple) and direction not in NUMBERS
    if direction in LISTS or name == TEXTS or is_list:
        return tuple
    if isinstance(node.value, int) and not isinstance(node.value, bool) and node.value >= 0:
        return int
    return Fraction if direction in NUMBERS or isinstance(node.value, float) else str


def _parameter(fields: FieldReader, node: Node, place: str, kind: type) -> Parameter:
    if kind is int:
        return fields.whole(node, place)
    if kind is Fraction:
        return fields.number(node, place, signed=place.endswith(SIGNED))
    if kind is tuple:
        if node.value == ():
            fields.say("an empty list", node, place, expected="at least one of what is allowed")
        return fields.texts(node, place)
    return fields.text(node, place)


def _origins(
    fields: FieldReader, node: Node | None, place: str, names: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Returns who set each parameter. One word is for all of them."""
    if node is None:
        return ()
    if not isinstance(node.value, dict):
        word = fields.choice(node, place, FORCES, "")
        return tuple((name, word) for name in names if word)
    given = fields.keys(node, place, (), names)
    return tuple(
        (name, fields.choice(item, f"{place}.{name}", FORCES, ""))
        for name, item in given.items()
        if name in names
    )


def _waiver(fields: FieldReader, node: Node | None, place: str) -> WaiverTerms:
    keys = fields.keys(node, place, ("allowed",), ("needs",))
    needs = tuple(
        fields.choice(item, spot, _WAIVER_NEEDS, "")
        for item, spot in fields.items(keys.get("needs"), f"{place}.needs")
    )
    return WaiverTerms(fields.switch(keys.get("allowed"), f"{place}.allowed"), tuple(filter(None, needs)))


def _when(fields: FieldReader, node: Node | None, place: str) -> Condition:
    """Returns the condition of a rule; ALWAYS where it has none."""
    if node is None:
        return ALWAYS
    found = _condition(fields, node, place)
    return found if isinstance(found, Condition) else Condition("all", (found,) if found else ())


def _condition(fields: FieldReader, node: Node, place: str) -> Condition | Comparing | None:
    """Returns one condition; None, with a fault, where it is none."""
    if "fact" in node.mapping:
        return _comparing(fields, node, place)
    keys = fields.keys(node, place, (), ("all", "any", "not"))
    named = [key for key in ("all", "any", "not") if key in keys]
    if len(named) != 1:
        if isinstance(node.value, dict):
            fields.say(
                "not one condition",
                node,
                place,
                expected="all, any, not, or fact",
                got=", ".join(keys) or "none",
            )
        return None
    (key,) = named
    if key == "not":
        inner = _condition(fields, keys[key], f"{place}.not")
        return Condition("not", (inner,)) if inner else None
    items = fields.items(keys[key], f"{place}.{key}")
    if keys[key].value == ():
        fields.say("an empty list", keys[key], f"{place}.{key}", expected="at least one condition")
    parts = [_condition(fields, item, spot) for item, spot in items]
    return Condition("all" if key == "all" else "any", tuple(part for part in parts if part))


def _comparing(fields: FieldReader, node: Node, place: str) -> Comparing | None:
    keys = fields.keys(node, place, ("fact",), COMPARISONS)
    fact, named = fields.text(keys.get("fact"), f"{place}.fact"), [how for how in COMPARISONS if how in keys]
    if len(named) != 1:
        fields.say(
            "not one comparison",
            node,
            place,
            expected=" | ".join(COMPARISONS),
            got=", ".join(named) or "none",
        )
        return None
    (how,) = named
    spot = f"{place}.{how}"
    if how != "one_of":
        return Comparing(fact, how, (fields.scalar(keys[how], spot),))
    if keys[how].value == ():
        fields.say("an empty list", keys[how], spot, expected="at least one value")
    values = tuple(fields.scalar(item, at) for item, at in fields.items(keys[how], spot))
    return Comparing(fact, how, values)
