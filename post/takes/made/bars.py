"""Draws the colour bars of HD television, in 10-bit codes of BT.709, at any size.

Source: SMPTE RP 219-1:2014 (ARIB STD-B28), figure 1. Of what it leaves to the user, *2 is 75 % white and *3 black, so
that no code is outside the colours of BT.709. Edges lie on whole chroma samples, without the filtered transitions of
its annex.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from post.takes.stills.decode import codes_of_rgb
from post.values.array import Array
from post.values.time import round_half_up

Rgb = tuple[float, float, float]
Bar = tuple[Fraction, Rgb | None]  # its width, and its R'G'B'; None is the ramp from black to white

SIDE = Fraction(1, 8)  # of the width: the bars at the left and at the right
BAR = Fraction(3, 4) / 7  # each of the seven between them
ROWS = (Fraction(7, 12), Fraction(1, 12), Fraction(1, 12), Fraction(3, 12))  # of the height


def _grey(level: float) -> Rgb:
    return level, level, level


def _bar(bars: Fraction | int, rgb: Rgb | None) -> Bar:
    return bars * BAR, rgb


_SEVEN = ((1, 1, 1), (1, 1, 0), (0, 1, 1), (0, 1, 0), (1, 0, 1), (1, 0, 0), (0, 0, 1))
_THIRD = Fraction(1, 3)
PATTERN: tuple[tuple[Bar, ...], ...] = (
    (
        (SIDE, _grey(0.40)),
        *(_bar(1, (0.75 * r, 0.75 * g, 0.75 * b)) for r, g, b in _SEVEN),
        (SIDE, _grey(0.40)),
    ),
    ((SIDE, (0, 1, 1)), _bar(1, _grey(0.75)), _bar(6, _grey(0.75)), (SIDE, (0, 0, 1))),
    ((SIDE, (1, 1, 0)), _bar(1, _grey(0)), _bar(5, None), _bar(1, _grey(1)), (SIDE, (1, 0, 0))),
    (
        (SIDE, _grey(0.15)),
        _bar(Fraction(3, 2), _grey(0)),
        _bar(2, _grey(1)),
        _bar(Fraction(5, 6), _grey(0)),
        # The levels by which a screen's black is set, below black, at it and above.
        *(_bar(_THIRD, _grey(level)) for level in (-0.02, 0, 0.02, 0, 0.04)),
        _bar(1, _grey(0)),
        (SIDE, _grey(0.15)),
    ),
)


def draw_bars(width: int, height: int, step: tuple[int, int]) -> tuple[Array, Array, Array]:
    """Returns luma, Cb and Cr of the bars, (height, width) uint16 each: 10 bits, limited range, not subsampled yet.

    step: luma samples to a chroma sample, across and down; no edge lies within one.
    """
    rgb = np.zeros((height, width, 3), np.float32)
    top = Fraction(0)
    for share, bars in zip(ROWS, PATTERN, strict=True):
        rows = slice(_edge(top, height, step[1]), _edge(top + share, height, step[1]))
        rgb[rows] = _row(bars, width, step[0])
        top += share
    return codes_of_rgb(rgb)


def _row(bars: Sequence[Bar], width: int, step: int) -> Array:
    row, left = np.zeros((width, 3), np.float32), Fraction(0)
    for share, colour in bars:
        part = slice(_edge(left, width, step), _edge(left + share, width, step))
        length = part.stop - part.start
        ramp = np.linspace(0, 1, max(length, 2), dtype=np.float32)[:length, None]
        row[part] = ramp if colour is None else np.array(colour, np.float32)
        left += share
    return row


def _edge(share: Fraction, size: int, step: int) -> int:
    return size if share >= 1 else round_half_up(share * size / step) * step
