"""Slate: lines of type in the middle of a picture, as large as they fit."""

from __future__ import annotations

from fractions import Fraction

from post.caching import per_thread
from post.errors import JobError
from post.knob import knob
from post.picture.title import Title
from post.picture.type.block import MOST_LETTERS
from post.stage import FrameEffect, Raster, parameters, stage
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.colour import Format
from post.values.time import Clock, Span

SIZES = (
    12.0,
    10.0,
    8.0,
    6.5,
    5.5,
    4.5,
    3.5,
    3.0,
    2.5,
    2.0,
    1.5,
    1.0,
)  # the em, in % of the frame's shorter side
MOST_LINES = 20
STILL = Clock(Fraction(24))  # a format has a clock; type that stands has no use for it


@stage("slate", version=1)
class Slate(FrameEffect):
    """Lines of type, set to the left and centred in the frame, at the largest of a few sizes at which they fit."""

    text: str = knob(hi=MOST_LETTERS, doc="what it says; a line break in it is kept")
    colour: str = knob(default="#ffffff", kind="hex", doc="of the type")

    def agree(self) -> None:
        """Checks the text. Raises JobError where there is none, it does not fit, or a letter is in no font."""
        for width, height in ((1920, 1080), (1080, 1920)):
            _drawn(self, width, height)

    def frames(self, rgb: Array, frame: int) -> Array:  # noqa: ARG002  every frame alike
        height, width = rgb.shape[:2]
        drawn = _drawn(self, width, height)
        down, across = drawn.rgba.shape[:2]
        left, top = max(drawn.left, 0), max(drawn.top, 0)
        right, foot = min(drawn.left + across, width), min(drawn.top + down, height)
        part = drawn.rgba[top - drawn.top : foot - drawn.top, left - drawn.left : right - drawn.left]
        out, alpha = rgb.copy(), part[..., 3:]
        out[top:foot, left:right] += (part[..., :3] - out[top:foot, left:right]) * alpha
        return out

    def draw(self, width: int, height: int) -> Raster:
        """Returns the type for a frame of that size. Raises JobError where it does not fit even when it is small."""
        canvas = Format(width - width % 2, height - height % 2, STILL, 1)
        fault: JobError | None = None
        for size in SIZES:
            title = Title(
                text=self.text, size=size, colour=self.colour, place="center", align="left", lines=MOST_LINES,
                shadow=0.0,
            )  # fmt: skip
            try:
                return title.draw(canvas)
            except JobError as exc:
                fault = exc
        assert fault is not None
        raise fault

    def declare(self, where: Span) -> Action:
        return Action("c2pa.addedText", HUMAN_EDITS, where, parameters(self), "slate")


@per_thread(4)
def _drawn(slate: Slate, width: int, height: int) -> Raster:
    return slate.draw(width, height)


def ink_over(fill: str) -> str:
    """Returns black or white, whichever stands out more on a colour, both as #rrggbb."""
    red, green, blue = (int(fill[at : at + 2], 16) for at in (1, 3, 5))
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 127 else "#ffffff"
