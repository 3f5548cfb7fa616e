"""Chooses the constant grid that a clip is read on, from the times at which its frames are shown.

The policy is a function of the time stamps and of the rate that the file declares, so every reader of a file gets
the same grid.

rate    The declared rate, where it is a whole number (or 1000/1001 of one) and every frame is within one tick
        of its place at it: 240 fps in a container that counts milliseconds has 4 and 5 of them between frames,
        which is near to 239.76 too. Else the most common interval between frames is found, and all intervals
        within one tick or 2 % of it are averaged (24 fps in such a container alternates 41 and 42). The grid
        runs at the nearest standard rate, where one lies within 1 %, and else at that rate itself. Where the
        clip is not steady at that, but is at the standard rate nearest to its mean, it runs at that: a camera
        whose stamps jitter has no interval that says much.
steady  A clip whose every frame lies within half an interval of its place on that grid, counted from the
        first, maps one to one: grid frame i is frame i of the file, however its stamps jitter. Its last
        frame must not be held for one and a half intervals or more.
varied  Any other clip: grid frame i shows what is on display at the first frame's time + i / rate, which
        is the latest frame stamped no later than that, give or take half a tick of the container's clock.
        Its length is (last stamp - first stamp + how long the last frame is shown) * rate, to the nearest
        frame and at least one. So a gap holds the frame before it, and a held tail keeps its length.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from post.values.time import Clock, round_half_up

NTSC = Fraction(1000, 1001)
STANDARD_RATES = (
    *map(Fraction, (6, 8, 10, 12, 15, 16, 18, 20, 24, 25, 28, 30, 48, 50, 60, 72, 90, 96, 100, 120, 144)),
    *map(Fraction, (180, 200, 240, 300, 480, 960)),
    *(rate * NTSC for rate in (24, 30, 48, 60, 120, 240)),
    Fraction(25, 2),
)
SLOWEST = Fraction(1, 1001)  # a frame every quarter of an hour; stamps further apart are broken
NEAR_A_STANDARD = Fraction(1, 100)
ROUNDED = Fraction(
    1, 10_000
)  # how far a declared rate is from the one that is meant; 24 and 23.976 are ten times that
SAME_INTERVAL = Fraction(1, 50)
# For clips of one frame, which say no rate: cameras and generators both use it.
UNKNOWN_RATE = Fraction(24)


@dataclass(frozen=True, slots=True)
class Grid:
    """A clip's frames in the order they are shown, and the grid over them.

    clock, length: the constant grid; stamps: each frame's time, in ticks of `tick` seconds, rising;
    variable: the clip is not steady; known: its time stamps tell its rate.
    """

    clock: Clock
    length: int
    stamps: tuple[int, ...]
    tick: Fraction
    variable: bool
    known: bool = True

    @property
    def start(self) -> Fraction:
        """The first frame's time in the file, in seconds."""
        return self.stamps[0] * self.tick

    def shown_at(self, frame: int) -> int:
        """Returns which frame of the file grid frame `frame` shows, counted from 0 in the order shown.

        Raises IndexError outside 0..length-1.
        """
        if not 0 <= frame < self.length:
            raise IndexError(f"grid frame {frame} of {self.length}")
        if not self.variable:
            return frame
        ticks = self.clock.seconds(frame) / self.tick + Fraction(1, 2)
        return bisect_right(self.stamps, self.stamps[0] + ticks) - 1


def choose_grid(
    stamps: Sequence[int], last_shown: int, tick: Fraction, declared: Fraction | None = None
) -> Grid:
    """Returns the grid of a clip by the policy of this module.

    stamps: when each frame is shown, rising, at least one; last_shown: how long the last one is, 0 if
    the file does not say; both in ticks of `tick` seconds; declared: the rate that the file states, if it does.
    """
    usual = _usual_interval(stamps) if len(stamps) > 1 else Fraction(last_shown)
    known = usual > 0
    rate = _nearest_standard(1 / (usual * tick)) if known else UNKNOWN_RATE
    for even in (*_declared_rate(stamps, tick, declared), rate, *_mean_rate(stamps, tick)):
        if _steady(stamps, last_shown, 1 / (even * tick)):
            return Grid(Clock(even), len(stamps), tuple(stamps), tick, variable=False, known=known)
    run = (stamps[-1] - stamps[0] + (last_shown or usual)) * tick
    length = max(1, round_half_up(run * rate))
    return Grid(Clock(rate), length, tuple(stamps), tick, variable=True, known=known)


def _usual_interval(stamps: Sequence[int]) -> Fraction:
    """Returns the most common interval, refined by its neighbours; the shorter of two equally common ones."""
    intervals = [b - a for a, b in pairwise(stamps)]
    counts = Counter(intervals)
    top = min(counts, key=lambda ticks: (-counts[ticks], ticks))
    slack = max(Fraction(1), top * SAME_INTERVAL)
    near = [ticks for ticks in intervals if abs(ticks - top) <= slack]
    return Fraction(sum(near), len(near))


def _declared_rate(stamps: Sequence[int], tick: Fraction, declared: Fraction | None) -> Iterator[Fraction]:
    """Yields the rate that is meant by the declared one, if the stamps are those of it, rounded.

    A container that states how long a frame is shown states a rounded rate: 29011/242 is 120000/1001.
    """
    if not declared or declared <= 0 or len(stamps) < 2:
        return
    for rate in (Fraction(round(declared)), round(declared / NTSC) * NTSC):
        if not rate or abs(declared / rate - 1) > ROUNDED:
            continue
        # In whole numbers: fractions would take as long as all else that opens a clip.
        ticks, frames = (1 / (rate * tick)).as_integer_ratio()
        if all(abs((stamp - stamps[0]) * frames - i * ticks) <= frames for i, stamp in enumerate(stamps)):
            yield rate


def _mean_rate(stamps: Sequence[int], tick: Fraction) -> Iterator[Fraction]:
    """Yields the standard rate nearest to the mean, if there is one."""
    run = (stamps[-1] - stamps[0]) * tick
    if run:
        rate = _nearest_standard((len(stamps) - 1) / run)
        yield from (rate for standard in STANDARD_RATES if rate == standard)


def _nearest_standard(rate: Fraction) -> Fraction:
    nearest = min(STANDARD_RATES, key=lambda standard: abs(standard / rate - 1))
    if abs(nearest / rate - 1) <= NEAR_A_STANDARD:
        return nearest
    return max(rate.limit_denominator(1001), SLOWEST)


def _steady(stamps: Sequence[int], last_shown: int, interval: Fraction) -> bool:
    held = 2 * last_shown >= 3 * interval
    return not held and all(
        2 * abs(stamp - stamps[0] - i * interval) < interval for i, stamp in enumerate(stamps)
    )
