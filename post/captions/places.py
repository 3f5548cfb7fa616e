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


def key_of(align: Align, against: Against) -> int:
    """Returns the key that `place_on_keypad` reads as this alignment and side."""
    column = {"left": 0, "start": 0, "center": 1, "right": 2, "end": 2}[align]
    return 3 * _SIDES.index(against) + column + 1
