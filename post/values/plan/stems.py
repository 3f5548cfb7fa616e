"""Defines the stems of a film's sound, as they are ordered for a mixer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from post.values.plan.mix import Mix


@dataclass(frozen=True, slots=True)
class StemsOrder:
    """The stems of one mix, each to be written as a file of its own.

    mix: without what its delivery alone depends on; title: of the film; rate: frames a second of its picture; tool:
    name and release of what makes them.
    """

    mix: Mix
    title: str
    rate: Fraction
    tool: str

    @classmethod
    def of(cls, mix: Mix, title: str, rate: Fraction, tool: str) -> StemsOrder:
        """Returns the order for the stems of a mix; films of one mix have the same, whatever their codec and level."""
        alike = replace(mix, loudness_lufs=None, true_peak_dbtp=0.0, codec="pcm_s24le", bitrate=0, part=None)
        return cls(alike, title, rate, tool)
