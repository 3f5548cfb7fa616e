"""Computes the safe area, and a box's place in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from post.errors import JobError
from post.values.colour import Format

# Share of the free room to the left of a box and above it.
PLACES = {
    "top-left": (0.0, 0.0), "top": (0.5, 0.0), "top-right": (1.0, 0.0),
    "left": (0.0, 0.5), "center": (0.5, 0.5), "right": (1.0, 0.5),
    "bottom-left": (0.0, 1.0), "bottom": (0.5, 1.0), "bottom-right": (1.0, 1.0),
    "lower-third": (0.0, 1.0),
}  # fmt: skip
LOWER_THIRD = 5 / 6  # the middle of the lowest third
TALL = 1.5  # Height over width from which a frame is a phone's: 9:16 and 2:3 are, 4:5 is not.
R95 = "EBU R 95: graphics safe area, 5 % of width and height on each side"
REELS = "Meta Reels safe zone (2026-03): top 14 %, bottom 35 %, sides 6 % of a 9:16 frame"
PLACE = "where in the safe area it stands"
MARGIN = "kept clear on each side, of the frame's width or height"
TALL_TOP = "kept clear at the top of a frame at least 1.5 times as tall as wide, of its height"
TALL_BOTTOM = "kept clear at the bottom of such a frame, of its height"
CLEAR = "what the controls of the film's platforms cover: top, right, bottom, left; set from `platform`"
TALL_SIDES = "kept clear at the sides of such a frame, of its width"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Whole pixels of the frame; right and bottom are outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """In pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """In pixels."""
        return self.bottom - self.top

    def moved(self, across: int, down: int) -> Bounds:
        """Returns it moved by whole pixels."""
        return Bounds(self.left + across, self.top + down, self.right + across, self.bottom + down)

    def grown(self, by: int) -> Bounds:
        """Returns it larger by so many pixels on each side."""
        return Bounds(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def meets(self, other: Bounds) -> bool:
        """Returns whether the two have a pixel in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


@dataclass(frozen=True, slots=True)
class SafeMargins:
    """The margins to keep clear, in percent: `margin` of width and height on each side; in a tall frame also
    `top` and `bottom` of the height and `sides` of the width, where a player's own buttons lie.

    clear: what the controls of the film's platforms cover: top, right, bottom and left, in percent of the height or
    the width. It takes the place of `top`, `bottom` and `sides`; () where the film names no platform."""

    margin: float
    top: float
    bottom: float
    sides: float
    clear: tuple[float, ...] = ()

    def area(self, canvas: Format, place: str) -> Bounds:
        """Returns the safe area. Raises JobError where nothing is left of the frame."""
        top, right, bottom, left = (max(self.margin, inset) / 100 for inset in self.insets(canvas))
        box = Bounds(
            _up(left * canvas.width), _up(top * canvas.height),
            canvas.width - _up(right * canvas.width), canvas.height - _up(bottom * canvas.height),
        )  # fmt: skip
        if box.width <= 0 or box.height <= 0:
            raise JobError(
                "the margins leave no room",
                where=f"{place}.margin",
                expected="a safe area inside the frame",
                got=f"{max(box.width, 0)}x{max(box.height, 0)} px of {canvas.width}x{canvas.height}",
                fix="use smaller margins",
            )
        return box

    def insets(self, canvas: Format) -> tuple[float, ...]:
        """Returns what is kept clear beside `margin`: top, right, bottom and left, in percent."""
        if self.clear:
            return (*self.clear, 0.0, 0.0, 0.0, 0.0)[:4]
        tall = canvas.height >= TALL * canvas.width
        return (self.top, self.sides, self.bottom, self.sides) if tall else (0.0, 0.0, 0.0, 0.0)


def around(boxes: Sequence[Bounds]) -> Bounds:
    """Returns the smallest box around them all."""
    return Bounds(
        min(box.left for box in boxes), min(box.top for box in boxes),
        max(box.right for box in boxes), max(box.bottom for box in boxes),
    )  # fmt: skip


def place_box(width: int, height: int, area: Bounds, where: str, place: str) -> tuple[int, int]:
    """Returns the top left pixel of a width x height box at a named place. Raises JobError where it does not fit."""
    over = max(width - area.width, height - area.height)
    if over > 0:
        raise JobError(
            f"does not fit the safe area by {over} px",
            where=place,
            expected=f"at most {area.width}x{area.height} px",
            got=f"{width}x{height}",
            fix="use a smaller size, shorter text or smaller margins",
        )
    across, down = PLACES[where]
    left, top = area.left + int((area.width - width) * across), area.top + int((area.height - height) * down)
    if where == "lower-third":
        top = min(top, max(area.top, area.top + int(area.height * LOWER_THIRD - height / 2)))
    return left, top


def _up(pixels: float) -> int:
    return int(-(-(pixels - 1e-9) // 1))
