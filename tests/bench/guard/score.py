"""Counts what checks caught and what they raised for nothing, with 95 % bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scipy.stats import beta

DETECTED, ALARMED = 0.98, 0.02  # what is asked for


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of some cases. low, high: its 95 % bounds (two-sided, Clopper and Pearson)."""

    hits: int
    cases: int

    @property
    def share(self) -> float:
        return self.hits / self.cases if self.cases else 0.0

    @property
    def low(self) -> float:
        return 0.0 if not self.hits else float(beta.ppf(0.025, self.hits, self.cases - self.hits + 1))

    @property
    def high(self) -> float:
        return (
            1.0 if self.hits == self.cases else float(beta.ppf(0.975, self.hits + 1, self.cases - self.hits))
        )

    def __str__(self) -> str:
        return f"{self.hits} of {self.cases} ({self.share:.1%}, {self.low:.1%} to {self.high:.1%})"


@dataclass(frozen=True, slots=True)
class GuardScore:
    """What one check came to.

    caught: of the mutations that it must fail, those that it failed, or warned of; left: of those, what it left to a
    person; asked: of the mutations that it must leave to a person, those that it did, or failed; alarms: of films
    that are right in it, those that it failed or warned of; doubts: of those, what it left to a person; unchecked:
    films that it could not check.
    """

    check: str
    caught: Rate
    left: Rate
    asked: Rate
    alarms: Rate
    doubts: Rate
    unchecked: int

    @property
    def is_met(self) -> bool:
        """Whether both rates are what is asked for."""
        held = all(not each.cases or each.share >= DETECTED for each in (self.caught, self.asked))
        return held and self.alarms.share <= ALARMED

    @property
    def word(self) -> str:
        """Says whether the cases are enough to know."""
        if not self.is_met:
            return "MISSED"
        if not (self.caught.cases or self.asked.cases):
            return "nothing to catch was shown: not known"
        sure = all(not each.cases or each.low >= DETECTED for each in (self.caught, self.asked))
        return "met" if sure and self.alarms.high <= ALARMED else "met here, too few cases to know"

    def plain(self) -> dict[str, Any]:
        rates = {
            "detection": self.caught,
            "asked": self.asked,
            "false_alarms": self.alarms,
            "doubts": self.doubts,
        }
        return {"check": self.check, "word": self.word, "unchecked": self.unchecked} | {
            name: _plain(rate) for name, rate in rates.items()
        }


def _plain(rate: Rate) -> dict[str, Any]:
    return {
        "hits": rate.hits, "cases": rate.cases, "share": round(rate.share, 4), "low": round(rate.low, 4),
        "high": round(rate.high, 4),
    }  # fmt: skip
