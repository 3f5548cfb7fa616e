"""Defines what is seen frame by frame in a film: black, stillness, repeated and stray frames, bars, banding."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from post.values.claim import Stretch
from post.values.time import Span

Bars = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class FrameSight:
    """What was seen in the frames of a film, by frame numbers.

    rate: frames a second; length: frames; black: runs of black frames; still: runs that show one picture for STILL_S or
    longer, without black ones; duplicates: frames that repeat the one before, outside those runs; strays: single frames
    that differ from both neighbours, which are alike; bars: runs of frames with what is black around their picture, at
    its left, top, right and bottom in pixels of the upright frame; banding: (frame, CAMBI), of the frames it was
    measured in; fault: why nothing was measured, "" where it was.
    """

    rate: Fraction = Fraction(0)
    length: int = 0
    black: tuple[Span, ...] = ()
    still: tuple[Span, ...] = ()
    duplicates: tuple[int, ...] = ()
    strays: tuple[int, ...] = ()
    bars: tuple[tuple[Span, Bars], ...] = ()
    banding: tuple[tuple[int, float], ...] = ()
    fault: str = ""

    def seconds(self, run: Span) -> Stretch:
        """Returns a run of frames in seconds."""
        return run.first / self.rate, run.stop / self.rate

    @property
    def cadence(self) -> int:
        """Every how many frames one is repeated, where nine of ten repeats keep that distance; else 0."""
        steps = [b - a for a, b in zip(self.duplicates, self.duplicates[1:], strict=False)]
        if len(steps) < LEAST_STEPS:
            return 0
        usual = max(set(steps), key=lambda step: (steps.count(step), -step))
        return usual if steps.count(usual) * 10 >= len(steps) * 9 else 0


LEAST_STEPS = 4  # from one repeat to the next, before they are called regular
STILL_S = Fraction(1, 4)
