"""Measures the colours of type, of plates behind it, and of cards that fill the frame: graphics, not photographs."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from post.qc.sampled import ShownReader, sampled_numbers
from post.takes.probe import probe
from post.values import Picture
from post.values.array import Array
from post.values.claim import Box
from post.values.sights.brand import PaletteSight, SeenColour
from post.values.sights.text import SeenText, TextSight

SMALLEST = 20  # pixels: a lower line has no pixel that its edges do not touch, and chroma is sampled at half
FLAT, PLAIN = (
    4.0,
    0.7,
)  # 8-bit codes by which a plate may vary; share of what is behind type that is one colour
CARD_STEP = Fraction(1)  # seconds
CARD = 0.5  # share of the frame that one colour fills
CARD_NEAR = 6.0  # 8-bit codes around that colour
BLACK = 24  # 8-bit codes: a frame without a picture is no card
MOST_CARDS = 120


def measure_palette(path: Path, texts: TextSight) -> PaletteSight:
    """Returns the colours of type and graphics in a film. texts: what was read in it. Call it in a worker.

    Raises SourceError where it cannot be read as a film.
    """
    picture = probe(path, path.name).picture
    lines = [*texts.seen, *texts.unread]
    small = [each for each in lines if each.box[3] - each.box[1] < SMALLEST]
    seen: list[SeenColour] = []
    with ShownReader(path, picture) as reader:
        for line in sorted(lines, key=lambda each: each.frame):
            if line not in small:
                seen += _of_line(reader.rgb(line.frame), line, reader.scale())
        seen += _cards(reader, picture)
    return PaletteSight(tuple(seen), len(small))


def _of_line(rgb: Array, line: SeenText, scale: float) -> Iterator[SeenColour]:
    """Yields the colour of a line's ink, and of the plate that it stands on."""
    left, top, right, bottom = (round(each / scale) for each in line.box)
    part = rgb[max(top, 0) : bottom, max(left, 0) : right].astype(np.float32)
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
    frame = float(rgb.shape[0] * rgb.shape[1])
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


def _cards(reader: ShownReader, picture: Picture) -> Iterator[SeenColour]:
    """Yields the colour that fills most of a frame, in frames a second apart."""
    wide, high = picture.shown
    box: Box = (0, 0, round(wide), high)
    numbers = sampled_numbers(picture, CARD_STEP, MOST_CARDS)
    for at, number in enumerate(numbers):
        small = (
            cv2.resize(reader.rgb(number), (160, 90), interpolation=cv2.INTER_AREA)
            .reshape(-1, 3)
            .astype(np.float32)
        )
        middle = np.median(small, 0)
        share = float((np.abs(small - middle).max(1) < CARD_NEAR).mean())
        if share >= CARD and middle.max() > BLACK:
            end = numbers[at + 1] if at + 1 < len(numbers) else picture.length
            stretch = (picture.grid.seconds(number), picture.grid.seconds(end))
            yield SeenColour("card", _code(middle), share, (stretch,), box, number)
