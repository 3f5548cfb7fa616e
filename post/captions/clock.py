"""Reads and writes times of day as caption files have them: exact seconds, never floats."""

from __future__ import annotations

import re
from fractions import Fraction

LONGEST_HOURS = 9  # digits; longer numbers are not times
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2})(?:[.,:](\d{1,9}))?")


def seconds_of(hours: str | int, minutes: str | int, seconds: str | int, decimals: str = "") -> Fraction:
    """Returns the seconds of a time. decimals: digits behind the point, "" for none."""
    whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    return Fraction(whole) + (Fraction(int(decimals), 10 ** len(decimals)) if decimals else 0)


def read_clock(text: str) -> Fraction | None:
    """Returns the seconds of "1:02:03,4" with point, comma or colon, hours or none; None where it is no such time."""
    found = _CLOCK.fullmatch(text)
    if found is None or len(found[1] or "") > LONGEST_HOURS or int(found[2]) > 59 or int(found[3]) > 59:
        return None
    return seconds_of(found[1] or 0, found[2], found[3], found[4] or "")


def write_clock(seconds: Fraction, point: str = ".") -> str:
    """Returns "HH:MM:SS.mmm", rounded half up to milliseconds. Raises ValueError where it is negative."""
    if seconds < 0:
        raise ValueError("a caption begins before its film")
    ticks = milliseconds(seconds)
    rest, decimals = divmod(ticks, 1000)
    minutes, second = divmod(rest, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}{point}{decimals:03}"


def milliseconds(seconds: Fraction) -> int:
    """Returns whole milliseconds, rounded half up."""
    return (seconds * 2000 + 1) // 2
