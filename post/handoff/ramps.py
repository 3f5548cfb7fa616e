"""Finds the ramps in a time map that an editor's file gives as many short lines.

Lines alone are constant speeds, exactly. Where there are many, an editor drew a curve: speeds that pass into each other
evenly follow it with a few keys, and leave it by no more than `CLOSE` output frames.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from post.handoff.time_keys import CLOSE, Fitted
from post.values.ease import eased_run
from post.values.time import SpeedKey

FEW = 12  # keys that are left as they are
FURTHEST = 48  # lines that one ramp may follow
EASES = ("linear", "smooth")
AT_ONCE = Fraction(1, 1000)  # of a frame
Point = tuple[Fraction, Fraction]  # output frame, position in output frames at speed 1


def in_ramps(lines: Fitted) -> Fitted:
    """Returns constant speeds as ramps where there are many of them, and how far the ramps leave them.

    lines: keys that each jump to their speed, as `speeds_of` gives them. Few keys are returned as they are, exactly.
    """
    keys = lines.speeds
    if len(keys) <= FEW or any(key.ease != "hold" for key in keys[1:]):
        return lines
    points, slopes = list(_points(keys)), [key.speed for key in keys]
    found, error, at = [SpeedKey(keys[0].at, slopes[0])], Fraction(0), 0
    while at < len(points) - 1:
        ramp = _ramp(points, slopes, at, found[-1].speed)
        if ramp is None:
            found = _jumped(found, points[at][0], slopes[at])
            at += 1
            continue
        first, last, ease, stop, off = ramp
        found = _jumped(found, points[at][0], first)
        if found[-1].at < points[at][0]:
            found.append(SpeedKey(points[at][0], first, "hold"))  # the speed before it ends here
        found.append(SpeedKey(points[stop][0], last, ease))
        at, error = stop, max(error, off)
    found = _jumped(found, points[-1][0], slopes[-1])
    if len(found) * 2 > len(keys):
        return lines
    return Fitted(tuple(found), error, "a drawn curve, followed by ramps")


def _points(keys: Sequence[SpeedKey]) -> Iterator[Point]:
    """Yields each key's frame, and how far the clip has run there."""
    run = Fraction(0)
    yield keys[0].at, run
    for a, b in pairwise(keys):
        run += (b.at - a.at) * a.speed
        yield b.at, run


def _jumped(found: list[SpeedKey], at: Fraction, speed: Fraction) -> list[SpeedKey]:
    """Returns keys that run at `speed` from a frame on."""
    if found[-1].speed == speed:
        return found
    if found[-1].at == at and len(found) == 1:
        return [SpeedKey(at, speed)]
    # Two keys cannot share a frame: the jump follows the ramp's end at once.
    later = at if found[-1].at < at else at + AT_ONCE
    return [*found, SpeedKey(later, speed, "hold")]


def _ramp(
    points: Sequence[Point], slopes: Sequence[Fraction], at: int, before: Fraction
) -> tuple[Fraction, Fraction, str, int, Fraction] | None:
    """Returns the longest ramp from a point: its first and last speed, its ease, its last point and how far it leaves
    the lines; None where fewer than three lines lie under it."""
    first = [before]
    if at == 0 and len(slopes) > 1:
        first = [slopes[0], slopes[0] - (slopes[1] - slopes[0]) / 2]
    for stop in range(min(len(points) - 1, at + FURTHEST), at + 2, -1):
        for speed in first:
            for ease in EASES:
                off, last = _fit(points[at : stop + 1], speed, ease)
                if off <= CLOSE and (last < 0) == (slopes[stop - 1] < 0):
                    return speed, last, ease, stop, off
    return None


def _fit(points: Sequence[Point], first: Fraction, ease: str) -> tuple[Fraction, Fraction]:
    """Returns how far a ramp through the first and the last point leaves those between, and its last speed."""
    (start, low), (stop, high) = points[0], points[-1]
    length = stop - start
    last = 2 * (high - low) / length - first
    rise = last - first
    off = Fraction(0)
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise(points)]
    for at, run in (*points[1:-1], *middles):
        u = (at - start) / length
        made = low + first * (at - start) + rise * length * eased_run(ease, u)
        off = max(off, abs(made - run))
        if off > CLOSE:
            break
    return off, last
