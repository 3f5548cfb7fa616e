"""Opens the library opentimelineio, which is imported as it is used, and reads its files within limits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from importlib import import_module
from types import ModuleType
from typing import Any

from post.errors import SourceError
from post.handoff.timeline import NAMESPACE
from post.printable import printable

MOST_BYTES = 64_000_000
# All schemas of OpenTimelineIO 0.18 that a timeline may be made of; the library upgrades their earlier versions.
KNOWN = frozenset(
    (
        "Box2d", "Clip", "Color", "Effect", "ExternalReference", "Filler", "FreezeFrame", "Gap", "GeneratorReference",
        "ImageSequenceReference", "LinearTimeWarp", "Marker", "MissingReference", "RationalTime", "Sequence",
        "SerializableCollection", "Stack", "TimeEffect", "TimeRange", "TimeTransform", "Timeline", "Track",
        "Transition", "V2d",
    )
)  # fmt: skip


def open_otio() -> ModuleType:
    """Returns the library."""
    return import_module("opentimelineio")


def read_timeline(text: bytes, where: str) -> Any:
    """Returns the one timeline in a file of OpenTimelineIO. where: its name, for errors.

    Raises SourceError for what is none, for a schema that is not known here (by its name), and for several timelines.
    """
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise SourceError("not an OTIO file", where=where, expected="JSON", got=str(fault)[:200]) from fault
    unknown = sorted({name for name in schemas_of(plain) if name.partition(".")[0] not in KNOWN})
    if unknown:
        raise SourceError(
            "schemas that are not known here", where=where, expected="those of OpenTimelineIO 0.18",
            got=printable(", ".join(unknown[:10])), fix="export without the extension that made them",
        )  # fmt: skip
    library = open_otio()
    try:
        opened = library.adapters.read_from_string(text.decode(), "otio_json")
    except (library.exceptions.OTIOError, ValueError, TypeError, KeyError, OverflowError) as fault:
        raise SourceError(
            "OpenTimelineIO cannot read it", where=where, got=printable(str(fault)[:200])
        ) from fault
    found = [opened] if not isinstance(opened, library.schema.SerializableCollection) else list(opened)
    found = [each for each in found if isinstance(each, library.schema.Timeline)]
    if len(found) != 1:
        raise SourceError(
            "not one timeline", where=where, expected="a file with one Timeline", got=len(found)
        )
    return found[0]


def schemas_of(plain: Any) -> Iterator[str]:
    """Returns the names of the schemas that a file is made of; those inside metadata are nobody's business."""
    if isinstance(plain, dict):
        if isinstance(name := plain.get("OTIO_SCHEMA"), str):
            yield name
        for key, value in plain.items():
            if key != "metadata":
                yield from schemas_of(value)
    elif isinstance(plain, list):
        for value in plain:
            yield from schemas_of(value)


def exact_rate(rate: float, where: str) -> Fraction:
    """Returns a rate that a file has as a floating-point number: 23.976, 23.98 and 24000/1001 are one.

    Raises SourceError for none that a film can have.
    """
    if not 1 <= rate <= 1000:  # a NaN too
        raise SourceError("not a rate", where=where, expected="1 to 1000 frames a second", got=rate)
    whole = round(rate)
    if abs(rate - whole) < 1e-4:
        return Fraction(whole)
    broadcast = Fraction(round(rate * 1.001) * 1000, 1001)
    return broadcast if abs(float(broadcast) - rate) < 6e-3 else Fraction(rate).limit_denominator(1001)


def exact_number(number: float, where: str) -> Fraction:
    """Returns a number that a file has in floating point: the whole number that it is within a millionth of, else the
    simplest fraction within rounding. Raises SourceError for infinities and for what is no number."""
    try:
        given = Fraction(number)
    except (ValueError, OverflowError) as fault:
        raise SourceError("not a number", where=where, got=number) from fault
    whole = round(given)
    if abs(given - whole) < Fraction(1, 10**6):
        return Fraction(whole)
    simple = given.limit_denominator(10**6)
    return simple if abs(simple - given) < Fraction(1, 10**9) else given


def own_metadata(item: Any) -> dict[str, Any]:
    """Returns what an item has in our namespace, as plain JSON; {} for nothing."""
    found = _plain(item.metadata.get(NAMESPACE))
    return found if isinstance(found, dict) else {}


def _plain(value: Any) -> Any:
    if hasattr(value, "items"):
        return {str(key): _plain(item) for key, item in value.items()}
    if hasattr(value, "__iter__") and not isinstance(value, str | bytes):
        return [_plain(item) for item in value]
    return value
