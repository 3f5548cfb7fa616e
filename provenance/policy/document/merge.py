"""Makes one set of requirements of several policies: the strictest of each wins, and contradictions are told.

Rules are merged where they check the same thing under the same condition (or all apply, where facts are given): same
type of check, same names of parameters, both able to fail a film or both not. All others stay as they are.
Contradictions are looked for among those too. Which rule of which policy set each number stays known. The order of the
policies does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from provenance.policy.document.conditions import Condition, Scalar
from provenance.policy.document.policy import Parameter, Policy, PolicyRule, each_once
from provenance.policy.document.strictness import TARGETS, direction_of

# A value of a parameter, and the rule that has it, as "policy/rule".
Stated = tuple[str, Parameter]


@dataclass(frozen=True, slots=True)
class MergedParameter:
    """A parameter of a merged rule. value: None where the rules contradict each other; set_by: the rules whose value it
    is; origin: who set it there; stated: the value of every rule."""

    name: str
    value: Parameter | None
    set_by: tuple[str, ...]
    origin: str
    stated: tuple[Stated, ...]


@dataclass(frozen=True, slots=True)
class MergedRule:
    """What several rules together require. rules: their names, as "policy/rule"; firm: a film can fail by it."""

    check: str
    when: Condition
    firm: bool
    parameters: tuple[MergedParameter, ...]
    rules: tuple[str, ...]

    @property
    def values(self) -> dict[str, Parameter]:
        """Its parameters by name, without those that are contradicted."""
        return {each.name: each.value for each in self.parameters if each.value is not None}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Values of a parameter that no film can meet together."""

    check: str
    parameter: str
    stated: tuple[Stated, ...]

    def __str__(self) -> str:
        said = "; ".join(f"{rule} has {parameter_text(value)}" for rule, value in self.stated)
        return f"no film meets {self.check} of all: {self.parameter}: {said}"


@dataclass(frozen=True, slots=True)
class MergedPolicy:
    """What several policies together require. policies: their names and versions; undecided: rules that depend on a
    fact that nobody has declared, as ("policy/rule", why)."""

    policies: tuple[tuple[str, str], ...]
    rules: tuple[MergedRule, ...]
    contradictions: tuple[Contradiction, ...]
    undecided: tuple[tuple[str, str], ...] = ()


_Named = tuple[str, PolicyRule]


def merge_policies(
    policies: Iterable[Policy], facts: Mapping[str, Scalar] | None = None, at: str = ""
) -> MergedPolicy:
    """Returns what several policies together require.

    facts: where given, rules that do not apply by them are left out; at: the day (ISO 8601), "" for any: every rule
    counts as in force. Raises JobError for two that differ under one name and version.
    """
    found = {(each.name, each.version): each for each in each_once(policies)}
    named = [
        (f"{_called(key, found)}/{rule.id}", rule)
        for key, each in sorted(found.items())
        for rule in each.rules
    ]
    kept = list[_Named]()
    undecided = list[tuple[str, str]]()
    for name, rule in named:
        answer = rule.when.ask(facts or {})
        if is_over_or_not_yet(rule, at) or (facts is not None and answer.holds is False):
            continue
        kept.append((name, rule))
        if facts is not None and answer.holds is None:
            undecided.append((name, answer.why))
    held = facts is not None
    groups, near = dict[tuple[object, ...], list[_Named]](), dict[tuple[object, ...], list[_Named]]()
    for name, rule in kept:
        applies = held and rule.when.ask(facts or {}).holds is True
        alike = (rule.check, "" if applies else str(rule.when), _apart(rule))
        near.setdefault(alike, []).append((name, rule))
        names = tuple(parameter for parameter, _ in rule.params)
        groups.setdefault((*alike, rule.is_firm(at), names), []).append((name, rule))
    merged = sorted(
        (_merged(group, at) for group in groups.values()), key=lambda each: (each.check, each.rules)
    )
    against = (each for group in near.values() for each in _contradictions(group))
    ordered = sorted(against, key=lambda each: (each.check, each.parameter, each.stated))
    return MergedPolicy(tuple(sorted(found)), tuple(merged), tuple(ordered), tuple(undecided))


def _called(key: tuple[str, str], among: Iterable[tuple[str, str]]) -> str:
    """Returns a policy's name; with its version, where there are several versions of it."""
    name, version = key
    return name if [each for each, _ in among].count(name) == 1 else f"{name} {version}"


def is_over_or_not_yet(rule: PolicyRule, at: str) -> bool:
    """Returns whether a rule is not checked on a day: it holds no longer, or not yet and is no law to come."""
    return rule.valid.is_after(at) or (rule.valid.is_before(at) and rule.force != "law_future")


