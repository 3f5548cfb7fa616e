"""Reads a policy profile: rules as YAML, with a version and dated sources, for one role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from post.errors import AnswerprintError, JobError, Problems
from post.values.claim import Ruling, Verdict
from provenance.policy.check import PolicyInput, run_check
from provenance.policy.rule import Rule
from provenance.report import PolicyResult

# Who requires a rule. A rule from a draft, or from a source of low confidence, warns and never fails a film.
FORCES = ("law", "law_future", "guidance", "code", "draft", "platform", "standard", "house")
_SOFT = frozenset({"draft", "law_future"})
_FIRM_CONFIDENCE = frozenset({"A", "B"})
_NEEDED = ("id", "force", "clause", "check")
_KNOWN = frozenset((*_NEEDED, "when", "params_origin", "on_fail", "says"))


@dataclass(frozen=True)
class ProfileRule:
    """One rule of a profile.

    kind, parameters: of its check; when: the facts it depends on, all of which must hold; origin: who fixed
    its threshold; clause: where the source says so; on_fail: the verdict where the check fails.
    """

    id: str
    kind: str
    parameters: Mapping[str, Any]
    when: tuple[Mapping[str, Any], ...]
    origin: str
    clause: str
    on_fail: Verdict

    def check(self, given: PolicyInput) -> Ruling:
        """Returns what the rule comes to: "needs_human" where a fact it depends on is not declared."""
        applies = self._applies(given.facts)
        if applies is not None:
            return Ruling(self.id, applies[0], "", "", self.origin, applies[1])
        outcome = run_check(given, self.kind, self.parameters)
        verdict = self.on_fail if outcome.verdict == "fail" else outcome.verdict
        return Ruling(self.id, verdict, outcome.found, outcome.required, self.origin, self.clause)

    def _applies(self, facts: Mapping[str, Any]) -> tuple[Verdict, str] | None:
        """Returns why the rule is not checked; None where it is."""
        for condition in self.when:
            fact = str(condition["fact"])
            if fact not in facts:
                return "needs_human", f"nobody has declared: {fact}"
            if facts[fact] != condition["eq"]:
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
        """Returns what every rule comes to for a file."""
        return PolicyResult(self.name, self.version, tuple(rule.check(given) for rule in self.rules))


def load(path: Path) -> Profile:
    """Reads a profile from its YAML file.

    Raises JobError where the file is no policy, and Problems with every fault of its rules.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        data = YAML(typ="safe").load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as exc:
        raise JobError("the policy cannot be read", where=str(path), expected="a YAML file") from exc
    if not isinstance(data, dict) or not {"profile", "version", "sources", "rules"} <= set(data):
        raise JobError("no policy", where=str(path), expected="profile, version, sources and rules")
    sources = {str(row["id"]): row for row in data["sources"]}
    faults: list[AnswerprintError] = []
    rules = [rule for row in data["rules"] if (rule := _rule(row, sources, str(path), faults))]
    if faults:
        raise Problems(faults)
    named = tuple((key, f"{row['title']}, {row['date']}") for key, row in sources.items())
    return Profile(str(data["profile"]), str(data["version"]), tuple(rules), named)


def _rule(
    row: Mapping[str, Any], sources: Mapping[str, Any], where: str, faults: list[AnswerprintError]
) -> ProfileRule | None:
    place = f"{where}: {row.get('id', 'a rule without an id')}"
    found = _faults(row, sources, place)
    faults.extend(found)
    if found:
        return None
    source = sources[row["clause"]["source"]]
    firm = row["force"] not in _SOFT and str(source.get("confidence", "A")) in _FIRM_CONFIDENCE
    clause = f"{source['title']} ({source['date']}), {row['clause']['at']}"
    check = row["check"]
    return ProfileRule(
        str(row["id"]),
        str(check["type"]),
        check.get("params") or {},
        tuple((row.get("when") or {}).get("all", ())),
        str(row.get("params_origin", row["force"])),
        clause,
        "fail" if firm and row.get("on_fail", "fail") == "fail" else "warn",
    )


def _faults(row: Mapping[str, Any], sources: Mapping[str, Any], place: str) -> Sequence[AnswerprintError]:
    missing = [key for key in _NEEDED if key not in row]
    if missing:
        return [
            JobError("a rule lacks what it needs", where=place, expected=", ".join(_NEEDED), got=list(row))
        ]
    found: list[AnswerprintError] = [
        JobError("unknown key in a rule", where=place, expected=", ".join(sorted(_KNOWN)), got=key)
        for key in row
        if key not in _KNOWN
    ]
    if row["force"] not in FORCES:
        found.append(JobError("unknown force", where=place, expected=", ".join(FORCES), got=row["force"]))
    if row["clause"].get("source") not in sources:
        found.append(JobError("no such source", where=place, expected=", ".join(sources), got=row["clause"]))
    if "type" not in row["check"]:
        found.append(JobError("a check without a type", where=place))
    return found
