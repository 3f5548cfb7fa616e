"""Defines time: rational seconds, and positions in whole frames or samples. No module passes float seconds on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise

from post.values.ease import Ease, eased_run, eased_share

# No time, speed or rate has more digits; of `1e99999999` the exact number alone fills the memory.
DIGITS = r"\d{1,9}(?:\.\d{1,18})?"
# Parts of the way between two keys to which the frame of a position, and the frame of a turn, are found.
FINEST, TURN = 1 << 64, 1 << 40
_EXACT = re.compile(rf"\s*[+-]?{DIGITS}(?:/\d{{1,9}})?\s*", re.ASCII)


def round_half_up(value: Fraction) -> int:
    """Returns the nearest whole number. Exactly half is always rounded up, so that a run of halves does not drift."""
    return (value + Fraction(1, 2)).__floor__()


def exact(text: str) -> Fraction:
    """Returns the number in a text: `24`, `23.976` or `30000/1001`. Raises ValueError for anything else."""
    if not _EXACT.fullmatch(text):
        raise ValueError("not a plain number")
    return Fraction(text.replace(" ", ""))


@dataclass(frozen=True, slots=True)
class Clock:
    """A constant rate of frames. rate: frames a second, above 0."""

    rate: Fraction

    def __post_init__(self) -> None:
        if self.rate <= 0:
            raise ValueError(f"a clock runs forward: rate {self.rate}")

    def seconds(self, frames: Fraction | int) -> Fraction:
        """Returns the time of a frame number in seconds."""
        return Fraction(frames) / self.rate

    def frames(self, seconds: Fraction) -> int:
        """Returns the frame boundary nearest to a time."""
        return round_half_up(seconds * self.rate)

    def samples(self, frames: int, rate_hz: int) -> int:
        """Returns how many samples last as long as `frames` frames, to the nearest sample."""
        return round_half_up(Fraction(frames) * rate_hz / self.rate)

    def covering(self, samples: Span, rate_hz: int) -> Span:
        """Returns the frames that samples fall into, rounded outwards to whole frames."""
        first, stop = (edge * self.rate / rate_hz for edge in (samples.first, samples.stop))
        return Span(first.__floor__(), stop.__ceil__())

    def __str__(self) -> str:
        return f"{self.rate.numerator}/{self.rate.denominator}"


@dataclass(frozen=True, slots=True)
class Span:
    """Frames first .. stop-1 on one clock. It is half open, so spans that touch share no frame."""

    first: int
    stop: int

    def __post_init__(self) -> None:
        if self.stop < self.first:
            raise ValueError(f"a span ends before it starts: {self.first}..{self.stop}")

    def __len__(self) -> int:
        return self.stop - self.first

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.first, self.stop))

    def __contains__(self, frame: object) -> bool:
        return isinstance(frame, int) and self.first <= frame < self.stop

    def meets(self, other: Span) -> bool:
        """Returns whether two spans share a frame."""
        return self.first < other.stop and other.first < self.stop

    def common(self, other: Span) -> Span:
        """Returns the frames in both spans; an empty span (at this one's nearer end) if they do not meet."""
        first = min(max(self.first, other.first), self.stop)
        return Span(first, max(first, min(self.stop, other.stop)))

    def shift(self, by: int) -> Span:
        """Returns the span moved by a number of frames."""
        return Span(self.first + by, self.stop + by)


@dataclass(frozen=True, slots=True)
class SpeedKey:
    """At output frame `at` the clip runs at `speed`. ease: how it gets there from the key before.

    speed: 1 is as shot, 0 holds one picture, and below 0 the clip runs backwards; ease: as `values.ease` has it.
    """

    at: Fraction
    speed: Fraction
    ease: Ease = "linear"


@dataclass(frozen=True, slots=True)
class TimeMap:
    """Maps an output frame to a position on a source's grid: the exact integral of the speed keys.

    start: source position (in source frames) of output frame 0; step: source frames that pass in one output
    frame at speed 1 (the ratio of the two clocks). Before the first key and after the last, the nearest key's
    speed holds. held: from this output frame on the position stays as it is there; None for a map that runs on.
    """

    start: Fraction = Fraction(0)
    step: Fraction = Fraction(1)
    keys: tuple[SpeedKey, ...] = (SpeedKey(Fraction(0), Fraction(1)),)
    held: Fraction | None = None

    def __post_init__(self) -> None:
        if not self.keys:
            raise ValueError("a time map needs at least one speed key")
        if any(b.at <= a.at for a, b in pairwise(self.keys)):
            raise ValueError("speed keys must come in rising order of time")

    @property
    def constant(self) -> Fraction | None:
        """The speed if it never changes, else None."""
        speeds = {key.speed for key in self.keys}
        return speeds.pop() if len(speeds) == 1 and self.held is None else None

    @property
    def direction(self) -> int:
        """1 if the clip never runs backwards, -1 if it never runs forwards, 0 if it does both or never moves."""
        ways = {1 if key.speed > 0 else -1 for key in self.keys if key.speed}
        return ways.pop() if len(ways) == 1 else 0

    def __call__(self, frame: Fraction | int) -> Fraction:
        """Returns the exact source position that an output frame shows, in source frames."""
        at = Fraction(frame) if self.held is None else min(Fraction(frame), self.held)
        return self.start + self.step * (self._run(at) - self._run(Fraction(0)))

    def speed(self, frame: Fraction | int) -> Fraction:
        """Returns the speed at an output frame; at a jump, the speed after it."""
        at = Fraction(frame)
        if self.held is not None and at >= self.held:
            return Fraction(0)
        for a, b in pairwise(self.keys):
            if a.at <= at < b.at:
                return a.speed + (b.speed - a.speed) * eased_share(b.ease, (at - a.at) / (b.at - a.at))
        return self.keys[0].speed if at < self.keys[0].at else self.keys[-1].speed

    def inverse(self, position: Fraction) -> Fraction | None:
        """Returns the first output frame, from 0 on, that shows a source position; None if none does.

        Exact where the speed is constant, else to 2^-64 of a frame. Raises ValueError for a map that runs both ways:
        such a position may be shown twice.
        """
        if not self.direction and any(key.speed for key in self.keys):
            raise ValueError("a map that runs both ways has no inverse")
        if position == self(0):
            return Fraction(0)
        way = self.direction
        edges = sorted({Fraction(0), *self._edges()})
        for a, b in pairwise(edges):
            if way * (self(b) - position) >= 0:
                return self._found(position, a, b) if way * (self(a) - position) < 0 else None
        last, speed = edges[-1], self.speed(edges[-1])
        ahead = way * (position - self(last))
        return last + ahead / abs(self.step * speed) if speed and ahead > 0 else None

    def leaves(self, low: Fraction, high: Fraction) -> int | None:
        """Returns the first whole frame, from 1 on, that shows no position of `low` up to, without, `high`.

        None for a map that stays inside for ever.
        """

        def outside(frame: int) -> bool:
            return not low <= self(frame) < high

        edges = sorted({Fraction(0), *self._edges(), *self._turns()})
        for a, b in pairwise(edges):
            first, last = max(1, a.__ceil__()), b.__floor__()
            if first <= last and outside(last):
                return _first(outside, first, last)
        if not self.speed(edges[-1]):
            beyond = edges[-1].__floor__() + 1
            return beyond if outside(beyond) else None
        far = max(1, edges[-1].__ceil__())
        while not outside(far):
            far *= 2
        return _first(outside, max(1, edges[-1].__ceil__()), far)

    def _turns(self) -> Iterator[Fraction]:
        """Yields the output frames, to 2^-40 of the way between keys, where the clip turns round in a ramp."""
        for a, b in pairwise(self.keys):
            if a.speed * b.speed < 0 and b.ease != "hold":
                turn = a.at + (b.at - a.at) * _share_of_time(b.ease, a.speed / (a.speed - b.speed))
                if turn > 0 and (self.held is None or turn < self.held):
                    yield turn

    def _edges(self) -> Iterator[Fraction]:
        """Yields the output frames from 0 on where the course of the speed changes."""
        yield from (key.at for key in self.keys if key.at >= 0 and (self.held is None or key.at < self.held))
        if self.held is not None:
            yield max(self.held, Fraction(0))

    def _found(self, position: Fraction, low: Fraction, high: Fraction) -> Fraction:
        """Returns the first frame in low..high, between two keys, that shows a position: straight, or by halves."""
        a, b = next(
            (
                (a, b)
                for a, b in pairwise(self.keys)
                if a.at <= low < b.at and b.ease != "hold" and a.speed != b.speed
            ),
            (None, None),
        )
        if a is None or b is None:
            return low + (position - self(low)) / (self.step * self.speed(low))
        wanted = _eased(a, b, low - a.at) + (position - self(low)) / self.step
        way, length = self.direction, high - low

        def reached(part: int) -> bool:
            return way * (_eased(a, b, low + length * part / FINEST - a.at) - wanted) >= 0

        return low + length * _first(reached, 0, FINEST) / FINEST

    def _run(self, frame: Fraction) -> Fraction:
        """Returns the integral of speed from the first key to `frame`."""
        first = self.keys[0]
        if frame <= first.at:
            return (frame - first.at) * first.speed
        total = Fraction(0)
        for a, b in pairwise(self.keys):
            if frame < b.at:
                return total + _eased(a, b, frame - a.at)
            total += _eased(a, b, b.at - a.at)
        last = self.keys[-1]
        return total + (frame - last.at) * last.speed


def _eased(a: SpeedKey, b: SpeedKey, run: Fraction) -> Fraction:
    """Returns the integral of speed over `run` output frames from key a, on the way to key b, by b's ease."""
    length, rise = b.at - a.at, b.speed - a.speed
    return a.speed * run + (rise * length * eased_run(b.ease, run / length) if rise else 0)


def _share_of_time(ease: Ease, share: Fraction) -> Fraction:
    """Returns the share of the time between two keys at which that share of the way is made, to 2^-40."""
    return Fraction(_first(lambda part: eased_share(ease, Fraction(part, TURN)) >= share, 0, TURN), TURN)


def _first(so: Callable[[int], bool], low: int, high: int) -> int:
    """Returns the first number of low..high of which something is so, as it is of every later one and of `high`."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if so(middle) else (middle + 1, high)
    return low


def flagged_spans(flags: Iterable[bool]) -> list[Span]:
    """Returns the runs of frames that are flagged, in order. flags: one for each frame."""
    runs, at = list[Span](), 0
    for flag, members in groupby(flags):
        length = sum(1 for _ in members)
        if flag:
            runs.append(Span(at, at + length))
        at += length
    return runs
