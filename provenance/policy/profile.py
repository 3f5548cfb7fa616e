"""Reads a policy profile: rules as YAML, with a version and dated sources, for one role.

profile: house-default
version: 2026.11.1
sources: [{id: house, title: House rules, date: 2026-11-21, confidence: A}]
rules:
  - id: HOUSE-TRAINING
    force: house
    clause: {source: house, at: "2"}
    check: {type: training-mining.present}
    when: {all: [{fact: territory, eq: EU}]}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from post.atomic import real_path
from post.errors import JobError
from post.values.claim import Ruling, Verdict
from presets.yaml_nodes import Node, Written, read
from provenance.policy.check import Parameter, Parameters, PolicyInput
from provenance.policy.checks import CHECKS, run_check
from provenance.policy.fields import FieldReader, Scalar, same
from provenance.policy.rule import Rule
from provenance.report import PolicyResult

# Who requires a rule. A rule from a draft, or from a source of low confidence, warns and never fails a film.
FORCES = ("law", "law_future", "guidance", "code", "draft", "platform", "standard", "house")
_SOFT = frozenset({"draft", "law_future"})
_FIRM_CONFIDENCE = frozenset({"A", "B"})
_PROFILE = ("profile", "version", "sources", "rules")
_RULE, _RULE_MAY = ("id", "force", "clause", "check"), ("when", "params_origin", "on_fail", "says")
_ON_FAIL = ("fail", "warn")


@dataclass(frozen=True)
class ProfileRule:
    """One rule of a profile.

    kind, parameters: of its check; when: the facts it depends on and the value each must have; origin: who set its
    threshold; clause: its place in the source; on_fail: the verdict where the check fails.
    """

    id: str
    kind: str
    parameters: Parameters
    when: tuple[tuple[str, Scalar], ...]
    origin: str
    clause: str
    on_fail: Verdict

    def check(self, given: PolicyInput) -> Ruling:
        """Returns the rule's ruling: "needs_human" where a fact it depends on is not declared."""
        applies = self._applies(given.facts)
        if applies is not None:
            return Ruling(self.id, applies[0], "", "", self.origin, applies[1])
        outcome = run_check(given, self.kind, self.parameters)
        verdict = self.on_fail if outcome.verdict == "fail" else outcome.verdict
        evidence = f"{self.clause}; {outcome.evidence}" if outcome.evidence else self.clause
        return Ruling(
            self.id, verdict, outcome.found, outcome.required, self.origin, evidence, outcome.at, outcome.box,
            outcome.frame, self.clause,
        )  # fmt: skip

    def _applies(self, facts: Mapping[str, Scalar]) -> tuple[Verdict, str] | None:
        """Returns why the rule is not checked; None where it is."""
        for fact, value in self.when:
            if fact not in facts:
                return "needs_human", f"nobody has declared: {fact}"
            if not same(facts[fact], value):
                return "not_applicable", f"{fact} is {facts[fact]}"
        return None


@dataclass(frozen=True)
class Profile:
    """Rules under one name and version. sources: where they come from, as (id, title and date).

    Raises JobError where there are no rules.
    """

    name: str
    version: str
    rules: tuple[Rule, ...]
    sources: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not self.rules:
            raise JobError("a policy without rules would pass anything", where=self.name)

    def check(self, given: PolicyInput) -> PolicyResult:
        """Returns the ruling of every rule for a file."""
        return PolicyResult(self.name, self.version, tuple(rule.check(given) for rule in self.rules))


@dataclass(frozen=True, slots=True)
class _PolicySource:
    """Where a rule comes from. firm: reliable enough for a film to fail by it."""

    title: str
    date: str
    firm: bool


def load(path: Path) -> Profile:
    """Returns the profile in a YAML file.

    Raises Problems with every fault in it, each with its file and line; JobError where it is no YAML file.
    """
    root = read(Written(real_path(path), str(path)))
    fields = FieldReader()
    keys = fields.keys(root, "", _PROFILE)
    name, version = fields.text(keys.get("profile"), "profile"), fields.text(keys.get("version"), "version")
    sources = _sources(fields, keys.get("sources"))
    rules = _rules(fields, keys.get("rules"), sources)
    fields.close()
    origins = tuple((key, f"{source.title}, {source.date}") for key, source in sources.items())
    return Profile(name, version, rules, origins)


def load_facts(path: Path) -> dict[str, Scalar]:
    """Returns declared facts by name: what is under `facts` in a YAML file, or else all of it.

    Raises Problems where one is not a text, a number, true or false; JobError where it is no YAML file.
    """
    root = read(Written(real_path(path), str(path)))
    fields = FieldReader()
    held = root.mapping.get("facts", root)
    place = "facts" if held is not root else ""
    named = fields.keys(held, place).items()
    facts = {key: fields.scalar(node, f"{place}.{key}".lstrip(".")) for key, node in named}
    fields.close()
    return facts


