"""Types of checks about movement, with their parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from post.job.brief.rule_check import RuleCheck, rule_check
from post.knob import knob


@rule_check("camera")
@dataclass(frozen=True, slots=True)
class CameraCheck(RuleCheck):
    """How fast the camera moves: the movement that most of the picture shares. Where most of it shares none, a person
    is asked."""

    needs: ClassVar = ("pan", "tilt", "zoom", "roll", "shake")
    pan: float | None = knob(
        default=None, kind="number", lo=0, hi=1000, unit="%", doc="of the width in a second, at most"
    )
    tilt: float | None = knob(
        default=None, kind="number", lo=0, hi=1000, unit="%", doc="of the width in a second, at most"
    )
    zoom: float | None = knob(
        default=None,
        kind="number",
        lo=0,
        hi=1000,
        unit="%",
        doc="of its size in a second, at most; also a dolly",
    )
    roll: float | None = knob(
        default=None, kind="number", lo=0, hi=720, unit="degrees", doc="in a second, at most"
    )
    shake: float | None = knob(
        default=None, kind="number", lo=0, hi=100, unit="%", doc="of the width, from a smooth path, at most"
    )
    seconds: float = knob(default=0.5, lo=0.05, hi=60, unit="s", doc="over which speed is measured")


@rule_check("direction")
@dataclass(frozen=True, slots=True)
class DirectionCheck(RuleCheck):
    """Which way the camera moves, over a whole shot."""

    way: str = knob(
        default="still", choices=("still", "left", "right", "up", "down", "in", "out"), doc="where it goes"
    )
    least_percent: float = knob(
        default=3.0, lo=0.1, hi=1000, unit="%", doc="of the width, in a second: slower counts as still"
    )


@rule_check("motion")
@dataclass(frozen=True, slots=True)
class MotionCheck(RuleCheck):
    """How much moves, the camera or what it shows: the path of the usual pixel in a second."""

    needs: ClassVar = ("least", "most")
    least: float | None = knob(
        default=None, kind="number", lo=0, hi=1000, unit="%", doc="of the width, at least"
    )
    most: float | None = knob(default=None, kind="number", lo=0, hi=1000, unit="%", doc="and at most")


@rule_check("one-shot")
@dataclass(frozen=True, slots=True)
class OneShotCheck(RuleCheck):
    """A take, or what a shot shows of it, has no cut inside."""
