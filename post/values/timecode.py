"""Reads and writes SMPTE timecode (ST 12-1), with and without dropped numbers."""

from __future__ import annotations

import re
from fractions import Fraction

from post.values.time import round_half_up

_TIMECODE = re.compile(r"(\d{2}):(\d{2}):(\d{2})([:;.,])(\d{2,3})")


def nominal_rate(rate: Fraction) -> int:
    """Returns how many frames a second of timecode counts: 30 for 29.97."""
    return max(1, round_half_up(rate))


def can_drop(rate: Fraction) -> bool:
    """Returns whether timecode at this rate may drop numbers: at multiples of 30000/1001 alone."""
    return rate.denominator == 1001 and nominal_rate(rate) % 30 == 0


def timecode(frames: int, rate: Fraction, drop: bool = False) -> str:
    """Returns the timecode of a frame count. drop: numbers are left out to follow the clock; `;` marks it.

    Raises ValueError for a count below 0, and for a rate that has no drop-frame timecode.
    """
    if frames < 0:
        raise ValueError("timecode does not run below 0")
    base, number = nominal_rate(rate), frames
    if drop:
        number += _left_out(frames, rate)
    seconds, frame = divmod(number, base)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours % 24:02}:{minute:02}:{second:02}{';' if drop else ':'}{frame:02}"


def read_timecode(text: str, rate: Fraction, drop: bool | None = None) -> int:
    """Returns the frame count of a timecode. drop: None takes it from the separator before the frames (`;`).

    Raises ValueError for what is no timecode at this rate, and for a number that drop-frame timecode leaves out.
    """
    found = _TIMECODE.fullmatch(text.strip())
    base = nominal_rate(rate)
    if found is None:
        raise ValueError(f"not a timecode: {text!r}")
    hours, minutes, seconds, frame = (int(found[place]) for place in (1, 2, 3, 5))
    if minutes > 59 or seconds > 59 or frame >= base:
        raise ValueError(f"not a timecode at {base} frames a second: {text!r}")
    dropped = found[4] in ";," if drop is None else drop
    number = ((hours * 60 + minutes) * 60 + seconds) * base + frame
    if not dropped:
        return number
    skipped = _per_minute(rate)
    if seconds == 0 and frame < skipped and minutes % 10:
        raise ValueError(f"drop-frame timecode has no such frame: {text!r}")
    passed = hours * 60 + minutes
    return number - skipped * (passed - passed // 10)


def _per_minute(rate: Fraction) -> int:
    if not can_drop(rate):
        raise ValueError(f"no drop-frame timecode at {rate} frames a second")
    return nominal_rate(rate) // 15  # 2 at 29.97, 4 at 59.94


def _left_out(frames: int, rate: Fraction) -> int:
    """Returns how many numbers were left out before a frame: in every minute but each tenth."""
    skipped, base = _per_minute(rate), nominal_rate(rate)
    minute = base * 60 - skipped
    ten = minute * 10 + skipped
    tens, rest = divmod(frames, ten)
    inside = (rest - skipped) // minute if rest >= skipped else 0
    return skipped * (9 * tens + inside)
