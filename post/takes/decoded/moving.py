"""Conforms frames through a window that moves: each frame from its own place, exact to a fraction of a pixel.

A window's place is rarely on the pixel grid, and a crop on whole pixels of a slow pan stands, steps and stands again.
So the source is cropped a little too wide on whole chroma samples, scaled as ever, by one filter for all frames, and
the rest of the way is moved in the film's own pixels by a Lanczos filter of eight taps, luma and chroma alike.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
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

WHOLE = Window(Fraction(0), Fraction(0), Fraction(1), Fraction(1))
STEP = 4  # source pixels: a crop begins at a multiple of it, whatever the chroma
TAPS = 8
ROOM = 2 * TAPS  # source pixels that a crop is wider than the window, for the taps and the step


@dataclass(frozen=True, slots=True)
class _Axis:
    """One axis of a moving window. size, share: of the source in pixels, and of it what the window shows; moves:
    whether it has room to; cropped: source pixels that are scaled; film, scaled: the film's size, and that of what is
    cropped."""

    size: int
    share: Fraction
    film: int
    moves: bool
    cropped: int
    scaled: int

    def place(self, start: Fraction) -> tuple[int, float]:
        """Returns where to crop for a window that starts at a share of the source, and how far on, in film pixels."""
        if not self.moves:
            return 0, 0.0
        first = start * self.size
        at = max(0, min(int(first) - TAPS, self.size - self.cropped)) // STEP * STEP
        return at, float((first - at) * self.scaled / self.cropped)


def _axis(size: int, share: Fraction, film: int) -> _Axis:
    shown = share * size
    least = -(-int(shown + ROOM) // STEP) * STEP
    # Of the next few widths, the one that is scaled most nearly by the film's own scale to an even size.
    cropped = min(range(least, least + 12 * STEP, STEP), key=lambda wide: _off(film * wide / shown) / wide)
    if share >= 1 or cropped + STEP > size:
        return _Axis(size, share, film, moves=share < 1, cropped=size, scaled=_even(film / share))
    return _Axis(size, share, film, moves=True, cropped=cropped, scaled=_even(film * cropped / shown))


def _even(size: Fraction) -> int:
    return 2 * round(size / 2)


def _off(size: Fraction) -> Fraction:
    return abs(size - _even(size))


class MovingFramer:
    """Turns the decoded frames of a take into frames of the size of a film, each through a window of its own.

    picture, film: as for `Framer`; window: one of the windows, which all have its size and lie inside the source.
    """

    untouched = False

    def __init__(self, picture: Picture, window: Window, film: Format) -> None:
        self._film = film
        wide, high = (
            (picture.height, picture.width) if picture.rotation % 180 else (picture.width, picture.height)
        )
        self._across = _axis(wide - wide % 2, window.width, film.width)
        self._down = _axis(high - high % 2, window.height, film.height)
        flat = replace(film, width=self._across.size, height=self._down.size)
        self._flat = Framer(picture, WHOLE, flat)
        cropped = replace(
            picture, width=self._across.cropped, height=self._down.cropped, rotation=0, flipped=False,
            colour=self._flat.colour, pixel_format=self._flat.pixel_format,
        )  # fmt: skip
        self._scale = Framer(
            cropped, WHOLE, replace(film, width=self._across.scaled, height=self._down.scaled)
        )
        self.colour: Colour = self._scale.colour
        self.pixel_format: str = self._scale.pixel_format

    @cached_property
    def box(self) -> PixelBox:
        """The part of the film that the picture fills: all of it."""
        return PixelBox(0, 0, self._film.width, self._film.height)

    def frame_at(self, decoded: VideoFrame, window: Window) -> VideoFrame:
        """Returns the part of a frame that a window shows, (film.height, film.width) luma, limited range.

        Raises SourceError as `Framer.frame` does.
        """
        x, right = self._across.place(window.left)
        y, below = self._down.place(window.top)
        part = self._cropped(self._flat.frame(decoded), x, y)
        scaled = self._scale.frame(part)
        made = VideoFrame(self._film.width, self._film.height, self.pixel_format)
        for number in range(3):
            into, codes = plane_codes(made, number), plane_codes(scaled, number)
            across, down = self._film.width // into.shape[1], self._film.height // into.shape[0]
            rows = _moved(codes, below / down, into.shape[0], 0)
            into[:] = _moved(rows, right / across, into.shape[1], 1)
        repeat_right_edge(made)
        stamp_frame(made, decoded, self.colour)
        return made

    def _cropped(self, flat: VideoFrame, x: int, y: int) -> VideoFrame:
        made = VideoFrame(self._across.cropped, self._down.cropped, flat.format.name)
        for number in range(3):
            into, codes = plane_codes(made, number), plane_codes(flat, number)
            left = x * codes.shape[1] // flat.width
            top = y * codes.shape[0] // flat.height
            into[:] = codes[top : top + into.shape[0], left : left + into.shape[1]]
        repeat_right_edge(made)
        made.pts = flat.pts
        if flat.time_base:
            made.time_base = flat.time_base
        return made


def _moved(codes: Array, by: float, size: int, axis: int) -> Array:
    """Returns `size` rows (axis 0) or columns (1) of a plane from a place between its own on."""
    import cv2

    whole = int(np.floor(by + 1e-9))
    part = by - whole
    if part < 1 / 512:
        return _rows(codes, whole, size, axis)
    first = whole - TAPS // 2 + 1
    around = _rows(codes, first, size + TAPS - 1, axis)
    kernel = _lanczos(part)[None] if axis == 1 else _lanczos(part)[:, None]
    # The anchor is the first tap: what is made past the last whole set of taps is dropped.
    moved = cv2.filter2D(around, -1, kernel, anchor=(0, 0))
    return np.asarray(moved[:, :size] if axis == 1 else moved[:size])


def _rows(codes: Array, first: int, count: int, axis: int) -> Array:
    """Returns rows (axis 0) or columns (1) of a plane; beyond its edges, those at the edge."""
    if first >= 0 and first + count <= codes.shape[axis]:
        part = slice(first, first + count)
        return codes[:, part] if axis == 1 else codes[part]
    return np.take(codes, np.clip(np.arange(first, first + count), 0, codes.shape[axis] - 1), axis=axis)


def _lanczos(part: float) -> Array:
    """Returns the taps that give a sample `part` (0 to 1) behind the tap before the middle, their sum 1."""
    at = np.arange(TAPS) - (TAPS // 2 - 1) - part
    taps = np.sinc(at) * np.sinc(at / (TAPS // 2))
    return np.asarray(taps / taps.sum(), np.float32)
