"""Fades: how opaque a layer is in each frame it is on."""

from __future__ import annotations

import re
from collections.abc import Callable

from post.errors import JobError

Easing = Callable[[float], float]
_BEZIER = re.compile(r"cubic-bezier\(([^()]*)\)\Z")
EASE = "how a fade goes: linear, smooth, or cubic-bezier(x1, y1, x2, y2) as in CSS"
_NAMED: dict[str, Easing] = {"linear": lambda u: u, "smooth": lambda u: u * u * (3 - 2 * u)}


def envelope(frame: int, length: int, fade_in: int, fade_out: int, curve: Easing) -> float:
    """Returns the opacity, 0..1, of a layer at `frame` of `length` frames; fades are in frames.

    A fade of n frames has n steps between 0 and 1, without both: every frame of it shows the layer, and the frame
    after a fade in (before a fade out) is the first (last) fully opaque one. Where both fades overlap, the lower
    opacity is used.
    """
    if not 0 <= frame < length:
        return 0.0
    rising = (frame + 1) / (fade_in + 1)
    falling = (length - frame) / (fade_out + 1)
    return curve(min(rising, falling, 1.0))


def read_easing(text: str, where: str) -> Easing:
    """Returns the easing that a knob names. Raises JobError where it names none."""
    named = _NAMED.get(text.strip())
    if named is not None:
        return named
    found = _BEZIER.fullmatch(text.strip())
    try:
        x1, y1, x2, y2 = (float(part) for part in (found[1] if found else "").split(","))
    except ValueError as fault:
        raise _no_curve(text, where) from fault
    if not all(0 <= part <= 1 for part in (x1, y1, x2, y2)):
        raise _no_curve(text, where)
    return lambda u: _bezier(u, (x1, x2), (y1, y2))


def _no_curve(text: str, where: str) -> JobError:
    return JobError(
        "not an easing",
        where=where,
        expected="linear | smooth | cubic-bezier(x1, y1, x2, y2), each 0 to 1",
        got=repr(text),
    )


def _bezier(u: float, xs: tuple[float, float], ys: tuple[float, float]) -> float:
    """Returns y of the curve through (0, 0) and (1, 1) where x is u. Source: CSS Easing 1, 2.2."""
    if not 0 < u < 1:
        return u
    lo, hi = 0.0, 1.0
    for _ in range(40):  # x rises with t, so halving finds it to 1e-12
        middle = (lo + hi) / 2
        lo, hi = (middle, hi) if _cubic(middle, *xs) < u else (lo, middle)
    return _cubic((lo + hi) / 2, *ys)


def _cubic(t: float, a: float, b: float) -> float:
    return 3 * (1 - t) ** 2 * t * a + 3 * (1 - t) * t**2 * b + t**3
