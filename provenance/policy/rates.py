"""Tells how well checks did on finished films that are wrong on purpose, as `python -m tests.bench.guard` measured it
and wrote it into `rates.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class MeasuredShare:
    """How many of some films. low, high: the 95 % bounds of the share, 0..1 (two-sided, Clopper and Pearson)."""

    hits: int
    cases: int
    low: float
    high: float

    def __str__(self) -> str:
        if not self.cases:
            return "no cases"
        return f"{self.hits} of {self.cases} ({self.low:.1%} to {self.high:.1%})"


@dataclass(frozen=True, slots=True)
class CheckRate:
    """How well one check did. check: its type; caught: of films that it must fail, those that it failed; asked: of
    films that it must leave to a person, those that it did, or failed; alarms: of films that are right in it, those
    that it failed; word: what the cases are enough to say."""

    check: str
    caught: MeasuredShare
    asked: MeasuredShare
    alarms: MeasuredShare
    word: str


@lru_cache(maxsize=1)
def known_rates() -> tuple[CheckRate, ...]:
    """Returns the rates of every check that was measured, in the order of their families."""
    measured = json.loads(files("provenance.policy").joinpath("rates.json").read_text("utf-8"))
    return tuple(
        CheckRate(
            row["check"], _share(row["detection"]), _share(row["asked"]), _share(row["false_alarms"]), row["word"]
        )
        for row in measured["checks"]
    )  # fmt: skip


def _share(row: dict[str, float]) -> MeasuredShare:
    return MeasuredShare(int(row["hits"]), int(row["cases"]), row["low"], row["high"])
