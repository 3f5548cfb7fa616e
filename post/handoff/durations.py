"""Writes exact times as a job's durations."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from post.values.time import Clock

DIGITS = 18  # that a job's numbers may have after the point
_EXACT = re.compile(r"-?\d{1,400}(?:/\d{1,400})?", re.ASCII)


def frames_text(frames: int) -> str:
    """Returns a number of frames as a duration, such as `36f`."""
    return f"{frames}f"


def duration_text(seconds: Fraction, clock: Clock) -> str:
    """Returns a time as a duration: whole frames of the clock, else seconds, to 18 places where they do not end.

    Raises ValueError for a time below 0, which no job has.
    """
    if seconds < 0:
        raise ValueError("a time below 0")
    frames = seconds * clock.rate
    if frames.denominator == 1:
        return frames_text(frames.numerator)
    return f"{decimal_text(seconds)}s"


def decimal_text(number: Fraction) -> str:
    """Returns a number in decimals, to 18 places where it has more."""
    scaled = round(abs(number) * 10**DIGITS)
    whole, part = divmod(scaled, 10**DIGITS)
    digits = f"{part:0{DIGITS}}".rstrip("0")
    sign = "-" if number < 0 and scaled else ""
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


def exact_fraction(given: Any) -> Fraction:
    """Returns an exact number that travelled in a file, as `str` of a fraction writes it: `7`, `-1/24`.

    Raises ValueError for all else: `1e300000000` is a short text, and no machine can hold the number.
    """
    if not _EXACT.fullmatch(str(given)):
        raise ValueError("not an exact number")
    try:
        return Fraction(str(given))
    except ZeroDivisionError as fault:
        raise ValueError("a number over 0") from fault


def number_text(number: Fraction) -> str:
    """Returns a number as a job has it, exactly where it can: whole, in decimals that end, or as a fraction."""
    text = decimal_text(number)
    if Fraction(text) == number:
        return text
    top, bottom = number.numerator, number.denominator
    return f"{top}/{bottom}" if max(abs(top), bottom) < 10**9 else text
