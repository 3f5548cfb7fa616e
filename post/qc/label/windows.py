"""Samples a film for what stands still in it: runs of frames, and their mean, in which what moves fades."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np

from post.measure.attention.type_lines import SIDE
from post.measure.frames import frame_of
from post.takes.decoded.orientation import square_pixels, upright_array
from post.takes.open_picture import open_picture
from post.takes.picture import PictureReader
from post.takes.stills.reader import StillReader
from post.values import Picture
from post.values.array import Array

STEP = Fraction(1, 4)  # seconds between samples
RUN = 4  # samples of a window
MOST_WINDOWS = 240  # of a longer film, windows are spread
FULL_SIDE = 1080  # pixels: the shorter side that letters are read at, at most


@dataclass(frozen=True, eq=False)
class SampledRun:
    """A run of sampled frames. numbers: on the grid; lumas: (height, width) uint8 each, upright, in square pixels."""

    numbers: tuple[int, ...]
    lumas: tuple[Array, ...]

    @cached_property
    def mean(self) -> Array:
        """The mean of the frames: (height, width) uint8."""
        if len(self.lumas) == 1:
            return self.lumas[0]
        total = np.zeros(self.lumas[0].shape, np.uint16)
        for luma in self.lumas:
            total += luma
        return ((total + len(self.lumas) // 2) // len(self.lumas)).astype(np.uint8)

    @cached_property
    def small(self) -> Array:
        """The mean at the size that places are searched at: (height, width) uint8."""
        return _limited(self.mean, SIDE)


class LumaReader:
    """Reads frames of a film as luma; a context manager."""

    def __init__(self, path: Path, picture: Picture) -> None:
        self._path, self._picture = path, picture
        self._reader: PictureReader | StillReader | None = None

    def __enter__(self) -> LumaReader:
        self._reader = open_picture(self._path, self._picture)
        return self

    def __exit__(self, *_: object) -> None:
        if self._reader is not None:
            self._reader.close()

    def luma(self, number: int) -> Array:
        """Returns a frame by its number: (height, width) uint8, upright, in square pixels, its shorter side at most
        `FULL_SIDE`. Raises SourceError where the file is damaged there."""
        assert self._reader is not None
        picture = self._picture
        frame = frame_of(number, self._reader.frame(number), picture.colour.range)
        luma = frame.luma if frame.depth == 8 else (frame.luma >> (frame.depth - 8)).astype(np.uint8)
        return _limited(square_pixels(upright_array(luma, picture), picture), FULL_SIDE)


def walk_windows(reader: LumaReader, picture: Picture) -> Iterator[SampledRun]:
    """Yields the windows of a film in order. Raises SourceError where it is damaged."""
    for numbers in window_numbers(picture):
        yield SampledRun(numbers, tuple(reader.luma(number) for number in numbers))


def window_numbers(picture: Picture) -> list[tuple[int, ...]]:
    """Returns the frames of each window: every quarter of a second, the first and the last frame among them."""
    last = picture.length - 1
    if picture.stands_still:
        return [(0,)]
    count = int(picture.grid.seconds(picture.length) / STEP) + 1
    numbers = sorted({min(picture.grid.frames(STEP * at), last) for at in range(count)} | {last})
    runs = [tuple(numbers[at : at + RUN]) for at in range(0, len(numbers), RUN)]
    if len(runs) <= MOST_WINDOWS:
        return runs
    chosen = np.linspace(0, len(runs) - 1, MOST_WINDOWS).round().astype(int)
    return [runs[at] for at in sorted({int(each) for each in chosen})]


def _limited(luma: Array, side: int) -> Array:
    shorter = min(luma.shape)
    if shorter <= side:
        return luma
    size = (round(luma.shape[1] * side / shorter), round(luma.shape[0] * side / shorter))
    return np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA))
