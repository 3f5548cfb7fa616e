"""Time maps as editors write them, position keys, and how they become speed keys and come from them.

Here an output frame is counted from the first frame of a clip's record span (frames before it lie in the transition
that leads in), and a position is seconds of media after its first frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from post.values.ease import eased_share
from post.values.time import Clock, Span, SpeedKey, TimeMap

Interpolation = Literal["linear", "smooth", "hold"]
# A straight line may leave the curve by this many frames of the film: at the nearest frame, one in twenty shows.
CLOSE = Fraction(1, 20)
PARTS = 32  # of an ease that is cut in two


@dataclass(frozen=True, slots=True)
class PositionKey:
    """At output frame `at` the clip shows its media at `source`.

    at: frames after the clip's first; source: seconds after the first frame of the media; way: how the clip comes
    here from the key before: at one speed, eased, or not at all until it jumps; lead, lag: frames before and after
    the key in which one speed passes into the next.
    """

    at: Fraction
    source: Fraction
    way: Interpolation = "linear"
    lead: Fraction = Fraction(0)
    lag: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Speed keys that follow position keys. error: the furthest that they leave them, in output frames at speed 1;
    why: what had no exact form, "" where they are exact."""

    speeds: tuple[SpeedKey, ...]
    error: Fraction = Fraction(0)
    why: str = ""


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


def speeds_of(keys: Sequence[PositionKey], clock: Clock) -> Fitted:
    """Returns the speed keys that run through position keys. Straight lines are constant speeds, exactly.

    Where `lead` and `lag` of a key are equal, one speed passes into the next evenly between them: that is exact at
    both ends. Raises ValueError for keys out of order, and for a jump, which no speed makes.
    """
    if any(b.at <= a.at for a, b in pairwise(keys)):
        raise ValueError("the keys of a time map must come in rising order of time")
    if any(b.way == "hold" and b.source != a.source for a, b in pairwise(keys)):
        raise ValueError("the time map jumps from one position to another")
    if len(keys) == 1:
        return Fitted((SpeedKey(keys[0].at, Fraction(0)),))
    lines = [(b.source - a.source) * clock.rate / (b.at - a.at) for a, b in pairwise(keys)]
    found = [SpeedKey(keys[0].at, lines[0])]
    error, why = Fraction(0), ""
    for key, (before, after) in zip(keys[1:-1], pairwise(lines), strict=True):
        if before == after:
            continue
        half = min(key.lead, key.lag)
        if key.lead != key.lag:
            why = "a change of speed that takes longer on one side of its key than on the other"
            error = max(error, abs(after - before) * max(key.lead, key.lag) / 2)
        if half == 0 or key.at - half <= found[-1].at:
            found.append(SpeedKey(key.at, after, "hold"))
        else:
            found += [SpeedKey(key.at - half, before, "hold"), SpeedKey(key.at + half, after, "smooth")]
    return Fitted(tuple(found), error, why)


def positions_of(
    speeds: Sequence[SpeedKey], source: Fraction, shown: Span, clock: Clock, close: Fraction = CLOSE
) -> tuple[PositionKey, ...]:
    """Returns straight lines that follow a speed curve over `shown` (frames after the clip's first).

    source: media time of frame 0. Each key is on a whole frame and on the curve, exactly; between keys the lines leave
    it by at most `close` frames, at whole frames. Constant speeds need two keys.
    """
    run = TimeMap(Fraction(0), Fraction(1), tuple(speeds))
    edges = {shown.first, shown.stop}
    for key in speeds:
        edges |= {at for at in (key.at.__floor__(), key.at.__ceil__()) if shown.first < at < shown.stop}
    frames = sorted(edges)
    found = [frames[0]]
    for first, stop in pairwise(frames):
        found += _lines(run, first, stop, close)
    return tuple(PositionKey(Fraction(at), source + clock.seconds(run(at))) for at in _fewest(run, found))


def rebased(speeds: Sequence[SpeedKey], skipped: Fraction) -> tuple[SpeedKey, ...]:
    """Returns the same speeds counted from another frame, `skipped` frames later, the first key at 0 or after it.

    An ease that is cut in two is followed by 32 straight ones.
    """
    moved = [replace(key, at=key.at - skipped) for key in speeds]
    later = next((number for number, key in enumerate(moved) if key.at > 0), len(moved))
    if later == 0:
        return tuple(moved)
    last = moved[later - 1]
    if later == len(moved) or last.at == 0 or moved[later].ease == "hold":
        return (replace(last, at=Fraction(0), ease="linear"), *moved[later:])
    after = moved[later]
    first = SpeedKey(Fraction(0), speed_at(moved, Fraction(0)))
    if after.ease == "linear" or last.speed == after.speed:
        return (first, *moved[later:])
    steps = [SpeedKey(at := after.at * step / PARTS, speed_at(moved, at)) for step in range(1, PARTS + 1)]
    # Short numbers: a billionth of a speed is nothing, and exact ones grow without end.
    near = [replace(key, speed=Fraction(round(key.speed * 10**9), 10**9)) for key in (first, *steps)]
    return (*near, *moved[later + 1 :])


def speed_at(speeds: Sequence[SpeedKey], frame: Fraction) -> Fraction:
    """Returns the speed at an output frame."""
    if frame <= speeds[0].at:
        return speeds[0].speed
    for a, b in pairwise(speeds):
        if frame < b.at:
            share = (frame - a.at) / (b.at - a.at)
            return a.speed + (b.speed - a.speed) * eased_share(b.ease, share)
    return speeds[-1].speed


def _lines(run: TimeMap, first: int, stop: int, close: Fraction) -> list[int]:
    """Returns the frames after `first` up to `stop` at which lines break so that none leaves the curve by `close`."""
    if stop - first < 2 or _bend(run, first, stop) <= close:
        return [stop]
    middle = (first + stop) // 2
    return [*_lines(run, first, middle, close), *_lines(run, middle, stop, close)]


def _bend(run: TimeMap, first: int, stop: int) -> Fraction:
    """Returns how far the curve leaves the line from `first` to `stop`, at the worst of nine places."""
    a, b = run(first), run(stop)
    places = [first + Fraction(stop - first) * part / 10 for part in range(1, 10)]
    return max(abs(run(at) - a - (b - a) * (at - first) / (stop - first)) for at in places)


def _fewest(run: TimeMap, frames: Sequence[int]) -> list[int]:
    """Returns the frames without those that lie on the line between their neighbours."""
    kept = [frames[0]]
    for before, at, after in zip(frames, frames[1:], frames[2:], strict=False):
        line = (run(after) - run(kept[-1])) * (at - kept[-1]) / (after - kept[-1])
        if run(at) - run(kept[-1]) != line or before != kept[-1]:
            kept.append(at)
    return [*kept, frames[-1]]
