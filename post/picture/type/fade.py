"""Fades: how opaque a layer is in each frame it is on."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from post.errors import JobError
from post.picture.motion.easing import EASING, eased, is_easing

Easing = Callable[[Fraction], float]
EASE = "how a fade goes: linear, smooth, ease-in-out, out-cubic, ... or cubic-bezier(), steps() or linear() as in CSS"


def envelope(frame: int, length: int, fade_in: int, fade_out: int, curve: Easing) -> float:
    """Returns the opacity, 0..1, of a layer at `frame` of `length` frames; fades are in frames.

    A fade of n frames has n steps between 0 and 1, without both: every frame of it shows the layer, and the frame
    after a fade in (before a fade out) is the first (last) fully opaque one. Where both fades overlap, the lower
    opacity is used.
    """
    if not 0 <= frame < length:
        return 0.0
    rising, falling = Fraction(frame + 1, fade_in + 1), Fraction(length - frame, fade_out + 1)
    return min(max(curve(min(rising, falling, Fraction(1))), 0.0), 1.0)


def read_easing(text: str, where: str) -> Easing:
    """Returns the easing that a knob names. Raises JobError where it names none."""
    if not is_easing(text):
        raise JobError("not an easing", where=where, expected=EASING, got=repr(text))
    return lambda u: eased(text, u)
