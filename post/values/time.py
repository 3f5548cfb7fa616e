"""Defines time: rational seconds, and positions in whole frames or samples. No module passes float seconds on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

Ease = Literal["linear", "smooth", "hold"]
# No time, speed or rate has more digits; of `1e99999999` the exact number alone fills the memory.
DIGITS = r"\d{1,9}(?:\.\d{1,18})?"
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
    """At output frame `at` the clip runs at `speed` (1 is as shot). ease: how it gets there from the key before."""

    at: Fraction
    speed: Fraction
    ease: Ease = "linear"


@dataclass(frozen=True, slots=True)
class TimeMap:
    """Maps an output frame to a position on a source's grid: the exact integral of the speed keys.

    start: source position (in source frames) of output frame 0; step: source frames that pass in one output
    frame at speed 1 (the ratio of the two clocks). Before the first key and after the last, the nearest key's
    speed holds.
    """

    start: Fraction = Fraction(0)
    step: Fraction = Fraction(1)
    keys: tuple[SpeedKey, ...] = (SpeedKey(Fraction(0), Fraction(1)),)

    def __post_init__(self) -> None:
        if not self.keys:
            raise ValueError("a time map needs at least one speed key")
        if any(b.at <= a.at for a, b in pairwise(self.keys)):
            raise ValueError("speed keys must come in rising order of time")
        if any(key.speed < 0 for key in self.keys):
            raise ValueError("speeds below 0 (reverse) are not supported")

    @property
    def constant(self) -> Fraction | None:
        """The speed if it never changes, else None."""
        speeds = {key.speed for key in self.keys}
        return speeds.pop() if len(speeds) == 1 else None

    def __call__(self, frame: Fraction | int) -> Fraction:
        """Returns the exact source position that an output frame shows, in source frames."""
        return self.start + self.step * (self._run(Fraction(frame)) - self._run(Fraction(0)))

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
    u = run / length
    # Integrals over 0..u of the three easings: 0, u, and 3u^2 - 2u^3.
    share = {"hold": Fraction(0), "linear": u**2 / 2, "smooth": u**3 - u**4 / 2}[b.ease]
    return a.speed * run + rise * length * share
