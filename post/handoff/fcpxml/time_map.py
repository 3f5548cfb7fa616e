"""Reads and writes `timeMap`: which media time a retimed clip shows at each of its own times."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from post.errors import SourceError
from post.handoff.fcpxml.times import time_of, time_text
from post.handoff.markup.xml_tree import XmlElement, element
from post.handoff.time_keys import PositionKey

# `floor` is what Final Cut Pro does where nobody chose: our own default stands in its place.
SAMPLING = {
    "nearest-neighbor": "nearest",
    "frame-blending": "blend",
    "optical-flow-classic": "flow",
    "optical-flow": "flow",
}
SAMPLING_NAMES = {
    "nearest": "nearest-neighbor", "blend": "frame-blending", "draft": "optical-flow-classic",
    "flow": "optical-flow", "learned": "optical-flow",
}  # fmt: skip


def read_time_map(found: XmlElement, label: str) -> tuple[PositionKey, ...]:
    """Returns a time map's keys, `at` and `source` in seconds of the clip's own time and of its media.

    Raises SourceError where it has fewer than two, or they do not rise.
    """
    keys = []
    for point in found.all("timept"):
        smooth = point.get("interp", "smooth2") != "linear"
        # `value` is not declared as a time, but written as one.
        keys.append(
            PositionKey(
                time_of(point, "time", label),
                time_of(point, "value", label),
                "smooth" if smooth else "linear",
                time_of(point, "inTime", label, Fraction(0)) if smooth else Fraction(0),
                time_of(point, "outTime", label, Fraction(0)) if smooth else Fraction(0),
            )
        )
    if len(keys) < 2 or any(b.at <= a.at for a, b in pairwise(keys)):
        where = f"{label}:{found.line}: timeMap"
        raise SourceError("not a time map", where=where, expected="two or more points in rising order")
    return tuple(keys)


def write_time_map(keys: Sequence[PositionKey], sampling: str, pitch: str) -> XmlElement:
    """Returns a time map through keys in seconds, with straight lines between them."""
    points = [_point(key) for key in keys]
    return element(
        "timeMap",
        *points,
        frameSampling=SAMPLING_NAMES.get(sampling, ""),
        preservesPitch={"keep": "1", "tape": "0"}.get(pitch, ""),
    )


def _point(key: PositionKey) -> XmlElement:
    eased = key.lead > 0 and key.lag > 0
    return element(
        "timept",
        time=time_text(key.at),
        value=time_text(key.source),
        interp="smooth2" if eased else "linear",
        inTime=time_text(key.lead) if eased else "",
        outTime=time_text(key.lag) if eased else "",
    )
