"""Reads a place in the picture: whether its letters are those of a text, in order, and no others beside them.

Each letter is compared by normalised correlation, so neither plate, polarity nor brightness counts. Letters may stand
closer or wider than in the font that they are drawn from, so that a text in another font is read too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from post.measure.attention.type_lines import LinePlace
from post.qc.label.letters import (
    CAPITAL,
    INTER,
    MARGIN,
    Letter,
    LetterFonts,
    Wording,
    extent,
    is_word,
    letter,
    space,
)
from post.values.array import Array

SIZES = (0.9, 0.95, 1.0, 1.05, 1.1)  # of the height that the place has
WORD_SIZES = (
    0.75,
    0.8,
    0.85,
    *SIZES,
    1.15,
    1.2,
    1.25,
)  # of joined scripts: their lines show no height of capitals
SLACK, WORD_SLACK = (
    1,
    4,
)  # pixels of the strip that a letter, or a word of a joined script, may stand higher or lower
ABOVE, BELOW, BESIDE = 7, 9, 2 * CAPITAL  # pixels of the strip around the line
NARROWEST, WIDEST = 0.72, 1.4  # how far apart letters stand, of the font's own advance
SPACE_LEAST, SPACE_MOST = 0.5, 2.0  # of the font's own space
UNSIZED = 0.25  # how much lower a text may score where the height is a twentieth off
SHORTEST = 0.55  # of a text's width: a place may lack a word that runs into its ground
SAME_HEIGHT = 0.05  # heights this near to each other are tried once


@dataclass(frozen=True, eq=False)
class TypeStrip:
    """A place cut out and scaled so that a capital has `CAPITAL` pixels. luma: (height, width) float32, ink bright;
    top: the row of a capital's top; left, up: of the first pixel in the picture; scale: pixels of the strip for each
    of the picture."""

    luma: Array
    top: float
    left: float
    up: float
    scale: float


@dataclass(frozen=True, eq=False)
class TextReading:
    """A text read in a strip. score: mean correlation of its letters; least: of the worst one; size: of its capitals,
    of the strip's; pens: where each letter's pen stands, in pixels of the strip."""

    wording: Wording
    strip: TypeStrip
    score: float
    least: float
    size: float
    pens: tuple[int, ...]

    @property
    def drawn(self) -> tuple[Letter, ...]:
        """The letters as they were compared."""
        fonts = self.wording.fonts
        return tuple(letter(unit, CAPITAL * self.size, fonts) for unit in self.wording.units)


def read_place(
    luma: Array, place: LinePlace, wordings: Sequence[Wording], least: float
) -> TextReading | None:
    """Returns the best reading of a place; None where it has no text of at least that score.

    luma: (height, width) uint8; place: in its pixels.
    """
    strips: dict[tuple[int, int], Responses | None] = {}
    best: TextReading | None = None
    for wording in wordings:
        for high, height in _heights(place, wording):
            if place.right - place.left < SHORTEST * narrowest(wording) * height / CAPITAL:
                continue
            key = (round(high * 2), round(height * 2))
            if key not in strips:
                strip = cut_strip(luma, place, high, height)
                strips[key] = Responses(strip) if strip else None
            responses = strips[key]
            found = _read(responses, wording, least) if responses else None
            if found and found.score >= least and (best is None or _rank(found) > _rank(best)):
                best = found
    return best


def _rank(reading: TextReading) -> float:
    # A longer text that is as good says more: AI stands in AI GENERATED.
    return reading.score + 0.01 * len(reading.wording.units)


def _heights(place: LinePlace, wording: Wording) -> Iterator[tuple[float, float]]:
    """Yields the top and the height of a capital, in pixels, as the place's shapes may show them."""
    tried: list[tuple[float, float]] = []
    inked = extent(wording)
    for top, bottom in ((place.top, place.bottom), (place.high, place.low)):
        for first, last in {(0, CAPITAL), inked}:
            height = (bottom - top) * CAPITAL / (last - first)
            high = top - first * height / CAPITAL
            near = (abs(high - other) + abs(height - size) < SAME_HEIGHT * height for other, size in tried)
            if not any(near):
                tried.append((high, height))
                yield high, height