def parameter_text(value: Parameter) -> str:
    """Returns a parameter as a policy file writes it."""
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, Fraction):
        whole = value.denominator == 1
        return str(value.numerator) if whole else f"{float(value):.9f}".rstrip("0")
    return str(value)


def _apart(rule: PolicyRule) -> tuple[tuple[str, Parameter], ...]:
    """Returns the parameters that say what a rule checks."""
    return tuple((name, value) for name, value in rule.params if direction_of(rule.check, name) == "apart")


def _merged(group: Sequence[_Named], at: str) -> MergedRule:
    first = group[0][1]
    stated = _stated(group)
    values = dict(_values(first.check, stated))
    parameters = tuple(_parameter(name, values[name], stated[name], group) for name in stated)
    names = tuple(sorted(name for name, _ in group))
    return MergedRule(first.check, first.when, first.is_firm(at), parameters, names)


def _contradictions(group: Sequence[_Named]) -> Iterator[Contradiction]:
    """Yields the parameters that no film can meet of all rules of a group, firm or not."""
    check, stated = group[0][1].check, _stated(group)
    target, tolerance = TARGETS.get(check, ("", ""))
    for name, value in _values(check, stated):
        if value is None and name != tolerance:
            rows = _with_tolerance(stated, target, tolerance) if name == target else stated[name]
            yield Contradiction(check, name, tuple(sorted(rows)))


def _with_tolerance(
    stated: Mapping[str, tuple[Stated, ...]], target: str, tolerance: str
) -> tuple[Stated, ...]:
    """Returns targets as people write them: -23 +- 0.5."""
    around = dict(stated[tolerance])
    return tuple(
        (rule, f"{parameter_text(value)} +- {parameter_text(around[rule])}")
        for rule, value in stated[target]
        if rule in around
    )


def _stated(group: Sequence[_Named]) -> dict[str, tuple[Stated, ...]]:
    """Returns the value that each rule gives each parameter, by the parameter."""
    names = dict.fromkeys(name for _, rule in group for name, _ in rule.params)
    return {
        name: tuple((named, rule.parameters[name]) for named, rule in group if name in rule.parameters)
        for name in names
    }


def _parameter(
    name: str, value: Parameter | None, stated: tuple[Stated, ...], group: Sequence[_Named]
) -> MergedParameter:
    setting = tuple(rule for rule, own in stated if own == value) or tuple(rule for rule, _ in stated)
    origins = dict.fromkeys(rule.origin_of(name) for named, rule in group if named in setting)
    return MergedParameter(
        name, value, tuple(sorted(setting)), " and ".join(sorted(origins)), tuple(sorted(stated))
    )


def _values(check: str, stated: Mapping[str, tuple[Stated, ...]]) -> Iterator[tuple[str, Parameter | None]]:
    """Yields the strictest value of each parameter; None where there is none."""
    target, tolerance = TARGETS.get(check, ("", ""))
    around = dict(stated.get(tolerance, ()))
    both = [(value, around[rule]) for rule, value in stated.get(target, ()) if rule in around]
    if both:
        yield from zip((target, tolerance), _range(both), strict=True)
    for name, rows in stated.items():
        if not (both and name in (target, tolerance)):
            yield name, _strictest(direction_of(check, name), [value for _, value in rows])


def _range(stated: Sequence[tuple[Parameter, Parameter]]) -> tuple[Fraction | None, Fraction | None]:
    """Returns the target and the tolerance of what lies within all; None for both where nothing does."""
    pairs = [(_exact(target), _exact(tolerance)) for target, tolerance in stated]
    low, high = max((a - b for a, b in pairs)), min((a + b for a, b in pairs))
    return ((low + high) / 2, (high - low) / 2) if low <= high else (None, None)


def _strictest(direction: str, values: Sequence[Parameter]) -> Parameter | None:
    if direction == "more":
        return max(values, key=_exact)
    if direction == "less":
        return min(values, key=_exact)
    if direction in ("all", "common"):
        sets = [set(each) if isinstance(each, tuple) else {str(each)} for each in values]
        found = set.union(*sets) if direction == "all" else set.intersection(*sets)
        return tuple(sorted(found)) or None
    return values[0] if all(each == values[0] for each in values) else None


def _exact(value: Parameter) -> Fraction:
    """Returns a number exactly. Raises TypeError for a text: no shipped check has one in such a place."""
    if not isinstance(value, int | Fraction):
        raise TypeError(f"{value!r} is no number")
    return Fraction(value)
