"""Checks a film against a policy, rule by rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from post.atomic import checksum, real_path
from post.errors import JobError
from post.values.claim import Ruling, Verdict
from provenance.policy.check import PolicyInput
from provenance.policy.checks import CHECKS, run_check
from provenance.policy.checks.label_sight import is_named, look_for
from provenance.policy.document.conditions import Scalar
from provenance.policy.document.facts import PUBLISHED_AT, as_facts
from provenance.policy.document.policy import PolicyRule
from provenance.policy.document.read import read_policy
from provenance.policy.document.waivers import decide_waivers, excuse
from provenance.policy.rule import Rule
from provenance.report import PolicyResult


@dataclass(frozen=True)
class ProfileRule:
    """One rule of a policy, which can be checked."""

    rule: PolicyRule

    @property
    def id(self) -> str:
        """Its name in its policy."""
        return self.rule.id

    def check(self, given: PolicyInput) -> Ruling:
        """Returns the rule's ruling: "needs_human" where a fact it depends on is not declared; "not_applicable" where
        it does not apply, or not on that day."""
        rule, empty = self.rule, self._unfounded("not_applicable", "")
        applies = self._applies(given.facts, given.at)
        if applies is not None:
            return self._unfounded(*applies)
        outcome = run_check(given, rule.check, rule.parameters)
        softened = outcome.verdict == "fail" and not rule.is_firm(given.at)
        facts = as_facts(given.facts)
        said = [str(fact) for name in rule.when.facts() if (fact := facts.fact(name))]
        evidence = "; ".join(filter(None, (str(rule.clause), outcome.evidence, *said)))
        return replace(
            empty, verdict="warn" if softened else outcome.verdict, measured=outcome.found, threshold=outcome.required,
            evidence=evidence, at=outcome.at, box=outcome.box, frame=outcome.frame,
        )  # fmt: skip

    def before_film(self, facts: Mapping[str, Scalar], at: str) -> Ruling:
        """Returns what can be said of the rule before the film is made: whether it applies, and which fact nobody has
        declared; "cannot_check" where it does apply."""
        return self._unfounded(*(self._applies(facts, at) or ("cannot_check", "the film is not finished")))

    def _unfounded(self, verdict: Verdict, why: str) -> Ruling:
        """Returns a ruling for which nothing was measured."""
        rule = self.rule
        return Ruling(
            rule.id, verdict, origin=rule.origin, evidence=why, source=str(rule.clause), force=rule.force,
            confidence=rule.confidence, says=rule.says, quote=rule.clause.quote,
        )  # fmt: skip

    def _applies(self, facts: Mapping[str, Scalar], at: str) -> tuple[Verdict, str] | None:
        """Returns why the rule is not checked; None where it is. A law to come is checked, and warns."""
        rule = self.rule
        if rule.valid.is_after(at):
            return _on_that_day(f"it held until {rule.valid.last}", facts)
        if rule.valid.is_before(at) and rule.force != "law_future":
            return _on_that_day(f"it holds from {rule.valid.first} on", facts)
        answer = rule.when.ask(facts)
        if answer.holds is None:
            return "needs_human", answer.why
        if answer.holds:
            return None
        declared = as_facts(facts)
        return "not_applicable", "; ".join(str(declared.fact(name)) for name in answer.by)


def _on_that_day(why: str, facts: Mapping[str, Scalar]) -> tuple[Verdict, str]:
    """Returns that a rule does not apply on the day to judge as of. A day that nobody named stands by is for a person:
    any rule could be dated away."""
    day = as_facts(facts).fact(PUBLISHED_AT)
    if day is None:
        return "not_applicable", why
    return ("not_applicable" if day.by else "needs_human"), f"{why}; {day}"


class AskedProfile(Protocol):
    """Rules that are asked of a film: a policy's, or those of a brief. label_texts: texts of labels that they accept;
    rule_ids: those that can be waived, as (policy, rule id)."""

    @property
    def label_texts(self) -> tuple[str, ...]: ...

    @property
    def rule_ids(self) -> tuple[tuple[str, str], ...]: ...

    def check(self, given: PolicyInput) -> PolicyResult:
        """Returns the ruling of every rule for a file."""


@dataclass(frozen=True)
class Profile:
    """Rules under one name and version. sources: where they come from, as (id, title and date); sha256: of its file,
    hexadecimal.

    Raises JobError where there are no rules.
    """

    name: str
    version: str
    rules: tuple[Rule, ...]
    sources: tuple[tuple[str, str], ...] = ()
    sha256: str = ""

    def __post_init__(self) -> None:
        if not self.rules:
            raise JobError("a policy without rules would pass anything", where=self.name)

    def check(self, given: PolicyInput) -> PolicyResult:
        """Returns the ruling of every rule for a file."""
        chosen = {texts: choose_label(given, texts, rules) for texts, rules in self._of_one_label()}
        each = ((rule, replace(given, label=chosen.get(_label_texts(rule) or (), ""))) for rule in self.rules)
        rulings = tuple(self._ruling(rule, given_rule) for rule, given_rule in each)
        return PolicyResult(self.name, self.version, rulings, self.sha256)

    def _of_one_label(self) -> Iterator[tuple[tuple[str, ...], tuple[Rule, ...]]]:
        """Yields the rules that speak of one label, with the texts that they accept: of more rules than one."""
        groups: dict[tuple[str, ...], list[Rule]] = {}
        for rule in self.rules:
            if texts := _label_texts(rule):
                groups.setdefault(texts, []).append(rule)
        yield from ((texts, tuple(rules)) for texts, rules in groups.items() if len(rules) > 1)

    def before_film(self, facts: Mapping[str, Scalar], at: str) -> PolicyResult:
        """Returns what can be said of its rules before a film is made. at: the day (ISO 8601)."""
        rules = (rule for rule in self.rules if isinstance(rule, ProfileRule))
        rulings = tuple(rule.before_film(facts, at) for rule in rules)
        return PolicyResult(self.name, self.version, rulings, self.sha256)

    def _ruling(self, rule: Rule, given: PolicyInput) -> Ruling:
        """Returns a rule's ruling, waived where it is not met and a waiver holds."""
        ruling = rule.check(given)
        if not isinstance(rule, ProfileRule):
            return ruling
        return excuse(ruling, [decide_waivers(given.waivers, self.name, rule.rule, given.at, given.film)])

    @property
    def rule_ids(self) -> tuple[tuple[str, str], ...]:
        """Its rules as (policy, rule id)."""
        return tuple((self.name, rule.id) for rule in self.rules if isinstance(rule, ProfileRule))

    @property
    def label_texts(self) -> tuple[str, ...]:
        """All texts of labels that its rules accept."""
        rules = (rule.rule for rule in self.rules if isinstance(rule, ProfileRule))
        asked = [rule.parameters.get("texts") for rule in rules if rule.check.startswith("label.")]
        return tuple(dict.fromkeys(text for each in asked if isinstance(each, tuple) for text in each))


