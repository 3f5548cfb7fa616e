"""Types of checks about the cut, its films and their sound, with their parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from post.job.brief.rule_check import RuleCheck, rule_check
from post.knob import knob


@rule_check("pace")
@dataclass(frozen=True, slots=True)
class PaceCheck(RuleCheck):
    """How fast the film is cut."""

    of_takes: ClassVar = False
    needs: ClassVar = ("least_per_minute", "most_per_minute", "shortest", "longest")
    least_per_minute: float | None = knob(
        default=None, kind="number", lo=0, hi=1000, doc="shots in a minute, at least"
    )
    most_per_minute: float | None = knob(default=None, kind="number", lo=0, hi=1000, doc="and at most")
    shortest: float | None = knob(
        default=None, kind="number", lo=0, hi=3600, unit="s", doc="every shot is at least so long"
    )
    longest: float | None = knob(
        default=None, kind="number", lo=0, hi=3600, unit="s", doc="and at most so long"
    )


@rule_check("beats")
@dataclass(frozen=True, slots=True)
class BeatsCheck(RuleCheck):
    """Every beat is told by a shot whose take was made for it, in the brief's order."""

    of_takes: ClassVar = False
    order: bool = knob(default=True, doc="whether the order counts")
    seconds: float = knob(default=0.0, lo=0, hi=3600, unit="s", doc="each for at least so long")


@rule_check("formats")
@dataclass(frozen=True, slots=True)
class FormatsCheck(RuleCheck):
    """Every film of the brief's `formats` is made. A brief with formats has this rule without asking."""

    of_takes: ClassVar = False
    tolerance_percent: float = knob(default=1.0, lo=0, hi=20, unit="%", doc="of a shape")
    tolerance_seconds: float = knob(default=0.1, lo=0, hi=60, unit="s", doc="of a length")


@rule_check("length")
@dataclass(frozen=True, slots=True)
class LengthCheck(RuleCheck):
    """How long a film is."""

    of_takes: ClassVar = False
    needs: ClassVar = ("least", "most")
    least: float | None = knob(default=None, kind="number", lo=0, hi=86400, unit="s", doc="at least")
    most: float | None = knob(default=None, kind="number", lo=0, hi=86400, unit="s", doc="at most")


@rule_check("loudness")
@dataclass(frozen=True, slots=True)
class LoudnessCheck(RuleCheck):
    """How loud a finished film is, as BS.1770-5 measures it."""

    of_takes: ClassVar = False
    lufs: float = knob(default=-14.0, lo=-60, hi=0, unit="LUFS", doc="integrated, of the whole film")
    tolerance: float = knob(default=1.0, lo=0, hi=20, unit="LU", doc="up and down")
    peak: float = knob(default=-1.0, lo=-60, hi=6, unit="dBTP", doc="true peak, at most")
