"""Finds the boxes of captions that name a side of the frame and no more."""

from __future__ import annotations

from fractions import Fraction

from post.captions.model import Against, Align, CaptionBox

EDGE = Fraction(1, 20)  # of the frame; the safe area of EBU R 95 for graphics leaves as much
_ALIGNS: tuple[Align, Align, Align] = ("left", "center", "right")
_SIDES: tuple[Against, Against, Against] = ("bottom", "middle", "top")


def place_on_keypad(key: int) -> tuple[Align, CaptionBox | None]:
    """Returns alignment and box for a key of a numeric keypad, 1 (bottom left) to 9 (top right), as {\\an7} means it.

    The box of key 2, the usual place, is None. Keys beyond these mean 2.
    """
    if not 1 <= key <= 9 or key == 2:
        return "center", None
    row, column = divmod(key - 1, 3)
    return _ALIGNS[column], CaptionBox(EDGE, EDGE, 1 - 2 * EDGE, 1 - 2 * EDGE, _SIDES[row])


def place_in_margins(key: int, left: Fraction, right: Fraction, edge: Fraction) -> tuple[Align, CaptionBox]:
    """Returns alignment and box for a key and margins, shares of the frame; edge: above or below the text."""
    row, column = divmod(min(max(key, 1), 9) - 1, 3)
    side = _SIDES[row]
    top = edge if side == "top" else Fraction(0)
    height = 1 - edge if side != "middle" else Fraction(1)
    width = max(Fraction(0), 1 - left - right)
    return _ALIGNS[column], CaptionBox(left, top, width, max(Fraction(0), height), side)


def place_on_point(key: int, x: Fraction, y: Fraction) -> tuple[Align, CaptionBox]:
    """Returns alignment and box of text that a point, shares of the frame, is the corner or side of, by its key."""
    row, column = divmod(min(max(key, 1), 9) - 1, 3)
    left, width = _about(x, ("start", "middle", "end")[column])
    top, height = _about(y, ("end", "middle", "start")[row])
    return _ALIGNS[column], CaptionBox(left, top, width, height, _SIDES[row])


def _about(at: Fraction, part: str) -> tuple[Fraction, Fraction]:
    """Returns begin and length of the longest stretch of the frame whose start, middle or end is at a place."""
    inside = min(max(at, Fraction(0)), Fraction(1))
    if part == "start":
        return inside, 1 - inside
    if part == "end":
        return Fraction(0), inside
    half = min(inside, 1 - inside)
    return inside - half, 2 * half


def key_of(align: Align, against: Against) -> int:
    """Returns the key that `place_on_keypad` reads as this alignment and side."""
    column = {"left": 0, "start": 0, "center": 1, "right": 2, "end": 2}[align]
    return 3 * _SIDES.index(against) + column + 1
