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


def _turn(x: Array, y: Array, aspect: float, pivot: tuple[float, float]) -> Array:
    """Returns the direction of each place as seen from a pivot, in turns clockwise from twelve o'clock, 0..1."""
    return np.asarray(np.mod(np.arctan2((x - pivot[0]) * aspect, pivot[1] - y) / (2 * np.pi), 1))


def _clock(start: float, hands: int = 1, both_ways: bool = False) -> WipeOrder:
    """Hands that turn about the middle, from `start` turns after twelve o'clock."""

    def order(x: Array, y: Array, aspect: float) -> Array:
        turn = np.mod(_turn(x, y, aspect, (0.5, 0.5)) - start, 1 / hands) * hands
        return np.asarray(1 - abs(2 * turn - 1) if both_ways else turn)

    return order


def _hand(pivot: tuple[float, float], start: float, sweep: float) -> WipeOrder:
    """A hand about a pivot on the frame's edge. start: turns after twelve; sweep: turns, below 0 counter-clockwise."""

    def order(x: Array, y: Array, aspect: float) -> Array:
        gone = (_turn(x, y, aspect, pivot) - start) * np.sign(sweep)
        return np.asarray(np.mod(gone, 1) / abs(sweep))

    return order


def _fan(pivot: tuple[float, float], towards: float) -> WipeOrder:
    """A fan that unfolds to both sides from one direction. towards: turns after twelve o'clock."""
    return lambda x, y, aspect: abs(np.mod(_turn(x, y, aspect, pivot) - towards + 0.5, 1) - 0.5)


def _halves(first: WipeOrder, second: WipeOrder, across: bool) -> WipeOrder:
    """One order in the left (or upper) half of the frame, another in the other."""
    return lambda x, y, aspect: np.where(
        (x if across else y) < 0.5, first(x, y, aspect), second(x, y, aspect)
    )


_TOP_LEFT, _TOP_RIGHT, _BOTTOM_LEFT, _BOTTOM_RIGHT = (0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)
_TOP, _RIGHT, _BOTTOM, _LEFT = (0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5)
_TWELVE, _THREE, _SIX, _NINE = 0.0, 0.25, 0.5, 0.75
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
    48: ("diamond that grows both ways", lambda x, y, _: abs(abs(2 * x - 1) + abs(2 * y - 1) - 1)),
    61: ("point down from the top", lambda x, y, _: _veed(x, y)),
    62: ("point left from the right", lambda x, y, _: _veed(y, 1 - x)),
    63: ("point up from the bottom", lambda x, y, _: _veed(x, 1 - y)),
    64: ("point right from the left", lambda x, y, _: _veed(y, x)),
    65: ("V upright, that grows both ways", lambda x, y, _: abs(y - 1 + abs(2 * x - 1))),
    66: ("V to the right, that grows both ways", lambda x, y, _: abs(x - abs(2 * y - 1))),
    67: ("V upside down, that grows both ways", lambda x, y, _: abs(y - abs(2 * x - 1))),
    68: ("V to the left, that grows both ways", lambda x, y, _: abs(x - 1 + abs(2 * y - 1))),
    101: ("box from the middle", lambda x, y, _: np.maximum(abs(2 * x - 1), abs(2 * y - 1))),
    102: ("diamond from the middle", lambda x, y, _: abs(2 * x - 1) + abs(2 * y - 1)),
    119: ("circle from the middle", lambda x, y, a: np.hypot((2 * x - 1) * a, 2 * y - 1)),
    120: ("wide ellipse from the middle", lambda x, y, a: np.hypot((2 * x - 1) * a / 2, 2 * y - 1)),
    121: ("tall ellipse from the middle", lambda x, y, a: np.hypot((2 * x - 1) * a, (2 * y - 1) / 2)),
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
    221: ("hand about the middle of the top", _hand(_TOP, _THREE, 0.5)),
    222: ("hand about the middle of the right", _hand(_RIGHT, _SIX, 0.5)),
    223: ("hand about the middle of the bottom", _hand(_BOTTOM, _NINE, 0.5)),
    224: ("hand about the middle of the left", _hand(_LEFT, _TWELVE, 0.5)),
    231: ("fan about the middle of the top", _fan(_TOP, _SIX)),
    232: ("fan about the middle of the right", _fan(_RIGHT, _NINE)),
    233: ("fan about the middle of the bottom", _fan(_BOTTOM, _TWELVE)),
    234: ("fan about the middle of the left", _fan(_LEFT, _THREE)),
    235: ("two fans, about top and bottom", _halves(_fan(_TOP, _SIX), _fan(_BOTTOM, _TWELVE), False)),
    236: ("two fans, about left and right", _halves(_fan(_LEFT, _THREE), _fan(_RIGHT, _NINE), True)),
    241: ("hand about the top left corner, clockwise", _hand(_TOP_LEFT, _THREE, 0.25)),
    242: ("hand about the bottom left corner, counter-clockwise", _hand(_BOTTOM_LEFT, _THREE, -0.25)),
    243: ("hand about the bottom right corner, clockwise", _hand(_BOTTOM_RIGHT, _NINE, 0.25)),
    244: ("hand about the top right corner, counter-clockwise", _hand(_TOP_RIGHT, _NINE, -0.25)),
    251: (
        "saloon doors, down from the top",
        _halves(_hand(_TOP_LEFT, _THREE, 0.25), _hand(_TOP_RIGHT, _NINE, -0.25), True),
    ),
    252: (
        "saloon doors, right from the left",
        _halves(_hand(_TOP_LEFT, _SIX, -0.25), _hand(_BOTTOM_LEFT, _TWELVE, 0.25), False),
    ),
    253: (
        "saloon doors, up from the bottom",
        _halves(_hand(_BOTTOM_LEFT, _THREE, -0.25), _hand(_BOTTOM_RIGHT, _NINE, 0.25), True),
    ),
    254: (
        "saloon doors, left from the right",
        _halves(_hand(_TOP_RIGHT, _SIX, 0.25), _hand(_BOTTOM_RIGHT, _TWELVE, -0.25), False),
    ),
}
