"""The wipes of SMPTE 258M by number: when each place of the frame turns.

Source: SMPTE 258M-2004, Annex, wipe codes, as listed in SMIL 2.0 (W3C Recommendation 2005), Transition Effects, 1.2.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from post.values.array import Array

# (x, y), each 0..1 from the left and the top, and the frame's width over its height -> 0 first, later last.
WipeOrder = Callable[[Array, Array, float], Array]


def _corner(right: bool, bottom: bool) -> WipeOrder:
    """A box that grows out of a corner."""
    return lambda x, y, _: np.maximum(1 - x if right else x, 1 - y if bottom else y)


def _edge_box(side: str) -> WipeOrder:
    """A box that grows out of the middle of a side."""
    along: dict[str, WipeOrder] = {
        "top": lambda x, y, _: np.maximum(abs(2 * x - 1), y),
        "right": lambda x, y, _: np.maximum(1 - x, abs(2 * y - 1)),
        "bottom": lambda x, y, _: np.maximum(abs(2 * x - 1), 1 - y),
        "left": lambda x, y, _: np.maximum(x, abs(2 * y - 1)),
    }
    return along[side]


def _veed(x: Array, y: Array) -> Array:
    """A point that goes first: its sides are half as late as the rest of the way."""
    return np.asarray(y + abs(2 * x - 1) / 2)


def _clock(start: float, hands: int = 1, both_ways: bool = False) -> WipeOrder:
    """A hand that turns about the middle, from `start` turns after twelve o'clock."""

    def order(x: Array, y: Array, aspect: float) -> Array:
        turn = np.arctan2((x - 0.5) * aspect, 0.5 - y) / (2 * np.pi) - start
        turn = np.mod(turn, 1 / hands) * hands
        return np.asarray(1 - abs(2 * turn - 1) if both_ways else turn)

    return order


def _corner_hand(right: bool, bottom: bool) -> WipeOrder:
    """A hand that turns about a corner: clockwise from the horizontal side at the top, from the vertical below."""

    def order(x: Array, y: Array, aspect: float) -> Array:
        across, down = (1 - x if right else x) * aspect, 1 - y if bottom else y
        turn = np.arctan2(down, across) / (np.pi / 2)
        return np.asarray(turn if right == bottom else 1 - turn)

    return order


WIPES: dict[int, tuple[str, WipeOrder]] = {
    1: ("bar from the left", lambda x, y, _: x + 0 * y),
    2: ("bar from the top", lambda x, y, _: y + 0 * x),
    3: ("box from the top left corner", _corner(False, False)),
    4: ("box from the top right corner", _corner(True, False)),
    5: ("box from the bottom right corner", _corner(True, True)),
    6: ("box from the bottom left corner", _corner(False, True)),
    7: (
        "boxes from all four corners",
        lambda x, y, _: np.maximum(1 - abs(2 * x - 1), 1 - abs(2 * y - 1)),
    ),
    8: (
        "boxes that grow in all four quarters",
        lambda x, y, _: np.maximum(abs(2 * np.mod(2 * x, 1) - 1), abs(2 * np.mod(2 * y, 1) - 1)),
    ),
    21: ("barn doors, from the vertical middle", lambda x, y, _: abs(2 * x - 1) + 0 * y),
    22: ("barn doors, from the horizontal middle", lambda x, y, _: abs(2 * y - 1) + 0 * x),
    23: ("box from the middle of the top", _edge_box("top")),
    24: ("box from the middle of the right", _edge_box("right")),
    25: ("box from the middle of the bottom", _edge_box("bottom")),
    26: ("box from the middle of the left", _edge_box("left")),
    41: ("diagonal from the top left", lambda x, y, _: x + y),
    42: ("diagonal from the top right", lambda x, y, _: 1 - x + y),
    43: ("bow tie from the top and the bottom", lambda x, y, _: (1 - abs(2 * y - 1)) + abs(2 * x - 1)),
    44: ("bow tie from the left and the right", lambda x, y, _: (1 - abs(2 * x - 1)) + abs(2 * y - 1)),
    45: ("diagonal barn doors, from the rising diagonal", lambda x, y, _: abs(x + y - 1)),
    46: ("diagonal barn doors, from the falling diagonal", lambda x, y, _: abs(x - y)),
    47: ("cross of both diagonals", lambda x, y, _: np.minimum(abs(x + y - 1), abs(x - y))),
    61: ("point down from the top", lambda x, y, _: _veed(x, y)),
    62: ("point left from the right", lambda x, y, _: _veed(y, 1 - x)),
    63: ("point up from the bottom", lambda x, y, _: _veed(x, 1 - y)),
    64: ("point right from the left", lambda x, y, _: _veed(y, x)),
    101: ("box from the middle", lambda x, y, _: np.maximum(abs(2 * x - 1), abs(2 * y - 1))),
    102: ("diamond from the middle", lambda x, y, _: abs(2 * x - 1) + abs(2 * y - 1)),
    119: ("circle from the middle", lambda x, y, a: np.hypot((2 * x - 1) * a, 2 * y - 1)),
    120: ("ellipse from the middle", lambda x, y, _: np.hypot(2 * x - 1, 2 * y - 1)),
    201: ("clock from twelve", _clock(0)),
    202: ("clock from three", _clock(0.25)),
    203: ("clock from six", _clock(0.5)),
    204: ("clock from nine", _clock(0.75)),
    205: ("two hands, from twelve and six", _clock(0, 2)),
    206: ("two hands, from three and nine", _clock(0.25, 2)),
    207: ("four hands", _clock(0, 4)),
    211: ("fan from twelve", _clock(0, 1, both_ways=True)),
    212: ("fan from three", _clock(0.25, 1, both_ways=True)),
    213: ("two fans, from twelve and six", _clock(0, 2, both_ways=True)),
    214: ("two fans, from three and nine", _clock(0.25, 2, both_ways=True)),
    241: ("hand about the top left corner", _corner_hand(False, False)),
    242: ("hand about the bottom left corner", _corner_hand(False, True)),
    243: ("hand about the bottom right corner", _corner_hand(True, True)),
    244: ("hand about the top right corner", _corner_hand(True, False)),
}
