"""Reads and writes the filter `timeremap` of FCP7 XML.

A clip's in and out points count its own frames as they are seen (`when`), and a graph says which media frame (`value`)
each of them shows. Premiere Pro writes keys for both ends and for in and out, which it marks as virtual; of those that
it has no value for it writes numbers out of the graph's bounds, which are left out here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from post.errors import SourceError
from post.handoff.durations import decimal_text
from post.handoff.fcp7.numbers import is_true, read_number
from post.handoff.markup.xml_tree import XmlElement, element
from post.handoff.time_keys import PositionKey

NAME = "timeremap"
CLOSE_TO_SPEED = Fraction(1, 100)  # by which a graph may leave the constant speed that is said beside it


@dataclass(frozen=True, slots=True)
class Remap:
    """A retime. keys: seen frame and media frame of the clip's own rate; blended: frames are mixed; dropped: how many
    keys had no value."""

    keys: tuple[PositionKey, ...]
    blended: bool
    dropped: int = 0


def find_remap(item: XmlElement) -> XmlElement | None:
    """Returns the effect that retimes a clip, or None."""
    effects = [effect for each in item.all("filter") for effect in each.all("effect")]
    return next((each for each in effects if each.word("effectid").lower() == NAME), None)


def read_remap(effect: XmlElement, label: str) -> Remap:
    """Returns the time map of an effect. Raises SourceError where it has neither a speed nor a graph of two keys."""
    found = {each.word("parameterid").lower(): each for each in effect.all("parameter")}
    graph = found.get("graphdict")
    keys, dropped = _graph(graph, label) if graph is not None else ((), 0)
    blended = "frameblending" in found and is_true(found["frameblending"], "value")
    varies = "variablespeed" in found and read_number(found["variablespeed"], "value", label) == 1
    if not varies and "speed" in found:
        keys = _constant(found, keys, label)
    if len(keys) < 2:
        where = f"{label}:{effect.line}: timeremap"
        raise SourceError("not a time map", where=where, expected="a speed, or a graph of two keys")
    return Remap(keys, blended, dropped)


def _constant(
    found: dict[str, XmlElement], keys: tuple[PositionKey, ...], label: str
) -> tuple[PositionKey, ...]:
    """Returns the line of a constant speed: the graph's where it is one, else through the graph's first key."""
    speed = read_number(found["speed"], "value", label) / 100
    if "reverse" in found and is_true(found["reverse"], "value"):
        speed = -abs(speed)
    if len(keys) > 1:
        slopes = [(b.source - a.source) / (b.at - a.at) for a, b in pairwise(keys)]
        close = CLOSE_TO_SPEED * max(abs(speed), Fraction(1))
        if all(abs(slope - speed) <= close for slope in slopes):
            return keys
    first = keys[0] if keys else PositionKey(Fraction(0), Fraction(0))
    return (first, PositionKey(first.at + 1, first.source + speed))


def _graph(graph: XmlElement, label: str) -> tuple[tuple[PositionKey, ...], int]:
    """Returns a graph's keys that have a value, and how many have none."""
    low = read_number(graph, "valuemin", label, Fraction(0))
    high = read_number(graph, "valuemax", label, Fraction(10**12))
    rows = [
        PositionKey(read_number(each, "when", label), read_number(each, "value", label))
        for each in graph.all("keyframe")
    ]
    kept = [row for row in rows if low - 1 <= row.source <= high + 1 and row.at >= 0]
    rising = [key for number, key in enumerate(kept) if not number or key.at > kept[number - 1].at]
    return tuple(rising), len(rows) - len(rising)


def write_remap(
    keys: Sequence[PositionKey], first: int, stop: int, media: int, blended: bool, *, sound: bool = False
) -> XmlElement:
    """Returns a retime as a filter.

    keys: seen frames, whole, and media frames; first, stop: the clip's in and out, seen frames; media: frames of the
    media; sound: it is the sound's.
    """
    slopes = {(b.source - a.source) / (b.at - a.at) for a, b in pairwise(keys)}
    mean = (keys[-1].source - keys[0].source) / (keys[-1].at - keys[0].at)
    varies = len(slopes) > 1
    marks = {keys[0].at: "speedkfstart", keys[-1].at: "speedkfend"}
    marks |= {Fraction(first): "speedkfin", Fraction(stop): "speedkfout"} if not varies else {}
    rows = {key.at: key.source for key in keys}
    for at in (first, stop) if not varies else ():
        rows.setdefault(Fraction(at), keys[0].source + (at - keys[0].at) * mean)
    frames = [
        element(
            "keyframe", element("when", text=decimal_text(at)), element("value", text=_short(rows[at])),
            element("speedvirtualkf", text="TRUE") if at in marks else None,
            element(marks[at], text="TRUE") if at in marks else None,
        )
        for at in sorted(rows)
    ]  # fmt: skip
    curve = element("interpolation", element("name", text="FCPCurve"))
    parameters = [
        _parameter("variablespeed", "1" if varies else "0", "0", "1"),
        _parameter("speed", _short(mean * 100), "-100000", "100000"),
        _parameter("reverse", "TRUE" if mean < 0 else "FALSE"),
        _parameter("frameblending", "TRUE" if blended else "FALSE"),
        _parameter("graphdict", "0", "0", str(media), [*frames, curve]),
    ]
    return element(
        "filter",
        element(
            "effect", element("name", text="Time Remap"), element("effectid", text=NAME),
            element("effectcategory", text="motion"), element("effecttype", text="motion"),
            element("mediatype", text="audio" if sound else "video"), *parameters,
        ),
    )  # fmt: skip


def _parameter(
    name: str, value: str, low: str = "", high: str = "", more: Sequence[XmlElement] = ()
) -> XmlElement:
    bounds = [element(tag, text=text) for tag, text in (("valuemin", low), ("valuemax", high)) if text]
    return element(
        "parameter", element("parameterid", text=name), element("name", text=name), *bounds,
        element("value", text=value), *more,
    )  # fmt: skip


def _short(number: Fraction) -> str:
    """Returns a number in decimals, to 9 places: a billionth of a frame."""
    return decimal_text(Fraction(round(number * 10**9), 10**9))
