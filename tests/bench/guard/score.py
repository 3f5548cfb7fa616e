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
    """What one check came to. caught: of the mutations that it must catch; alarms: of films that are right in it;
    unchecked: how often it could not be checked."""

    check: str
    caught: Rate
    alarms: Rate
    unchecked: int

    @property
    def is_met(self) -> bool:
        """Whether both rates are what is asked for."""
        return self.caught.share >= DETECTED and self.alarms.share <= ALARMED

    @property
    def word(self) -> str:
        """Says whether the cases are enough to know."""
        if not self.is_met:
            return "MISSED"
        sure = self.caught.low >= DETECTED and self.alarms.high <= ALARMED
        return "met" if sure else "met here, too few cases to know"

    def plain(self) -> dict[str, Any]:
        return {
            "check": self.check, "word": self.word, "unchecked": self.unchecked, "detection": _plain(self.caught),
            "false_alarms": _plain(self.alarms),
        }  # fmt: skip


def _plain(rate: Rate) -> dict[str, Any]:
    return {"hits": rate.hits, "cases": rate.cases, "share": rate.share, "low": rate.low, "high": rate.high}
