"""Times as FCPXML writes them: `0s`, `3.5s` or `1001/24000s`, exact."""

from __future__ import annotations

import re
from fractions import Fraction

from post.errors import SourceError
from post.handoff.markup.xml_tree import XmlElement
from post.printable import printable

_TIME = re.compile(r"\s*(-?\d{1,20}(?:\.\d{1,18})?)(?:/(\d{1,15}))?s\s*", re.ASCII)
LARGEST_SCALE = 2**31 - 1  # Final Cut Pro holds a time as 64 bits over 32


def read_time(text: str, where: str) -> Fraction:
    """Returns a time in seconds. Raises SourceError for what is none."""
    found = _TIME.fullmatch(text)
    if found is None or (found[2] is not None and int(found[2]) == 0):
        raise SourceError("not a time", where=where, expected="such as 1001/24000s", got=printable(text))
    return Fraction(found[1]) / int(found[2] or 1)


def time_of(element: XmlElement, name: str, label: str, default: Fraction | None = None) -> Fraction:
    """Returns a time that an element gives as an attribute. Raises SourceError where it is none, or missing."""
    text = element.get(name)
    if not text and default is not None:
        return default
    return read_time(text, f"{label}:{element.line}: {name}")


def time_text(seconds: Fraction) -> str:
    """Returns a time as FCPXML writes it: whole seconds, else a fraction whose scale fits Final Cut Pro's 32 bits.

    A finer one is rounded to the nearest that fits, which leaves it by less than 1 / 2^31 s divided by its scale.
    """
    time = seconds if seconds.denominator <= LARGEST_SCALE else seconds.limit_denominator(LARGEST_SCALE)
    return f"{time.numerator}s" if time.denominator == 1 else f"{time.numerator}/{time.denominator}s"