def _sources(fields: FieldReader, node: Node | None) -> dict[str, _PolicySource]:
    found: dict[str, _PolicySource] = {}
    for item, place in fields.items(node, "sources"):
        keys = fields.keys(item, place, ("id", "title", "date"))
        named = fields.text(keys.get("id"), f"{place}.id")
        title = fields.text(keys.get("title"), f"{place}.title")
        date = fields.text(keys.get("date"), f"{place}.date")
        confidence = fields.text(keys.get("confidence"), f"{place}.confidence", "A")
        if named in found:
            fields.say("two sources with the same id", item, f"{place}.id", got=named)
        found[named] = _PolicySource(title, date, confidence in _FIRM_CONFIDENCE)
    return found


def _rules(
    fields: FieldReader, node: Node | None, sources: Mapping[str, _PolicySource]
) -> tuple[ProfileRule, ...]:
    items = fields.items(node, "rules")
    if node is not None and node.value == ():
        fields.say("a policy without rules would pass anything", node, "rules", expected="at least one rule")
    rules = [_rule(fields, item, place, sources) for item, place in items]
    named = set[str]()
    for rule, (item, place) in zip(rules, items, strict=True):
        if rule.id and rule.id in named:
            fields.say("two rules with the same id", item, f"{place}.id", got=rule.id)
        named.add(rule.id)
    return tuple(rules)


def _rule(fields: FieldReader, node: Node, place: str, sources: Mapping[str, _PolicySource]) -> ProfileRule:
    """Returns one rule; a faulty one as far as it can be read, with its faults kept."""
    keys = fields.keys(node, place, _RULE, _RULE_MAY)
    force = fields.choice(keys.get("force"), f"{place}.force", FORCES, FORCES[0])
    source, at = _clause(fields, keys.get("clause"), f"{place}.clause", sources)
    kind, parameters = _check(fields, keys.get("check"), f"{place}.check")
    on_fail = fields.choice(keys.get("on_fail"), f"{place}.on_fail", _ON_FAIL, "fail")
    fields.text(keys.get("says"), f"{place}.says")
    firm = force not in _SOFT and source.firm
    return ProfileRule(
        fields.text(keys.get("id"), f"{place}.id"),
        kind,
        parameters,
        _when(fields, keys.get("when"), f"{place}.when"),
        fields.text(keys.get("params_origin"), f"{place}.params_origin", force),
        f"{source.title} ({source.date}), {at}",
        "fail" if firm and on_fail == "fail" else "warn",
    )


def _clause(
    fields: FieldReader, node: Node | None, place: str, sources: Mapping[str, _PolicySource]
) -> tuple[_PolicySource, str]:
    """Returns the source of a rule, and the place in it."""
    keys = fields.keys(node, place, ("source", "at"), ())
    named = fields.choice(keys.get("source"), f"{place}.source", tuple(sources), "")
    return sources.get(named, _PolicySource("", "", False)), fields.text(keys.get("at"), f"{place}.at")


def _check(fields: FieldReader, node: Node | None, place: str) -> tuple[str, Parameters]:
    """Returns the type of a check, and its parameters, which are not read for an unknown type."""
    keys = fields.keys(node, place, ("type",), ("params",))
    kind, params, spot = fields.text(keys.get("type"), f"{place}.type"), keys.get("params"), f"{place}.params"
    if kind not in CHECKS:
        fields.keys(params, spot)
        return kind, {}
    takes = CHECKS[kind].takes
    given = fields.keys(params, spot, (), tuple(takes)).items()
    return kind, {
        key: _parameter(fields, item, f"{spot}.{key}", takes[key]) for key, item in given if key in takes
    }


def _parameter(fields: FieldReader, node: Node, place: str, kind: type) -> Parameter:
    if kind is int:
        return fields.whole(node, place)
    if kind is Fraction:
        return fields.number(node, place)
    if kind is tuple:
        if node.value == ():
            fields.say("an empty list", node, place, expected="at least one of what is allowed")
        return tuple(fields.text(item, spot) for item, spot in fields.items(node, place))
    return fields.text(node, place)


def _when(fields: FieldReader, node: Node | None, place: str) -> tuple[tuple[str, Scalar], ...]:
    """Returns the facts a rule depends on, each with the value it must have."""
    listed = fields.keys(node, place, (), ("all",)).get("all")
    pairs = list[tuple[str, Scalar]]()
    for item, spot in fields.items(listed, f"{place}.all"):
        keys = fields.keys(item, spot, ("fact", "eq"), ())
        fact, value = fields.text(keys.get("fact"), f"{spot}.fact"), keys.get("eq")
        pairs.append((fact, fields.scalar(value, f"{spot}.eq") if value is not None else ""))
    return tuple(pairs)
