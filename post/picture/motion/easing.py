"""Defines easing functions as CSS has them: what share of a movement is done after a share of its time.

    linear | ease | ease-in | ease-out | ease-in-out | step-start | step-end
    cubic-bezier(x1, y1, x2, y2)           x from 0 to 1, y any: below 0 and above 1 it goes past its ends
    steps(n, jump-start | jump-end | jump-none | jump-both | start | end)
    linear(0, 0.5 20%, 1 60% 80%, 1)       straight lines between stops
    smooth, in-cubic, out-back, ...        names of those above, in NAMED

Source: W3C CSS Easing Functions Level 2.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from post.values.ease import curve_through, eased_share

# Those of transitions that every editor names; https://easings.net has the numbers.
NAMED = {
    "ease": "cubic-bezier(0.25, 0.1, 0.25, 1)",
    "ease-in": "cubic-bezier(0.42, 0, 1, 1)",
    "ease-out": "cubic-bezier(0, 0, 0.58, 1)",
    "ease-in-out": "cubic-bezier(0.42, 0, 0.58, 1)",
    "step-start": "steps(1, jump-start)",
    "step-end": "steps(1, jump-end)",
    "in-cubic": "cubic-bezier(0.32, 0, 0.67, 0)",
    "out-cubic": "cubic-bezier(0.33, 1, 0.68, 1)",
    "in-out-cubic": "cubic-bezier(0.65, 0, 0.35, 1)",
    "in-quint": "cubic-bezier(0.64, 0, 0.78, 0)",
    "out-quint": "cubic-bezier(0.22, 1, 0.36, 1)",
    "in-out-quint": "cubic-bezier(0.83, 0, 0.17, 1)",
    "in-expo": "cubic-bezier(0.7, 0, 0.84, 0)",
    "out-expo": "cubic-bezier(0.16, 1, 0.3, 1)",
    "in-back": "cubic-bezier(0.36, 0, 0.66, -0.56)",
    "out-back": "cubic-bezier(0.34, 1.56, 0.64, 1)",
    "out-bounce": "linear(0, 0.063, 0.25 18.2%, 1 36.4%, 0.813, 0.75, 0.813, 1 72.7%, 0.953, 0.938, 0.953, 1 90.9%, "
    "0.984, 1)",
}
EASING = (
    f"linear | smooth | {' | '.join(NAMED)} | cubic-bezier(x1, y1, x2, y2), each x 0 to 1 | steps(n, jump-end) | "
    "linear(0, 0.5 20%, 1)"
)
MOST_STOPS, MOST_STEPS, FURTHEST = 64, 1000, 10
_CALL = re.compile(r"(cubic-bezier|steps|linear)\(([^()]*)\)\Z")
_NUMBER = re.compile(r"[+-]?(?:\d{1,9}(?:\.\d{0,18})?|\.\d{1,18})\Z", re.ASCII)
_JUMPS = {"start": "jump-start", "end": "jump-end"}
Shape = Callable[[Fraction], Fraction]


def is_easing(text: str) -> bool:
    """Returns whether a text is an easing function."""
    try:
        _shape(text.strip())
    except ValueError:
        return False
    return True


@lru_cache(4096)
def eased(easing: str, u: Fraction) -> float:
    """Returns the share of a movement that is done. u: the share of the time, 0..1; what is beyond counts as its end.

    Raises ValueError for a text that is no easing.
    """
    return float(_shape(easing.strip())(min(max(u, Fraction(0)), Fraction(1))))


@lru_cache(256)
def _shape(easing: str) -> Shape:
    if easing in ("linear", "smooth"):
        return lambda u: eased_share(easing, u)
    found = _CALL.match(NAMED.get(easing, easing))
    if found is None:
        raise ValueError(f"not an easing: {easing!r}")
    parts = [part.strip() for part in found[2].split(",")]
    return {"cubic-bezier": _bezier, "steps": _steps, "linear": _lines}[found[1]](parts)


def _bezier(parts: list[str]) -> Shape:
    x1, y1, x2, y2 = (_number(part) for part in parts)  # another count raises ValueError, too
    if not (0 <= x1 <= 1 and 0 <= x2 <= 1 and max(abs(y1), abs(y2)) <= FURTHEST):
        raise ValueError("a control point outside its bounds")
    return curve_through(x1, y1, x2, y2).share_at


def _steps(parts: list[str]) -> Shape:
    jump = _JUMPS.get(parts[1], parts[1]) if len(parts) == 2 else "jump-end"
    count = int(parts[0]) if parts[0].isascii() and parts[0].isdigit() and len(parts) <= 2 else 0
    least = 2 if jump == "jump-none" else 1
    kinds = {"jump-start": (1, 0), "jump-end": (0, 0), "jump-none": (0, -1), "jump-both": (1, 1)}
    if jump not in kinds or not least <= count <= MOST_STEPS:
        raise ValueError("not steps")
    before, more = kinds[jump]
    return lambda u: Fraction(min((u * count).__floor__() + before, count + more), count + more)


def _lines(parts: list[str]) -> Shape:
    """Returns straight lines between stops. Source: CSS Easing Functions 2, 2.2.1 (which fills in missing inputs)."""
    stops = list[tuple[Fraction | None, Fraction]]()
    for part in parts:
        value, *places = part.split()
        places = [place for place in places if place.endswith("%")] if len(places) <= 2 else ["x"]
        if len(places) != len(part.split()) - 1:
            raise ValueError("not a stop")
        inputs = [_number(place[:-1]) / 100 for place in places]
        output = _number(value)
        stops += [(at, output) for at in inputs] or [(None, output)]
    if not 2 <= len(stops) <= MOST_STOPS or any(abs(value) > FURTHEST for _, value in stops):
        raise ValueError("too few stops, or too many")
    inputs, outputs = _filled([at for at, _ in stops]), [value for _, value in stops]
    return lambda u: _between(inputs, outputs, u)


def _filled(inputs: list[Fraction | None]) -> list[Fraction]:
    """Returns all inputs: the first is 0 and the last 1 where none is given, others lie evenly between."""
    inputs = [*inputs]
    inputs[0], inputs[-1] = inputs[0] or Fraction(0), Fraction(1) if inputs[-1] is None else inputs[-1]
    largest = inputs[0]
    for index, at in enumerate(inputs):  # no input lies before one that comes first
        if at is not None:
            largest = inputs[index] = max(at, largest)  # type: ignore[type-var]  # not None: the first is given
    known = [index for index, at in enumerate(inputs) if at is not None]
    for left, right in pairwise(known):
        start, end = inputs[left], inputs[right]
        assert start is not None
        assert end is not None
        for index in range(left + 1, right):
            inputs[index] = start + (end - start) * Fraction(index - left, right - left)
    return [at for at in inputs if at is not None]


def _between(inputs: list[Fraction], outputs: list[Fraction], u: Fraction) -> Fraction:
    """Returns the value at `u`; where stops share an input, that of the last."""
    right = min(max(bisect_right(inputs, u), 1), len(inputs) - 1)
    start, end = inputs[right - 1], inputs[right]
    if start == end:
        return outputs[right] if u >= end else outputs[right - 1]
    return outputs[right - 1] + (outputs[right] - outputs[right - 1]) * (u - start) / (end - start)


def _number(text: str) -> Fraction:
    if not _NUMBER.match(text):
        raise ValueError(f"not a number: {text!r}")
    return Fraction(text)
