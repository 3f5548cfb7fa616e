"""Conforms frames that do not fill the film: beside each lies the same frame, enlarged, blurred and darker."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cached_property

import numpy as np
from av import VideoFrame

from post.takes.conform import Framer, PixelBox
from post.takes.frame_planes import plane_codes, repeat_right_edge, stamp_frame
from post.values.array import Array
from post.values.colour import Colour, Format
from post.values.media import Picture
from post.values.plan import Window

SMALLER = 16  # times: the size at which the ground is blurred
BLUR_PIXELS = 2.5  # of the small ground: the standard deviation of its blur
DIMMED = 0.6  # of its own light and colour that the ground has: the picture stands out


class BlurredFramer:
    """Turns the decoded frames of a take into frames of the size of a film, which their picture does not fill.

    picture, window, film, quick: as for `Framer`; the window reaches outside the source.
    """

    untouched = False

    def __init__(self, picture: Picture, window: Window, film: Format, *, quick: bool = False) -> None:
        self._film = film
        self._front = Framer(picture, window, film, quick=quick)
        small = replace(film, width=_smaller(film.width), height=_smaller(film.height))
        self._back = Framer(picture, covering(picture, film), small, quick=True)
        self.colour: Colour = self._front.colour
        self.pixel_format: str = self._front.pixel_format

    @cached_property
    def box(self) -> PixelBox:
        """The part of the film that the picture and its ground fill: all of it."""
        return PixelBox(0, 0, self._film.width, self._film.height)

    def frame(self, decoded: VideoFrame) -> VideoFrame:
        """Returns the frame on its ground, (film.height, film.width) luma, limited range.

        Raises SourceError as `Framer.frame` does.
        """
        front, back = self._front.frame(decoded), self._back.frame(decoded)
        made = VideoFrame(self._film.width, self._film.height, self.pixel_format)
        depths = [frame.format.components[0].bits for frame in (made, back)]
        inside = self._front.box
        for number in range(3):
            into, codes = plane_codes(made, number), plane_codes(front, number)
            across, down = self._film.width // into.shape[1], self._film.height // into.shape[0]
            neutral = (16 if number == 0 else 128) << (depths[0] - 8)
            ground = _blurred(plane_codes(back, number), into.shape) * 2.0 ** (depths[0] - depths[1])
            into[:] = np.rint(neutral + DIMMED * (ground - neutral))
            rows = slice(inside.y // down, (inside.y + inside.height) // down)
            columns = slice(inside.x // across, (inside.x + inside.width) // across)
            into[rows, columns] = codes[rows, columns]
        repeat_right_edge(made)
        stamp_frame(made, decoded, self.colour)
        return made


def covering(picture: Picture, film: Format) -> Window:
    """Returns the largest part of a picture, about its middle, that has the film's shape."""
    width, height = picture.shown
    shape = Fraction(width) / height / Fraction(film.width, film.height)
    across, down = (1 / shape, Fraction(1)) if shape > 1 else (Fraction(1), shape)
    return Window((1 - across) / 2, (1 - down) / 2, across, down)


def _smaller(side: int) -> int:
    return max(16, 2 * round(side / SMALLER / 2))


def _blurred(codes: Array, shape: tuple[int, ...]) -> Array:
    """Returns a small plane blurred, at the size of a plane of the film, float32."""
    import cv2

    cv2.setNumThreads(1)  # a worker has one core
    small = np.ascontiguousarray(codes, np.float32)
    soft = cv2.GaussianBlur(small, (0, 0), BLUR_PIXELS, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(soft, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC))
