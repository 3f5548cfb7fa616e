"""Moves a window as a job says by hand: from key to key, starting and ending gently, and still before and after."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from post.measure.attention.sights import Box
from post.plan.camera.follow import Followed, window_at
from post.plan.camera.hold import held_ranges, most_cut, union_of
from post.values import Shot, Window
from post.values.array import Array

# When in the shot, in seconds, and the point that is kept then, in shares from the left and the top.
Key = tuple[Fraction, float, float]


def follow_keys(
    shot: Shot, window: Window, keys: Sequence[Key], rate: Fraction, keep: Sequence[Box] = ()
) -> Followed:
    """Returns the windows of a shot whose focus is given by keys, two or more, in order of time.

    window: of the crop's size; rate: frames a second of the film; keep: boxes that must stay whole, which the answer
    tells of. Between two keys it moves with the least jerk that a move from rest to rest has.
    """
    seconds = np.array([float(Fraction(frame) / rate) for frame in range(len(shot.span))])
    times = np.array([float(when) for when, _, _ in keys])
    across, down = (_starts(seconds, times, keys, axis, window) for axis in (1, 2))
    windows = tuple(window_at(window, x, y) for x, y in zip(across, down, strict=True))
    held = union_of(held_ranges([()], keep, 0)), union_of(held_ranges([()], keep, 1))
    cut = 0.0
    for axis, starts, share in ((0, across, window.width), (1, down, window.height)):
        if share < 1:
            cut = max(cut, most_cut([held[axis]] * len(starts), starts, float(share)))
    return Followed(windows, 1.0, round(cut, 3), held)


def _starts(seconds: Array, times: Array, keys: Sequence[Key], axis: int, window: Window) -> Array:
    share = float(window.width if axis == 1 else window.height)
    points = np.array([float(key[axis]) for key in keys])
    places = np.clip(points - share / 2, 0, max(1 - share, 0.0))
    last = np.clip(np.searchsorted(times, seconds, side="right") - 1, 0, len(times) - 2)
    passed = np.clip((seconds - times[last]) / (times[last + 1] - times[last]), 0, 1)
    return np.asarray(places[last] + (places[last + 1] - places[last]) * _gently(passed))


def _gently(passed: Array) -> Array:
    """Returns how far a move from rest to rest is, 0 to 1. Source: T. Flash and N. Hogan, "The coordination of arm
    movements", J. Neuroscience 5, 1985: the least jerk."""
    return np.asarray(passed**3 * (10 - 15 * passed + 6 * passed**2))
