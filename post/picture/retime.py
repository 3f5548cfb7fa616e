"""Retime: the speed of a shot, and how frames between source frames are made."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from post.errors import JobError
from post.knob import duration_seconds, knob
from post.stage import Setting, parameters, stage
from post.values.claim import COMPOSITE_WITH_GENERATED, ENHANCED, HUMAN_EDITS, Action
from post.values.ease import PLAIN_EASES, read_ease
from post.values.time import Clock, Span, SpeedKey, exact

EASES = PLAIN_EASES
SLOWEST, FASTEST = Fraction(1, 10), Fraction(16)
# How frames that are made between source frames are declared, by sampling: digital source type, and in words.
_BY_MOTION = (ENHANCED, "frames made between source frames by the motion between them (optical flow)")
_BY_NETWORK = (COMPOSITE_WITH_GENERATED, "frames made between source frames by a trained network (RIFE HDv3)")
MADE = {
    "blend": (HUMAN_EDITS, "frames blended"), "draft": _BY_MOTION, "flow": _BY_MOTION, "learned": _BY_NETWORK,
}  # fmt: skip
MOST_KEYS = 200  # each costs 2 microseconds a frame; a speed drawn by hand has a dozen
NONE = "0f"
SPEEDS = f"{float(SLOWEST):g} to {float(FASTEST):g}"
_BETWEEN_KEYS = re.compile(r",(?![^(]*\))")  # not those between the numbers of an ease


@stage("retime", version=3)
class Retime(Setting):
    """Constant speed, or a ramp through keys. Its map is the exact integral of the speed."""

    does = "time"
    speed: str = knob(
        default="1",
        doc="a speed (0.5 is half, 0 stands still, -1 is backwards), or keys `time:speed[:ease]` joined by commas:"
        " `0s:1, 1s:4:smooth`; times are of the finished shot, ease (linear, smooth, hold,"
        " bezier(x1,y1,x2,y2)) is how the key is reached from the one before",
    )
    freeze: str = knob(
        default=NONE,
        kind="duration",
        doc="how long the last frame is held at the end; a part of the shot's length where that is given",
    )
    reverse: bool = knob(default=False, doc="true plays it backwards, from its end")
    sampling: str = knob(
        default="auto",
        choices=("nearest", "blend", "draft", "flow", "learned", "auto"),
        doc="how a frame between two source frames is made: `nearest` shows the nearer one, `blend` mixes both, `flow`"
        " makes it by the motion between them, `draft` too, in half the time, `learned` by a trained network (the extra"
        " `learned`), in 20 times the time; `auto` measures the take: what is not"
        " slowed stays as it was shot, what is slowed is made by motion, where it can be followed",
    )
    lasts: str = knob(
        default=NONE, kind="duration", internal=True,
        doc="how long the shot lasts (the key `fit`): all its speeds are multiplied by the one factor that makes it so",
    )  # fmt: skip
    scale: str = knob(default="1", internal=True, doc="that factor, such as 3/2")

    shutter: int = knob(
        default=0,
        lo=0,
        hi=360,
        unit="degrees",
        doc="motion blur of what runs faster than it was shot: how far the shutter opens, 180 as in cameras; 0 for"
        " none; not with `sampling: nearest` or `blend`",
    )

    def agree(self) -> None:
        """Checks the knobs against each other. Raises JobError where they do not fit together."""
        if self.shutter and self.sampling in ("nearest", "blend"):
            raise JobError(
                "motion blur needs frames between source frames",
                where="retime.shutter",
                expected="`sampling: auto`, `draft` or `flow`",
                got=f"sampling: {self.sampling}",
                fix="leave `sampling` out",
            )
        self.keys(Clock(Fraction(24)))

    @property
    def holds_its_end(self) -> bool:
        """Whether the last frame is held."""
        return duration_seconds(self.freeze, Clock(Fraction(24))) > 0

    @property
    def is_fitted(self) -> bool:
        """Whether its speeds follow from a length."""
        return duration_seconds(self.lasts, Clock(Fraction(24))) > 0

    def keys(self, clock: Clock) -> tuple[SpeedKey, ...]:
        """Returns the speed keys, in output frames of `clock`: multiplied by `scale`, below 0 where it is reversed.

        Raises JobError where the text is not keys.
        """
        factor = exact(self.scale) * (-1 if self.reverse else 1)
        return tuple(replace(key, speed=key.speed * factor) for key in self._written(clock))

    def _written(self, clock: Clock) -> tuple[SpeedKey, ...]:
        parts = [part.strip() for part in _BETWEEN_KEYS.split(self.speed) if part.strip()]
        if len(parts) > MOST_KEYS:
            raise JobError(
                "too many speed keys", where="retime.speed", expected=f"up to {MOST_KEYS}", got=len(parts),
                fix="keep the keys where the speed changes course",
            )  # fmt: skip
        keys = tuple(_key(part, clock) for part in parts)
        if parts and parts[0].count(":") == 2:
            raise JobError(
                "the first speed key has an ease, but no key comes before it",
                where="retime.speed",
                expected="an ease at the key that is reached, as in `0s:1, 1s:4:smooth`",
                got=repr(parts[0]),
                fix="move the ease to the next key",
            )
        if not keys or any(b.at <= a.at for a, b in pairwise(keys)):
            raise JobError(
                "speed keys out of order",
                where="retime.speed",
                expected="one speed, or keys in rising order of time",
                got=repr(self.speed),
            )
        return keys

    def declare(self, where: Span) -> Action | None:
        keys = self.keys(Clock(Fraction(24)))
        if {key.speed for key in keys} != {Fraction(1)} or self.holds_its_end:
            said = {
                "speed": any(key.speed not in (-1, 0, 1) for key in keys),
                "reversed": any(key.speed < 0 for key in keys),
                "frames held": self.holds_its_end or any(not key.speed for key in keys),
            }
            words = ", ".join(word for word, so in said.items() if so)
            return Action("c2pa.changedSpeed", HUMAN_EDITS, where, parameters(self), words)
        if self.sampling not in MADE:
            return None
        source_type, words = MADE[self.sampling]
        return Action("c2pa.edited", source_type, where, parameters(self), words)


def _key(text: str, clock: Clock) -> SpeedKey:
    """Returns the key of a text: `speed`, `time:speed` or `time:speed:ease`."""
    parts = text.split(":")
    whole = ["0f", *parts] if len(parts) == 1 else parts
    try:
        at, speed, ease = [*whole, "linear"] if len(whole) == 2 else whole
        key = SpeedKey(_time(at, clock) * clock.rate, exact(speed), read_ease(ease))
    except (ValueError, ZeroDivisionError) as fault:
        raise JobError(
            "not a speed key",
            where="retime.speed",
            expected="time:speed[:ease], such as 1s:2:smooth",
            got=repr(text),
        ) from fault
    if not is_speed(key.speed):
        raise JobError(
            "out of range",
            where="retime.speed",
            expected=f"{SPEEDS}, the same below 0, or 0",
            got=speed.strip(),
            fix="split the ramp or trim the take",
        )
    return key


def is_speed(speed: Fraction) -> bool:
    """Returns whether a shot can have this speed: 0 is a held picture, below 0 is backwards."""
    return not speed or SLOWEST <= abs(speed) <= FASTEST


def _time(text: str, clock: Clock) -> Fraction:
    """Returns a key's time in seconds: a duration such as "1.5s" or "36f", or a bare number of seconds."""
    text = text.strip()
    return duration_seconds(text, clock) if text[-1:].isalpha() else exact(text)
