"""Time maps as editors write them, position keys, and how they become speed keys and come from them.

Here an output frame is counted from the first frame of a clip's record span (frames before it lie in the transition
that leads in), and a position is seconds of media after its first frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

Interpolation = Literal["linear", "smooth", "hold"]


@dataclass(frozen=True, slots=True)
class PositionKey:
    """At output frame `at` the clip shows its media at `source`.

    at: frames after the clip's first; source: seconds after the first frame of the media; way: how the clip comes
    here from the key before: at one speed, eased, or not at all until it jumps; lead, lag: frames before and after
    the key in which one speed passes into the next (`smooth` alone).
    """

    at: Fraction
    source: Fraction
    way: Interpolation = "linear"
    lead: Fraction = Fraction(0)
    lag: Fraction = Fraction(0)


def position(keys: Sequence[PositionKey], frame: Fraction | int) -> Fraction:
    """Returns the media time that straight lines through the keys give an output frame, in seconds.

    Outside the keys the nearest line goes on; a single key stands still.
    """
    frame = Fraction(frame)
    if len(keys) == 1:
        return keys[0].source
    pairs = list(pairwise(keys))
    a, b = next((pair for pair in pairs if frame < pair[1].at), pairs[-1])
    if b.way == "hold":
        return a.source if frame < b.at else b.source
    return a.source + (b.source - a.source) * (frame - a.at) / (b.at - a.at)
