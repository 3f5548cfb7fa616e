"""Defines knobs, which are what a stage can be set to.

A knob is written once, in its stage. Checking, presets, the JSON schema, `answerprint stages`, the README,
receipts and the property tests all read it there.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal

from post.errors import JobError, unknown
from post.values.media import File
from post.values.short_text import short_text
from post.values.time import DIGITS, Clock, round_half_up

KnobKind = Literal[
    "number", "whole", "switch", "choice", "text", "triple", "series", "file", "duration", "hex"
]
RGB = tuple[float, float, float]
Series = tuple[float, ...]
_TYPES: dict[str, KnobKind] = {
    "float": "number", "int": "whole", "bool": "switch", "str": "text", "RGB": "triple",
    "Series": "series", "File | None": "file", str(Series): "series",
    str(RGB): "triple", str(File | None): "file",
}  # fmt: skip
# Possessive (`++`): text that is no number is read once.
_NUMBER = re.compile(r"([+-]?(?:\d++\.?\d*+|\.\d++)(?:[eE][+-]?\d++)?)\s*+(.*+)")
_DURATION = re.compile(rf"({DIGITS})\s*(f|s|ms)\Z", re.ASCII)
_LONGER = re.compile(r"\d+(?:\.\d+)?\s*(?:f|s|ms)\Z", re.ASCII)
LONGEST_TIME_S, FASTEST_CLOCK = 24 * 3600, 240  # a film of a day; frames are counted on the fastest clock
MOST_NUMBERS = 256  # of a series: one for each level of 8 bits
_HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")


@dataclass(frozen=True, slots=True)
class Knob:
    """What one knob may hold.

    lo, hi: inclusive, in `unit`; of a file in MB, of a text in characters; source: the standard that the bounds
    follow; internal: the program sets it, from a measurement or from another key, so it is not shown to users.
    """

    doc: str
    kind: KnobKind | None = None
    lo: float = -math.inf
    hi: float = math.inf
    unit: str = ""
    choices: tuple[str, ...] = ()
    source: str = ""
    internal: bool = False

    def read(self, given: object, where: str) -> object:
        """Returns a given value as its stage holds it. Raises JobError if it is not one that the knob may hold."""
        assert self.kind is not None
        return _READERS[self.kind](self, given, where)

    @property
    def expected(self) -> str:
        """The values that it takes, in words."""
        if self.choices:
            return " | ".join(self.choices)
        unit = f" {self.unit}" if self.unit else ""
        bounds = f"{_short(self.lo)} to {_short(self.hi)}{unit}"
        open_ended = math.isinf(self.lo) and math.isinf(self.hi)
        return {
            "number": f"a number{unit}" if open_ended else bounds,
            "whole": f"a whole number, {bounds}",
            "triple": f"three numbers, each {bounds}",
            "series": f"numbers, each {bounds}",
            "switch": "true | false",
            "duration": "a time such as 0.5s or 12f",
            "hex": "a colour such as #ffcc00",
            "file": "a path",
        }.get(str(self.kind), "text")

    def schema(self) -> dict[str, Any]:
        """Returns this knob in JSON Schema."""
        bounds: dict[str, Any] = {
            k: v for k, v in (("minimum", self.lo), ("maximum", self.hi)) if math.isfinite(v)
        }
        number: dict[str, Any] = {"anyOf": [{"type": "number", **bounds}, {"type": "string"}]}
        shape: dict[str, Any] = {
            "number": number,
            "whole": {"type": "integer", **bounds},
            "switch": {"type": "boolean"},
            "choice": {"enum": list(self.choices)},
            "triple": {"type": "array", "items": {"type": "number", **bounds}, "minItems": 3, "maxItems": 3},
            "series": {"anyOf": [number, {"type": "array", "items": {"type": "number", **bounds}}]},
            "duration": {"type": "string", "pattern": r"^\d{1,9}(\.\d{1,18})?\s*(f|s|ms)$"},
            "hex": {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"},
        }.get(str(self.kind), {"type": "string"})  # fmt: skip
        return {**shape, "description": f"{self.doc} ({self.expected})"}


def knob(  # noqa: PLR0913  one argument for each column of the table
    *,
    default: Any = MISSING,
    doc: str,
    lo: float = -math.inf,
    hi: float = math.inf,
    unit: str = "",
    choices: tuple[str, ...] = (),
    kind: KnobKind | None = None,
    source: str = "",
    internal: bool = False,
) -> Any:
    """Returns a field of a stage. Its kind follows its annotation: float, int, bool, str, RGB, Series,
    File | None; `kind` says "duration" or "hex" if the text is one. The rest is as in `Knob`."""
    about = Knob(doc, "choice" if choices else kind, lo, hi, unit, choices, source, internal)
    return field(default=default, metadata={"knob": about})


def knobs_of(kind: type) -> dict[str, Knob]:
    """Returns the knobs of a stage by name, internal ones too, in the order they are written."""
    known = _known.get(kind)
    if known is None:
        known = _known[kind] = {f.name: _about(f) for f in fields(kind) if "knob" in f.metadata}
    return dict(known)


_known: dict[type, dict[str, Knob]] = {}


def public_knobs(kind: type) -> dict[str, Knob]:
    """Returns the knobs of a stage that users set, by name, in the order they are written."""
    return {name: about for name, about in knobs_of(kind).items() if not about.internal}


def check(stage: object, where: str) -> None:
    """Checks every knob of a new stage and replaces it by its value as read. Raises JobError at the first wrong one."""
    for name, about in knobs_of(type(stage)).items():
        given = getattr(stage, name)
        object.__setattr__(stage, name, about.read(given, f"{where}.{name}"))


@lru_cache(maxsize=4096)  # a title's pose asks in each of its frames
def duration_frames(text: str, clock: Clock) -> int:
    """Returns a duration knob in whole frames of a clock; half a frame is rounded up."""
    return round_half_up(duration_seconds(text, clock) * clock.rate)


def duration_seconds(text: str, clock: Clock) -> Fraction:
    """Returns a duration knob in exact seconds."""
    number, unit = _split_duration(text)
    return {"f": number / clock.rate, "s": number, "ms": number / 1000}[unit]


def _split_duration(text: str) -> tuple[Fraction, str]:
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(f"not a duration: {text!r}")
    return Fraction(found[1]), found[2]


def _about(f: Field[Any]) -> Knob:
    about: Knob = f.metadata["knob"]
    if about.kind is not None:
        return about
    # Text under `from __future__ import annotations`, else the type itself.
    written = f.type if isinstance(f.type, str) else getattr(f.type, "__name__", str(f.type))
    kind = _TYPES.get(str(f.type)) or _TYPES.get(written)
    if kind is None:
        raise TypeError(f"no kind of knob for {f.name}: {f.type}; use one of {', '.join(_TYPES)}")
    return replace(about, kind=kind)


def _short(number: float) -> str:
    """Returns a bound without an exponent: 2147483647, not 2.14748e+09."""
    return f"{number:.0f}" if number == round(number, 0) and math.isfinite(number) else f"{number:g}"


def _fault(about: Knob, given: object, where: str, what: str, fix: str = "") -> JobError:
    return JobError(what, where=where, expected=about.expected, got=_got(given), fix=fix)


def _got(given: object) -> str:
    """Returns a wrong value for an error: text in quotes, numbers to their last digit."""
    exact = isinstance(given, str | int | float) and not isinstance(given, bool)
    return repr(given) if exact else short_text(given)


def _number(about: Knob, given: object, where: str) -> float:
    if isinstance(given, str):
        given = _without_unit(about, given, where)
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise _fault(about, given, where, "not a number")
    # Bounds may be open, but every number is a finite one.
    if not (about.lo <= given <= about.hi and abs(given) <= sys.float_info.max):
        raise _fault(about, given, where, "out of range")
    return float(given)


def _without_unit(about: Knob, given: str, where: str) -> float:
    found = _NUMBER.fullmatch(given.strip())
    if found is None:
        raise _fault(about, given, where, "not a number")
    number, unit = found.groups()
    if unit and unit.lower() != about.unit.lower():
        wanted = f"write it in {about.unit}" if about.unit else "write it without a unit"
        raise _fault(about, given, where, "wrong unit", wanted)
    return float(number)


def _whole(about: Knob, given: object, where: str) -> int:
    number = _number(about, given, where)
    if number != int(number):
        raise _fault(about, given, where, "not a whole number")
    return int(number)


def _switch(about: Knob, given: object, where: str) -> bool:
    if not isinstance(given, bool):
        raise _fault(about, given, where, "neither true nor false")
    return given


def _choice(about: Knob, given: object, where: str) -> str:
    if given not in about.choices:
        raise unknown(short_text(given), list(about.choices), where, "choice")
    return str(given)


def _text(about: Knob, given: object, where: str) -> str:
    if not isinstance(given, str):
        raise _fault(about, given, where, "not text")
    if len(given) > about.hi:
        raise JobError("too long", where=where, expected=f"up to {about.hi:g} characters", got=len(given))
    return given


def _triple(about: Knob, given: object, where: str) -> tuple[float, ...]:
    if isinstance(given, str | bytes) or not hasattr(given, "__len__") or len(given) != 3:
        raise _fault(about, given, where, "not three numbers")
    return tuple(_number(about, part, where) for part in given)  # type: ignore[attr-defined]  # has a length of 3


def _series(about: Knob, given: object, where: str) -> tuple[float, ...]:
    """Returns a list of numbers; a number alone becomes a list of one."""
    several = given if isinstance(given, list | tuple) else (given,)
    if len(several) > MOST_NUMBERS:
        raise JobError("too many numbers", where=where, expected=f"up to {MOST_NUMBERS}", got=len(several))
    return tuple(_number(about, part, where) for part in several)


def _file(about: Knob, given: object, where: str) -> File | None:
    if given is not None and not isinstance(given, File):
        raise _fault(about, given, where, "not a file")
    return given


def _duration(about: Knob, given: object, where: str) -> str:
    text = str(given).strip()
    found = _DURATION.fullmatch(text)
    if found is None and text.startswith("-"):
        raise JobError("a time below 0", where=where, expected=about.expected, got=text)
    if found is None and _LONGER.fullmatch(text):
        raise _too_long(given, where)
    if found is None:
        raise _fault(about, given, where, "not a time", "give its unit: s, ms or f (frames)")
    number, unit = found[1], found[2]
    most = {"f": LONGEST_TIME_S * FASTEST_CLOCK, "s": LONGEST_TIME_S, "ms": LONGEST_TIME_S * 1000}[unit]
    if Fraction(number) > most:
        raise _too_long(given, where)
    return f"{number.rstrip('0').rstrip('.') if '.' in number else number}{unit}"


def _too_long(given: object, where: str) -> JobError:
    return JobError(
        "out of range", where=where, expected="a time of up to 24 hours, of 18 decimals", got=_got(given)
    )


def _hex(about: Knob, given: object, where: str) -> str:
    if given is None:
        fix = "put it in quotes: # starts a comment"
        raise JobError("nothing given", where=where, expected=about.expected, fix=fix)
    if not isinstance(given, str) or not _HEX.fullmatch(given):
        raise _fault(about, given, where, "not a colour")
    return given.lower()


_READERS: dict[KnobKind, Callable[[Knob, object, str], object]] = {
    "number": _number, "whole": _whole, "switch": _switch, "choice": _choice, "text": _text,
    "triple": _triple, "series": _series, "file": _file, "duration": _duration, "hex": _hex,
}  # fmt: skip
