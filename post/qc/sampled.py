"""Reads sampled frames of a film as a viewer sees them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from post.takes.open_picture import open_picture
from post.takes.picture import PictureReader
from post.takes.still import show_frame
from post.takes.stills.reader import StillReader
from post.values import Picture
from post.values.array import Array

FULL_SIDE = 1080  # pixels: the shorter side of what is looked at, at most


class ShownReader:
    """Reads frames of a film in R'G'B'; a context manager."""

    def __init__(self, path: Path, picture: Picture) -> None:
        self._path, self._picture = path, picture
        self._reader: PictureReader | StillReader | None = None

    def __enter__(self) -> ShownReader:
        self._reader = open_picture(self._path, self._picture)
        return self

    def __exit__(self, *_: object) -> None:
        if self._reader is not None:
            self._reader.close()

    def rgb(self, number: int) -> Array:
        """Returns a frame by its number: (height, width, 3) uint8, upright, in square pixels, its shorter side at most
        `FULL_SIDE`. Raises SourceError where the file is damaged there."""
        assert self._reader is not None
        shown = show_frame(self._reader.frame(number), self._picture)
        shorter = min(shown.shape[:2])
        if shorter <= FULL_SIDE:
            return shown
        size = (round(shown.shape[1] * FULL_SIDE / shorter), round(shown.shape[0] * FULL_SIDE / shorter))
        return np.asarray(cv2.resize(shown, size, interpolation=cv2.INTER_AREA))

    def scale(self) -> float:
        """Returns how many pixels of the upright frame one pixel of `rgb` has."""
        wide, high = self._picture.shown
        return max(1.0, float(min(wide, Fraction(high))) / FULL_SIDE)


def sampled_numbers(picture: Picture, step: Fraction, most: int) -> list[int]:
    """Returns frames of a film `step` seconds apart, the first and the last among them; of a longer film, `most` of
    them, spread over it."""
    last = picture.length - 1
    if picture.stands_still:
        return [0]
    count = int(picture.grid.seconds(picture.length) / step) + 1
    numbers = sorted({min(picture.grid.frames(step * at), last) for at in range(count)} | {last})
    if len(numbers) <= most:
        return numbers
    return [
        numbers[at] for at in sorted({int(each) for each in np.linspace(0, len(numbers) - 1, most).round()})
    ]


def step_between(picture: Picture, numbers: Sequence[int], step: Fraction) -> Fraction:
    """Returns the seconds between two of those frames: `step` as it was asked for, more where they were spread over a
    longer film."""
    widest = max((b - a for a, b in pairwise(numbers)), default=0)
    seconds = picture.grid.seconds(widest)
    return step if seconds < step + picture.grid.seconds(1) else seconds
