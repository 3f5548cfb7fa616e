"""Reads waivers: a named person lets a film pass without a rule being met, says why, and until when.

waivers:
  - {rule: eu-art50-deployer/COP-VIDEO-INTERVALS, who: Ana Roth, why: shown once in a cinema,
     expires: 2026-12-31, film: spot-*}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Protocol

from post.atomic import real_path
from post.values.claim import Ruling
from presets.yaml_nodes import Node, Written, read
from provenance.policy.document.fields import FieldReader
from provenance.policy.document.policy import WaiverTerms

# What a waiver can excuse: a rule that is not met, or of which that is not known.
WAIVABLE = ("fail", "warn", "needs_human", "cannot_check")
NEEDED, MAY = ("rule", "who", "why", "expires"), ("film",)


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver. rule: an id, alone or after its policy's name and a slash; expires: its last day, ISO 8601; film: the
    name of a film or a pattern of names such as spot-*, "" for every film; where: "file:line"."""

    rule: str
    who: str
    why: str
    expires: str
    film: str = ""
    where: str = ""

    def is_of(self, policy: str, rule: str) -> bool:
        """Returns whether it names a rule of a policy."""
        return self.rule in (rule, f"{policy}/{rule}")

    def __str__(self) -> str:
        return f"waived by {self.who} until {self.expires}: {self.why}"


@dataclass(frozen=True, slots=True)
class WaiverDecision:
    """What the waivers that name a rule come to. granted: the one that holds, None for none; refused: why each of the
    others changes nothing."""

    granted: Waiver | None = None
    refused: tuple[str, ...] = ()


class WaivableRule(Protocol):
    """A rule as waivers see it: of a policy, or of a brief."""

    @property
    def id(self) -> str: ...

    @property
    def waiver(self) -> WaiverTerms: ...


def excuse(ruling: Ruling, decisions: Sequence[WaiverDecision]) -> Ruling:
    """Returns a ruling, waived where it is not met and a waiver was granted for each film that it is about.

    decisions: what the waivers of its rule come to, film by film; what was refused is told.
    """
    if ruling.verdict not in WAIVABLE or not decisions:
        return ruling
    granted = [each.granted for each in decisions if each.granted]
    holds = len(granted) == len(decisions)
    refused = dict.fromkeys(why for each in decisions for why in each.refused)
    said = (f"{granted[0]} (it was: {ruling.verdict})" if holds else "", *refused)
    evidence = "; ".join(filter(None, (*said, ruling.evidence)))
    return replace(ruling, verdict="waived" if holds else ruling.verdict, evidence=evidence)


def decide_waivers(
    waivers: Sequence[Waiver], policy: str, rule: WaivableRule, at: str, film: str
) -> WaiverDecision:
    """Returns whether a rule is waived for a film on a day (ISO 8601), by which waiver, and why others are refused.

    film: its name, "" where it is not known, for which only waivers of every film hold. Without a day, no waiver is
    known to be in date, and none is granted.
    """
    granted, refused = None, list[str]()
    for each in waivers:
        if not each.is_of(policy, rule.id):
            continue
        why = _refusal(each, rule, at, film)
        if why:
            refused.append(f"the waiver at {each.where or each.who} changes nothing: {why}")
        elif granted is None:
            granted = each
    return WaiverDecision(granted, tuple(refused))


def unused_waivers(waivers: Iterable[Waiver], rules: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yields what is wrong with each waiver that names no rule that is checked. rules: (policy, rule id)."""
    known = tuple(rules)
    for each in waivers:
        if not any(each.is_of(policy, rule) for policy, rule in known):
            yield f"the waiver at {each.where or each.who} names no rule that is checked: {each.rule}"


def _refusal(waiver: Waiver, rule: WaivableRule, at: str, film: str) -> str:
    """Returns why a waiver does not hold, or ""."""
    if not rule.waiver.allowed:
        return f"{rule.id} cannot be waived"
    lacking = [name for name in rule.waiver.needs if not getattr(waiver, name)]
    if lacking:
        return f"{rule.id} needs {' and '.join(lacking)} of it"
    if not at:
        return "no day is known to judge its end by"
    if at > waiver.expires:
        return f"it ended on {waiver.expires}"
    if waiver.film and not fnmatchcase(film, waiver.film):
        return f"it is of {waiver.film}, not of {film or 'a film without a name'}"
    return ""


def load_waivers(path: Path) -> tuple[Waiver, ...]:
    """Returns the waivers in a YAML file, a file of facts too: what is under `waivers`; none where it has none.

    Raises Problems with every fault, JobError where it is no YAML file.
    """
    root = read(Written(real_path(path), str(path)))
    fields = FieldReader()
    found = read_waivers(fields, root.mapping.get("waivers"), "waivers")
    fields.close()
    return found


def read_waivers(fields: FieldReader, node: Node | None, place: str) -> tuple[Waiver, ...]:
    """Returns the waivers in a list. Faults are kept by the reader."""
    return tuple(_waiver(fields, item, spot) for item, spot in fields.items(node, place))


def _waiver(fields: FieldReader, node: Node, place: str) -> Waiver:
    keys = fields.keys(node, place, NEEDED, MAY)
    rule, who, why = (fields.text(keys.get(key), f"{place}.{key}") for key in NEEDED[:3])
    expires = fields.day(keys.get("expires"), f"{place}.expires")
    return Waiver(rule, who, why, expires, fields.text(keys.get("film"), f"{place}.film"), node.where)
