"""What of a timeline OpenTimelineIO has no words for, as JSON in our own namespace, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction
from typing import Any, TypeVar

from post.handoff.durations import exact_fraction
from post.handoff.time_keys import PositionKey
from post.handoff.timeline import (
    ClipAudio,
    ColourDecisions,
    TimelineMarker,
    TimelineMedia,
    TimelineSound,
    TimelineTitle,
    TimelineTransition,
)
from post.values.time import Span, SpeedKey

Value = TypeVar(
    "Value",
    TimelineMedia, ClipAudio, ColourDecisions, PositionKey, SpeedKey, TimelineMarker, TimelineSound, TimelineTitle,
    TimelineTransition,
)  # fmt: skip


def plain(value: Any) -> Any:
    """Returns a value of a timeline as JSON: fractions as texts, spans as two numbers, what is by default left out."""
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Span):
        return [value.first, value.stop]
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return {
        each.name: plain(getattr(value, each.name)) for each in fields(value) if not _is_default(value, each)
    }


def _is_default(value: Any, each: Any) -> bool:
    return bool(getattr(value, each.name) == each.default)


def read_plain(kind: type[Value], given: Any) -> Value:
    """Returns a value of a timeline from its JSON. Keys that are not known are left out.

    Raises ValueError, TypeError or KeyError where it is none.
    """
    if not isinstance(given, Mapping):
        raise TypeError(f"not {kind.__name__}")
    return kind(
        **{each.name: _read(str(each.type), given[each.name]) for each in fields(kind) if each.name in given}
    )


def _read(form: str, given: Any) -> Any:
    if given is None or form.startswith("Metadata"):
        return given
    if "Fraction" in form:
        return exact_fraction(given)
    if form == "Span":
        return Span(*given)
    if form.startswith("tuple"):
        return tuple(float(each) for each in given)
    if form in _KINDS:
        return read_plain(_KINDS[form], given)
    wanted = {"int": int, "float": (int, float), "str": str, "bool": bool}.get(form.partition(" ")[0], object)
    if not isinstance(given, wanted) or (wanted is int and isinstance(given, bool)):  # type: ignore[arg-type]
        raise TypeError(f"expected {form}")
    return given


_KINDS: dict[str, Any] = {
    "TimelineMedia": TimelineMedia,
    "ClipAudio": ClipAudio,
    "ColourDecisions | None": ColourDecisions,
}
