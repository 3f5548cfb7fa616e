"""Measures tone and palette: levels of luma, and the colourfulness and cast of darks, mids and lights.

Measured on small pictures, in which grain is averaged away, of up to MOST_FRAMES frames of a clip: on what is between
bars, and on no fade, black frame or title card (`post.measure.film.shots`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from post.errors import SourceError
from post.measure.fact import ClipLength, Known, Measure, Unmeasured, measure
from post.measure.film.shots import PictureShots
from post.measure.frames import Frame, Small, Step, walk
from post.measure.is_monochrome import hue_share
from post.picture.colour.tone_curve import blend_by_luma
from post.picture.display.convert import convert_colour, shown_as_it_is
from post.values.array import Array
from post.values.colour import BT709, Colour, Range
from post.values.media import Picture
from post.values.ycbcr import chroma_of_rgb, code_range, luma_of, rgb_of

MOST_FRAMES = 240
PERCENTS = (1.0, 5.0, 25.0, 50.0, 75.0, 95.0, 99.0)
BINS, LOWEST, HIGHEST = 600, -0.1, 1.1
BLACK = 0.04  # a level up to which nothing is seen
FLAT = 0.02  # between its darkest and its lightest hundredth
# A frame that is black up to here is a fade or a title card, and no picture.
TITLE = 0.95
# Where greys stand is the crowd of chroma nearest to none: white balance errors of generated clips move it by .01
# to .03, skin starts at about .06. It is looked for in cells of CELL up to FAR (of .5) by mean shift: a mean of
# all that is nearly grey would move with saturation, which lets coloured things in.
# Source: D. Comaniciu and P. Meer, "Mean Shift", IEEE PAMI 24 (2002).
CELLS, FAR, REACH, CROWD, STEPS = 81, 0.2, 0.015, 0.04, 30
MOST_CAST = 0.06


@dataclass(frozen=True, slots=True)
class Band:
    """The darks, the mids or the lights of a picture. share: of all pixels, 0..1; cb, cr: their mean, -.5..+.5;
    chroma: mean distance from grey; grey_cb, grey_cr: where its greys stand; grey_share: how much of the band
    they are."""

    share: float
    cb: float
    cr: float
    chroma: float
    grey_cb: float
    grey_cr: float
    grey_share: float


@dataclass(frozen=True, slots=True)
class Tone:
    """levels: (per cent of pixels, the display-encoded luma 0..1 below which they are); bands: darks, mids and
    lights, which go over into each other as the look's saturation by luminance does; frames: looked at; hues:
    how much of their chroma is more than a tint (`post.measure.is_monochrome`), on average."""

    levels: tuple[tuple[float, float], ...]
    bands: tuple[Band, Band, Band]
    frames: int
    hues: float


class Tally:
    """Adds up frames as BT.709 shows them. colour: of their codes; SDR only."""

    def __init__(self, colour: Colour = BT709) -> None:
        self._colour = colour
        self._hues = 0.0
        self._levels = np.zeros(BINS)
        self._bands = np.zeros((3, 4))
        self._crowds = np.zeros((3, CELLS * CELLS))
        self.frames = 0

    def add(self, frame: Frame) -> None:
        """Adds a frame."""
        self.add_small(frame.small, frame.range)

    def add_small(self, small: Small, spread: Range) -> None:
        """Adds a frame by its small picture."""
        codes = code_range(spread, 8)
        level = (small.luma.astype(np.float64).ravel() - codes.black) / codes.luma
        if np.quantile(level, TITLE) < BLACK:
            return
        cb, cr = (
            (plane.astype(np.float64).ravel() - codes.neutral) / codes.chroma
            for plane in (small.cb, small.cr)
        )
        rgb = _rgb(level, cb, cr, self._colour)
        if not as_bt709(self._colour):
            level, cb, cr = _in_bt709(rgb, self._colour)
        # Every frame counts alike, whatever its size.
        self._levels += np.histogram(level.clip(LOWEST, HIGHEST), BINS, (LOWEST, HIGHEST))[0] / level.size
        rows = np.stack([np.ones_like(cb), cb, cr, np.hypot(cb, cr)])
        cell = _cell(cb) * CELLS + _cell(cr)
        for band, weight in enumerate(weights(level)):
            self._bands[band] += (weight * rows).sum(axis=1) / level.size
            self._crowds[band] += np.bincount(cell, weight, CELLS * CELLS) / level.size
        self._hues += hue_share(convert_colour(rgb.clip(0, 1), self._colour, BT709))
        self.frames += 1

    def tone(self) -> Tone | Unmeasured:
        """Returns the tone of all frames added, or Unmeasured."""
        if not self.frames:
            return Unmeasured("black: nothing in it but, perhaps, titles")
        edges = np.linspace(LOWEST, HIGHEST, BINS + 1)
        total = np.concatenate([[0.0], np.cumsum(self._levels)]) / self.frames * 100
        levels = tuple((percent, float(np.interp(percent, total, edges))) for percent in PERCENTS)
        if levels[-1][1] - levels[0][1] < FLAT:
            return Unmeasured("flat: all of it is of one tone")
        darks, mids, lights = (
            _band(row, crowd, self.frames) for row, crowd in zip(self._bands, self._crowds, strict=True)
        )
        return Tone(levels, (darks, mids, lights), self.frames, self._hues / self.frames)


def as_bt709(colour: Colour) -> bool:
    """Returns whether codes of this colour are those of BT.709 for the same picture."""
    return colour.luma_weights == BT709.luma_weights and shown_as_it_is(colour, BT709)


def _rgb(level: Array, cb: Array, cr: Array, colour: Colour) -> Array:
    """Returns (n, 3) R'G'B' of luma 0..1 and chroma -.5..+.5; values may leave 0..1."""
    return np.stack(rgb_of(level, cb, cr, colour), 1)


