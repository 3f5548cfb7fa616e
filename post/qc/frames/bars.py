"""Finds the black bars of a letterbox or a pillarbox, and when they come and go."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from post.values.array import Array
from post.values.media import Picture
from post.values.sights.frames import Bars
from post.values.time import Span

BLACK_CODES = 3.0  # above black, that a bar may have
LEAST_PART = 40  # a bar is at least this part of its side
LEAST_LIT = 0.5  # of a picture with bars at all four sides


def bars_of(luma: Array, foot: float, stored: tuple[int, ...], picture: Picture) -> Bars | None:
    """Returns the bars of a frame, in pixels of the upright frame: both of a pair or none. None where that little is
    lit that it may be a title on black.

    luma: of the small frame, (height, width), in 8-bit codes; foot: the code of black; stored: (height, width) of the
    frame as it is stored. A picture that is dark at one side only has no bar there.
    """
    top, bottom = _pair(luma.max(axis=1) <= foot + BLACK_CODES)
    left, right = _pair(luma.max(axis=0) <= foot + BLACK_CODES)
    inside = (luma.shape[0] - top - bottom) * (luma.shape[1] - left - right)
    if top and left and inside < LEAST_LIT * luma.size:
        return None
    down, across = stored[0] / luma.shape[0], stored[1] / luma.shape[1]
    sides = [round(left * across), round(top * down), round(right * across), round(bottom * down)]
    if picture.flipped:
        sides[0], sides[2] = sides[2], sides[0]
    turns = picture.rotation // 90 % 4  # clockwise: what was at the bottom is then at the left
    turned = (*sides[4 - turns :], *sides[: 4 - turns]) if turns else tuple(sides)
    # Turned clockwise once, left, top, right, bottom show what was at the bottom, left, top, right.
    return turned[0], turned[1], turned[2], turned[3]


def _pair(dark: Array) -> tuple[int, int]:
    """Returns how many lines are dark at the start and at the end: 0, 0 unless both are bars of about one size."""
    if dark.all():
        return 0, 0
    first, last = int(np.argmin(dark)), int(np.argmin(dark[::-1]))
    least = max(1, len(dark) // LEAST_PART)
    even = min(first, last) >= least and abs(first - last) <= max(1, max(first, last) // 4)
    return (first, last) if even else (0, 0)


def steady_bars(each: Sequence[Bars | None], least: int) -> tuple[tuple[Span, Bars], ...]:
    """Returns the runs of frames of one shape of picture. each: of a frame, None where nothing is seen, which takes
    nothing from the run around it; least: frames of a shape that counts, as a dark shot may look like one for a
    moment."""
    found, at = list[tuple[Span, Bars]](), 0
    for bars, members in groupby(each):
        length = sum(1 for _ in members)
        if bars is not None and length >= least:
            span = Span(at, at + length)
            if found and _alike(found[-1][1], bars):
                found[-1] = (Span(found[-1][0].first, span.stop), found[-1][1])
            else:
                found.append((span, bars))
        at += length
    return tuple(found)


def _alike(one: Bars, other: Bars) -> bool:
    """Returns whether two shapes are one, within what a small picture tells."""
    return all(bool(a) == bool(b) and abs(a - b) <= max(a, b) / 4 for a, b in zip(one, other, strict=True))
