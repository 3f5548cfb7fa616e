"""Rates, frames and switches as FCP7 XML writes them."""

from __future__ import annotations

import re
from fractions import Fraction

from post.errors import SourceError
from post.handoff.markup.xml_tree import XmlElement, element
from post.printable import printable
from post.values.timecode import nominal_rate

_NUMBER = re.compile(r"\s*(-?\d{1,15})(?:\.(\d{1,18}))?\s*", re.ASCII)
UNKNOWN = -1  # a clip's edge that lies under a transition


def read_rate(owner: XmlElement | None, label: str, default: Fraction | None = None) -> Fraction:
    """Returns the rate that an element says: 24000/1001 for timebase 24 and ntsc TRUE.

    Raises SourceError where it says none and `default` is None, or one that is no rate.
    """
    rate = owner.child("rate") if owner is not None else None
    if owner is None or rate is None:
        if default is not None:
            return default
        where = f"{label}:{owner.line if owner is not None else 0}"
        raise SourceError("no frame rate", where=where, expected="<rate> with a timebase")
    base = read_number(rate, "timebase", label)
    if base.denominator != 1 or not 1 <= base <= 240:
        where = f"{label}:{rate.line}: timebase"
        raise SourceError("not a frame rate", where=where, expected="1 to 240", got=str(base))
    return base * Fraction(1000, 1001) if is_true(rate, "ntsc") else base


def write_rate(rate: Fraction) -> XmlElement:
    """Returns a rate as an element."""
    base, ntsc = nominal_rate(rate), rate.denominator == 1001
    return element(
        "rate", element("timebase", text=str(base)), element("ntsc", text="TRUE" if ntsc else "FALSE")
    )


def read_number(owner: XmlElement, tag: str, label: str, default: Fraction | None = None) -> Fraction:
    """Returns the number in a child. Raises SourceError where there is none and `default` is None, or it is none."""
    found = owner.child(tag)
    if found is None and default is not None:
        return default
    where = f"{label}:{found.line if found is not None else owner.line}: {tag}"
    text = found.text if found is not None else ""
    if not _NUMBER.fullmatch(text):
        raise SourceError("not a number", where=where, got=printable(text))
    return Fraction(text.strip())


def is_true(owner: XmlElement, tag: str, default: bool = False) -> bool:
    """Returns whether a child says TRUE."""
    word = owner.word(tag).upper()
    return word == "TRUE" if word else default