def _label_texts(rule: Rule) -> tuple[str, ...] | None:
    """Returns the texts of labels that a rule accepts; None for a rule of something else, or that names none."""
    if not isinstance(rule, ProfileRule) or not rule.rule.check.startswith("label."):
        return None
    found = rule.rule.parameters.get("texts")
    return found if isinstance(found, tuple) else None


def choose_label(given: PolicyInput, texts: tuple[str, ...], rules: Sequence[Rule]) -> str:
    """Returns the text of the label that meets most of some rules, "" where fewer than two labels are seen that they
    accept: each rule could else be met by another label. texts: those that the rules accept."""
    sight = look_for(given, texts)
    named = [each for each in sight.seen if each.alone and is_named(each, texts)]
    seen = tuple(dict.fromkeys(each.text for each in named))

    def met(label: str) -> int:
        one = replace(given, label=label)
        return sum(rule.check(one).verdict == "pass" for rule in rules)

    return max(seen, key=met) if len(seen) > 1 else ""


def load(path: Path) -> Profile:
    """Returns the policy in a YAML file, so that it can be checked.

    Raises Problems with every fault in it, each with its file and line; JobError where it is no YAML file.
    """
    policy = read_policy(path, {name: check.takes for name, check in CHECKS.items()})
    sources = tuple((each.id, f"{each.title}, {each.date}") for each in policy.sources)
    sha256 = checksum(real_path(path)).sha256
    return Profile(policy.name, policy.version, tuple(map(ProfileRule, policy.rules)), sources, sha256)
