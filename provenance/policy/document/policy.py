"""Defines a policy as it is written: who requires what, where that stands, how sure we are of it, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

from post.errors import JobError
from provenance.policy.document.conditions import ALWAYS, Condition
from provenance.policy.document.dates import ALL_TIME, Validity

# A whole number, a decimal number, a text, or several texts.
Parameter = str | int | Fraction | tuple[str, ...]
Parameters = Mapping[str, Parameter]
Force = Literal["law", "law_future", "guidance", "code", "draft", "platform", "standard", "house"]
FORCES: tuple[Force, ...] = (
    "law", "law_future", "guidance", "code", "draft", "platform", "standard", "house",
)  # fmt: skip
OnFail = Literal["fail", "warn"]
ON_FAIL: tuple[OnFail, ...] = ("fail", "warn")
# A: read at its source; B: quoted literally by others; C: told by news or vendors; X: not confirmed.
CONFIDENCES = ("A", "B", "C", "X")
FIRM = ("A", "B")


@dataclass(frozen=True, slots=True)
class PolicySource:
    """A text that rules come from. date: of the text, ISO 8601; confidence: one of CONFIDENCES."""

    id: str
    title: str
    date: str
    confidence: str

    def __str__(self) -> str:
        return f"{self.title} ({self.date})"


@dataclass(frozen=True, slots=True)
class Clause:
    """A place in a source. at: its number there; quote: its words, "" where they are not quoted."""

    source: PolicySource
    at: str
    quote: str = ""

    def __str__(self) -> str:
        return f"{self.source}, {self.at}"


@dataclass(frozen=True, slots=True)
class WaiverTerms:
    """Whether a rule may be waived, and what a waiver of it must state beside the rule, who, why and until when."""

    allowed: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """One rule of a policy.

    says: what must be so, in a sentence; check: the type of check that judges it; params: of that check, by name;
    params_origin: who set each parameter, where that is not `force`; on_fail: "fail" | "warn"; valid: the days on
    which it holds; confidence: the rule's own, or its source's.
    """

    id: str
    says: str
    force: Force
    clause: Clause
    check: str
    params: tuple[tuple[str, Parameter], ...] = ()
    when: Condition = ALWAYS
    params_origin: tuple[tuple[str, str], ...] = ()
    on_fail: OnFail = "fail"
    valid: Validity = ALL_TIME
    confidence: str = "A"
    waiver: WaiverTerms = WaiverTerms()

    @property
    def parameters(self) -> dict[str, Parameter]:
        """Its parameters by name."""
        return dict(self.params)

    def facts(self) -> Iterator[str]:
        """Yields the facts that decide whether it applies, and the one that it checks itself."""
        yield from self.when.facts()
        own = self.parameters.get("fact")
        if isinstance(own, str) and own:
            yield own

    def origin_of(self, parameter: str) -> str:
        """Returns who set a parameter: a force, such as "law" or "house"."""
        return dict(self.params_origin).get(parameter, self.force)

    @property
    def origin(self) -> str:
        """Who set its thresholds: one word, or one for each parameter where they differ."""
        each = {name: self.origin_of(name) for name, _ in self.params}
        if len(set(each.values())) <= 1:
            return next(iter(each.values()), self.force)
        return ", ".join(f"{name}: {origin}" for name, origin in each.items())

    def is_firm(self, at: str) -> bool:
        """Returns whether a film can fail by it on a day (ISO 8601, "" for one that is not known): it is no draft, its
        source is reliable, it is of no law to come, and it does not say that it only warns."""
        to_come = self.force == "law_future" and (not at or self.valid.is_before(at))
        sure = self.confidence in FIRM and self.force != "draft"
        return sure and not to_come and self.on_fail == "fail"


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy, as its file has it.

    territory, role, platforms: whom and what it is for; facts: what a named person must declare, each with the
    question to answer; path: of the file that it was read from, None where there is none.
    """

    name: str
    version: str
    doc: str
    valid: Validity
    territory: tuple[str, ...]
    role: tuple[str, ...]
    platforms: tuple[str, ...]
    sources: tuple[PolicySource, ...]
    facts: tuple[tuple[str, str], ...]
    rules: tuple[PolicyRule, ...]
    path: Path | None = field(default=None, compare=False)


def each_once(policies: Iterable[Policy]) -> tuple[Policy, ...]:
    """Returns policies without those that come again. Raises JobError for two that differ under one name and version:
    one of them would not count."""
    found: dict[tuple[str, str], Policy] = {}
    for policy in policies:
        if found.setdefault((policy.name, policy.version), policy) != policy:
            raise JobError(
                "two policies have one name and version", where=str(policy.path or ""), expected="each its own",
                got=f"{policy.name} {policy.version}", fix="give yours another `profile` or `version`",
            )  # fmt: skip
    return tuple(found.values())