def cut_strip(luma: Array, place: LinePlace, high: float, height: float) -> TypeStrip | None:
    """Returns a place scaled for reading. high, height: the top and height of a capital, in pixels."""
    scale = CAPITAL / height
    rows, columns = luma.shape
    top, bottom = int(high - ABOVE / scale), int(np.ceil(high + height + BELOW / scale))
    left, right = int(place.left - BESIDE / scale), int(np.ceil(place.right + BESIDE / scale))
    within = luma[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    if not within.size:
        return None
    around = (max(-top, 0), max(bottom - rows, 0), max(-left, 0), max(right - columns, 0))
    cut = cv2.copyMakeBorder(within, *around, cv2.BORDER_REPLICATE) if any(around) else within
    size = (max(round((right - left) * scale), 1), max(round((bottom - top) * scale), 1))
    shrinks = scale < 1
    small = cv2.resize(
        np.ascontiguousarray(cut), size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    ).astype(np.float32)
    return TypeStrip(small if place.bright else 255 - small, (high - top) * scale, left, top, scale)


class Responses:
    """How well each letter fits at each pen position of a strip; made when first asked for."""

    def __init__(self, strip: TypeStrip) -> None:
        self.strip = strip
        self._made: dict[tuple[str, float, LetterFonts], Array] = {}

    def of(self, unit: str, size: float, fonts: LetterFonts = INTER) -> Array:
        """Returns the correlation, -1..1, with the pen at each column: (width,) float32."""
        if (unit, size, fonts) not in self._made:
            drawn = letter(unit, CAPITAL * size, fonts)
            self._made[unit, size, fonts] = correlate(self.strip, drawn, size, _slack(unit))
        return self._made[unit, size, fonts]


def _slack(unit: str) -> int:
    return WORD_SLACK if is_word(unit) else SLACK


def correlate(strip: TypeStrip, drawn: Letter, size: float, slack: int = SLACK) -> Array:
    """Returns how well a letter fits a strip with its pen at each column: (width,) float32, -1..1. slack: how many
    pixels it may stand higher or lower."""
    height, width = drawn.ink.shape
    out = np.full(strip.luma.shape[1], -1.0, np.float32)
    # A taller letter stands on the same base line or on the same middle: both are within a pixel.
    first = round(strip.top + (1 - size) * CAPITAL / 2 + drawn.top)
    band = strip.luma[max(first - slack, 0) : first + slack + height]
    if band.shape[0] < height or band.shape[1] < width:
        return out
    found = cv2.matchTemplate(band, drawn.ink, cv2.TM_CCOEFF_NORMED).max(0)
    np.nan_to_num(found, copy=False, nan=-1.0, posinf=-1.0, neginf=-1.0)
    pens = np.arange(len(found)) - drawn.left
    inside = (pens >= 0) & (pens < len(out))
    out[pens[inside]] = np.clip(found[inside], -1, 1)
    return out


def _read(responses: Responses, wording: Wording, least: float) -> TextReading | None:
    best = read_at(responses, wording, 1.0)
    if best is None or (best.score < least - UNSIZED and not wording.joined):
        return None
    sizes = WORD_SIZES if wording.joined else SIZES
    others = (read_at(responses, wording, size) for size in sizes if size != 1.0)
    return max((best, *(each for each in others if each)), key=lambda each: each.score)


def read_at(responses: Responses, wording: Wording, size: float) -> TextReading | None:
    """Returns the best reading of a text in a strip at one height of its capitals; None where it has no room."""
    found = _placed([responses.of(unit, size, wording.fonts) for unit in wording.units], wording, size)
    if found is None:
        return None
    pens, scores = found
    return TextReading(wording, responses.strip, float(np.mean(scores)), float(np.min(scores)), size, pens)


def narrowest(wording: Wording) -> float:
    """Returns the least width that a text is read at, in pixels of a strip."""
    steps = (_apart(wording, at, 1.0)[0] for at in range(1, len(wording.units)))
    return sum(steps) + letter(wording.units[-1], CAPITAL, wording.fonts).width


def _placed(
    rows: Sequence[Array], wording: Wording, size: float
) -> tuple[tuple[int, ...], list[float]] | None:
    """Returns the pen positions that fit best together, and how well each letter fits."""
    total, came = rows[0], list[Array]()
    for at in range(1, len(rows)):
        least, most = _apart(wording, at, size)
        # Of each column, the best one that lies `least` to `most` columns before it.
        padded = np.concatenate([np.full(most, -99.0, np.float32), total])
        windows = np.lib.stride_tricks.sliding_window_view(padded, most - least + 1)[: len(total)]
        chosen = windows.argmax(1)
        came.append(np.arange(len(total)) - most + chosen)
        total = rows[at] + windows[np.arange(len(total)), chosen]
    pens = [int(total.argmax())]
    if total[pens[0]] < -50:
        return None
    for back in reversed(came):
        pens.append(int(back[pens[-1]]))
    pens.reverse()
    return tuple(pens), [float(row[pen]) for row, pen in zip(rows, pens, strict=True)]


def _apart(wording: Wording, at: int, size: float) -> tuple[int, int]:
    """Returns the least and the most columns from the letter before to this one."""
    capital = CAPITAL * size
    advance = letter(wording.units[at - 1], capital, wording.fonts).advance
    spaces = wording.gaps[at - 1] * space(capital)
    least = NARROWEST * advance + SPACE_LEAST * spaces
    most = WIDEST * advance + SPACE_MOST * spaces
    return max(int(least), 1), max(int(np.ceil(most)), 2)


def ink_of(reading: TextReading) -> Array:
    """Returns the ink of a text as it stands in its strip, float32, 0..1: the strip's shape."""
    sheet = np.zeros_like(reading.strip.luma)
    top = reading.strip.top + (1 - reading.size) * CAPITAL / 2
    for pen, drawn in zip(reading.pens, reading.drawn, strict=True):
        row, column = round(top + drawn.top), pen + drawn.left
        height, width = drawn.ink.shape
        rows = slice(max(row, 0), min(row + height, sheet.shape[0]))
        columns = slice(max(column, 0), min(column + width, sheet.shape[1]))
        part = drawn.ink[rows.start - row : rows.stop - row, columns.start - column : columns.stop - column]
        np.maximum(sheet[rows, columns], part, out=sheet[rows, columns])
    return sheet


def inked_box(reading: TextReading) -> tuple[int, int, int, int]:
    """Returns left, top, right and bottom of a text's ink in its strip, within it."""
    first, last = reading.drawn[0], reading.drawn[-1]
    top = reading.strip.top + (1 - reading.size) * CAPITAL / 2
    high = min(each.top for each in reading.drawn) + MARGIN
    low = max(each.top + each.ink.shape[0] for each in reading.drawn) - MARGIN
    rows, columns = reading.strip.luma.shape
    return (
        max(reading.pens[0] + first.left + MARGIN, 0), max(round(top + high), 0),
        min(reading.pens[-1] + last.left + MARGIN + last.width, columns), min(round(top + low), rows),
    )  # fmt: skip
