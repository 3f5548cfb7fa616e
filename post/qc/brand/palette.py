"""Measures the colours of type, of plates behind it, and of cards that fill the frame: graphics, not photographs."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

import cv2
import numpy as np

from post.qc.film_reader import FilmFrame
from post.qc.sampled import sampled_numbers
from post.values import Picture
from post.values.array import Array
from post.values.claim import Box
from post.values.sights.brand import SeenColour
from post.values.sights.text import SeenText

SMALLEST = 20  # pixels: a lower line has no pixel that its edges do not touch, and chroma is sampled at half
FLAT, PLAIN = (
    4.0,
    0.7,
)  # 8-bit codes by which a plate may vary; share of what is behind type that is one colour
CARD_STEP = Fraction(1)  # seconds
CARD_SIZE = (160, 90)  # pixels that a frame is scaled to
CARD = 0.5  # share of the frame that one colour fills
CARD_NEAR = 6.0  # 8-bit codes around that colour
BLACK = 24  # 8-bit codes: a frame without a picture is no card
MOST_CARDS = 120


def colours_of_line(part: Array, line: SeenText, area: int) -> tuple[SeenColour, ...] | None:
    """Returns the colour of a line's ink, and of the plate that it stands on; None for a line that is too small to say.

    part: what is in its box, (height, width, 3) uint8; area: pixels of the frame.
    """
    if line.box[3] - line.box[1] < SMALLEST:
        return None
    return tuple(_of_line(part.astype(np.float32), line, float(area)))


def _of_line(part: Array, line: SeenText, frame: float) -> Iterator[SeenColour]:
    if part.shape[0] < 4 or part.shape[1] < 4:
        return
    pixels = part.reshape(-1, 3)
    luma = pixels @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    level, _ = cv2.threshold(np.clip(luma, 0, 255).astype(np.uint8), 0, 255, cv2.THRESH_OTSU)
    bright = luma > level
    if not bright.any() or bright.all():
        return
    # Type covers less of its box than what it stands on.
    ink = bright if bright.sum() <= (~bright).sum() else ~bright
    ground = np.median(pixels[~ink], 0)
    away = np.linalg.norm(pixels[ink] - ground, axis=1)
    core = pixels[ink][away >= np.percentile(away, 60)]
    yield SeenColour(
        "type", _code(np.median(core, 0)), float(ink.sum()) / frame, line.stretches, line.box, line.frame
    )
    # The edges of letters are no part of a plate.
    plain = (np.linalg.norm(pixels[~ink] - ground, axis=1) < 4 * FLAT).mean()
    if plain > PLAIN:
        share = float((~ink).sum()) / frame
        yield SeenColour("plate", _code(ground), share, line.stretches, line.box, line.frame)


def _code(rgb: Array) -> tuple[int, int, int]:
    red, green, blue = (round(float(each)) for each in rgb)
    return red, green, blue


class CardMeter:
    """Takes frames a second apart, and finds the colour that fills most of a frame. numbers: of those frames."""

    def __init__(self, picture: Picture) -> None:
        self._picture, self._seen = picture, list[tuple[int, Array, float]]()
        self._order = sampled_numbers(picture, CARD_STEP, MOST_CARDS)
        self.numbers = frozenset(self._order)

    def see(self, frame: FilmFrame) -> None:
        """Takes the next frame."""
        small = (
            cv2.resize(frame.rgb, CARD_SIZE, interpolation=cv2.INTER_AREA).reshape(-1, 3).astype(np.float32)
        )
        middle = np.median(small, 0)
        share = float((np.abs(small - middle).max(1) < CARD_NEAR).mean())
        if share >= CARD and middle.max() > BLACK:
            self._seen.append((frame.number, middle, share))

    def found(self) -> Iterator[SeenColour]:
        """Yields the colour of each card."""
        wide, high = self._picture.shown
        box: Box = (0, 0, round(wide), high)
        ends = dict(pairwise((*self._order, self._picture.length)))
        for number, middle, share in self._seen:
            stretch = (self._picture.grid.seconds(number), self._picture.grid.seconds(ends[number]))
            yield SeenColour("card", _code(middle), share, (stretch,), box, number)
