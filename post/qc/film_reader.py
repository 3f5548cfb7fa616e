"""Reads frames of a film as a viewer sees them; each view of a frame is made once, when it is first asked for."""

from __future__ import annotations

from collections import OrderedDict
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from post.errors import SourceError
from post.measure.frames import Frame, frame_of
from post.takes.decoded.orientation import square_pixels, upright_array
from post.takes.open_picture import open_picture
from post.takes.picture import PictureReader
from post.takes.still import show_frame
from post.takes.stills.reader import StillReader
from post.values import Picture
from post.values.array import Array

FULL_SIDE = 1080  # pixels: the shorter side of what is looked at, at most
HELD_BYTES = 192 << 20  # of frames that are kept, for who looks back: 60 of 1080p


class FilmFrame:
    """One frame of a film. number: on its grid; decoded: as a reader of `post.takes` returned it; picture: as `probe`
    returned it."""

    def __init__(self, number: int, decoded: Any, picture: Picture) -> None:
        self.number, self._decoded, self._picture = number, decoded, picture

    @cached_property
    def planes(self) -> Frame:
        """The planes of codes, as they are stored."""
        return frame_of(self.number, self._decoded, self._picture.colour.range)

    @cached_property
    def luma(self) -> Array:
        """8-bit codes of luma: (height, width) uint8, upright, in square pixels, its shorter side at most
        `FULL_SIDE`."""
        planes = self.planes
        luma = planes.luma if planes.depth == 8 else (planes.luma >> (planes.depth - 8)).astype(np.uint8)
        return limited(square_pixels(upright_array(luma, self._picture), self._picture), FULL_SIDE)

    @cached_property
    def rgb(self) -> Array:
        """R'G'B': (height, width, 3) uint8, upright, in square pixels, its shorter side at most `FULL_SIDE`."""
        return limited(show_frame(self._decoded, self._picture), FULL_SIDE)


class FilmReader:
    """Reads frames of a film by their numbers, in any order, cheapest in rising order; a context manager."""

    def __init__(self, path: Path, picture: Picture, *, look_back: Fraction = Fraction(0)) -> None:
        """look_back: how many seconds of frames are kept, so that who reads on can look at those before; of large
        frames, what `HELD_BYTES` holds."""
        self._path, self._picture = path, picture
        size = max(1, round(picture.shown[0] * picture.shown[1]) * (3 if picture.depth > 8 else 3 / 2))
        self._most = min(int(look_back * picture.grid.rate) + 1, max(1, int(HELD_BYTES / size)))
        self._held: OrderedDict[int, FilmFrame] = OrderedDict()
        self._reader: PictureReader | StillReader | None = None

    def __enter__(self) -> FilmReader:
        self._reader = open_picture(self._path, self._picture)
        return self

    def __exit__(self, *_: object) -> None:
        self._held.clear()
        if self._reader is not None:
            self._reader.close()

    def at(self, number: int) -> FilmFrame:
        """Returns a frame. Raises SourceError where the file is damaged there."""
        if number not in self._held:
            self._read_up_to(number)
        return self._held[number]

    def _read_up_to(self, number: int) -> None:
        """Reads a frame, and those since the last one where frames are kept: the decoder passes them anyway."""
        last = next(reversed(self._held), number)
        if last < number - self._most or last > number:
            last = number - 1
        for before in range(last + 1, number):
            try:
                self._read(before)
            except SourceError:  # it is told of when that frame is asked for
                continue
        self._read(number)

    def _read(self, number: int) -> None:
        assert self._reader is not None
        self._held[number] = FilmFrame(number, self._reader.frame(number), self._picture)
        while len(self._held) > self._most:
            self._held.popitem(last=False)

    def scale(self) -> float:
        """Returns how many pixels of the upright frame one pixel of a view has."""
        wide, high = self._picture.shown
        return max(1.0, float(min(wide, Fraction(high))) / FULL_SIDE)


def limited(picture: Array, side: int) -> Array:
    """Returns a picture whose shorter side is at most `side` pixels: (height, width) or (height, width, 3) uint8."""
    shorter = min(picture.shape[:2])
    if shorter <= side:
        return picture
    size = (round(picture.shape[1] * side / shorter), round(picture.shape[0] * side / shorter))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