def _in_bt709(rgb: Array, colour: Colour) -> tuple[Array, Array, Array]:
    """Returns luma, Cb and Cr in BT.709 for values of another colour."""
    shown = convert_colour(rgb.clip(0, 1), colour, BT709)
    level = luma_of(shown, BT709)
    cb, cr = chroma_of_rgb(shown, level, BT709)
    return level, cb, cr


def weights(level: Array) -> tuple[Array, Array, Array]:
    """Returns the weights of a level in darks, mids and lights, which add up to 1, as the stage `look` has them."""
    return blend_by_luma(level, 1, 0, 0), blend_by_luma(level, 0, 1, 0), blend_by_luma(level, 0, 0, 1)


def _cell(chroma: Array) -> Array:
    """Returns the cell of a chroma; one beyond the range is in the last cell."""
    return np.asarray(np.rint((chroma.clip(-FAR, FAR) + FAR) / (2 * FAR) * (CELLS - 1)), np.intp)


def _band(row: Array, crowd: Array, frames: int) -> Band:
    count = max(float(row[0]), 1e-9)
    cb, cr, mass = _greys(crowd.reshape(CELLS, CELLS))
    mean_cb, mean_cr, chroma = (float(total) / count for total in row[1:])
    return Band(float(row[0]) / frames, mean_cb, mean_cr, chroma, cb, cr, mass / count)


def _greys(crowd: Array) -> tuple[float, float, float]:
    """Returns (cb, cr) of the cluster nearest to no chroma, and its mass. crowd: (cb, cr) cells."""
    axis = np.linspace(-FAR, FAR, CELLS)
    cb, cr = np.meshgrid(axis, axis, indexing="ij")
    at = np.zeros(2)
    for _ in range(STEPS):
        near = crowd * np.exp(-((cb - at[0]) ** 2 + (cr - at[1]) ** 2) / (2 * REACH**2))
        mass = near.sum()
        if mass <= 0:
            break
        at = np.array([(near * cb).sum(), (near * cr).sum()]) / mass
    at *= min(1.0, MOST_CAST / max(float(np.hypot(*at)), 1e-9))
    inside = crowd[np.hypot(cb - at[0], cr - at[1]) < CROWD]
    return float(at[0]), float(at[1]), float(inside.sum())


def measure_tone(path: Path, picture: Picture, shots: PictureShots | None = None) -> Tone | Unmeasured:
    """Returns the tone of a clip as its colour shows it. The stored fact `tone` reads every clip as BT.709, which is
    right where `as_bt709` holds. shots: what of it shows pictures; None: all of it."""
    tally, every = Tally(picture.colour), _every(picture.length)
    try:
        for step in walk(path, picture):
            if step.frame.number % every == 0 and (shots is None or shots.shows_picture(step.frame.number)):
                tally.add_small(within(step.frame.small, shots), step.frame.range)
    except SourceError as fault:
        return Unmeasured(fault.what)
    return tally.tone()


def within(small: Small, shots: PictureShots | None) -> Small:
    """Returns what of a small picture is between the bars of its film."""
    if shots is None or shots.box == (0, 0, 1, 1):
        return small
    height, width = small.luma.shape
    left, top, right, bottom = shots.box
    rows = slice(round(top * height), max(round(bottom * height), round(top * height) + 1))
    columns = slice(round(left * width), max(round(right * width), round(left * width) + 1))
    return Small(*(plane[rows, columns] for plane in (small.luma, small.cb, small.cr)))


def _every(length: int) -> int:
    return -(-length // MOST_FRAMES)


@measure("tone", version=3, gives=Tone, after=("shots",))
class ToneMeasure(Measure):
    def __init__(self, footage: ClipLength) -> None:
        self._every = _every(footage.length)
        # What is a picture is known at the end. Halves keep a level to an eighth of a code.
        self._seen: list[tuple[int, Range, tuple[Array, ...]]] = []

    def see(self, step: Step) -> None:
        if step.frame.number % self._every == 0:
            small = step.frame.small
            planes = tuple(plane.astype(np.float16) for plane in (small.luma, small.cb, small.cr))
            self._seen.append((step.frame.number, step.frame.range, planes))

    def found(self, known: Known) -> Tone | Unmeasured:
        shots, tally = known.get("shots"), Tally()
        pictures = shots if isinstance(shots, PictureShots) else None
        for number, spread, planes in self._seen:
            if pictures is None or pictures.shows_picture(number):
                small = Small(*(plane.astype(np.float32) for plane in planes))
                tally.add_small(within(small, pictures), spread)
        return tally.tone()
