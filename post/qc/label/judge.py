"""Judges a reading: is it that text and no other, does it stand alone, and how far from its ground is it."""

from __future__ import annotations

import string
from dataclasses import dataclass

import numpy as np

from post.picture.type.contrast import FLARE
from post.qc.label.letters import CAPITAL, letter
from post.qc.label.reading import Responses, TextReading, read_at
from post.values.array import Array
from post.values.srgb import srgb_light_of

# Chosen on the first clips of `python -m tests.bench.label` and on words that are no label (tests/qc/label); it prints
# how near its films come.
LEAST_SCORE, LEAST_SHORT = 0.72, 0.82  # mean correlation of the letters; of a text of three letters or fewer
LEAST_LETTER = 0.6  # correlation of the worst letter
RIVAL = 0.06  # how much better another letter may fit than the one expected
RIVALS = string.ascii_uppercase + string.digits
# One drawing for both, or so near that a film at this size cannot tell them apart.
ALIKE = ("O0QDCG", "I1", "S5", "B8E", "Z2", "UV", "EF", "PR", "MN", "TI", "AÁÀÂÄ", "IÍ")
# A stem alone is the edge of many things, and no letter for sure.
NEIGHBOURS = RIVALS.replace("I", "").replace("1", "") + string.ascii_lowercase.replace("i", "").replace(
    "l", ""
)
NEIGHBOUR = 0.8  # how well a letter must fit that stands beside the text
FILLED, BARE = 0.85, 0.02  # ink of what is type for sure, and of what is its ground for sure
AWAY, AWAY_SHORT = CAPITAL // 6, CAPITAL  # pixels of the strip within which it joins the text
FINE = (-0.04, -0.02, 0.0, 0.02, 0.04)
SHORT_SIZES = tuple(
    round(0.7 + 0.02 * step, 3) for step in range(23)
)  # a place may hold more than its letters


@dataclass(frozen=True, slots=True)
class Contrast:
    """Codes of the type and of its ground, 8-bit luma, and their least ratio, 1..21 (WCAG 2.2)."""

    ink: float
    ground: float
    least: float


def is_text(reading: TextReading, responses: Responses) -> bool:
    """Returns whether the place shows the text, and no other letters join it."""
    least = LEAST_SHORT if reading.wording.short else LEAST_SCORE
    if reading.score < least or reading.least < LEAST_LETTER:
        return False
    away = AWAY_SHORT if reading.wording.short else AWAY
    return not _rivalled(reading, responses) and not _has_neighbours(reading, responses, away)


def stands_alone(reading: TextReading, responses: Responses) -> bool:
    """Returns whether no other word stands beside the text on its line."""
    return not _has_neighbours(reading, responses, AWAY_SHORT)


def _rivalled(reading: TextReading, responses: Responses) -> bool:
    """Returns whether another letter fits clearly better than one of those expected."""
    for unit, pen, drawn in zip(reading.wording.units, reading.pens, reading.drawn, strict=True):
        if unit not in RIVALS:
            continue
        near = slice(max(pen - 2, 0), pen + 3)
        own = responses.of(unit, reading.size)[near].max()
        others = (each for each in RIVALS if each != unit and not _alike(each, unit))
        best = max(_fit(responses, each, reading.size, pen, drawn.width) for each in others)
        if best > own + RIVAL:
            return True
    return False


def _fit(responses: Responses, unit: str, size: float, pen: int, width: int) -> float:
    other = letter(unit, CAPITAL * size)
    if other.width < width - 0.35 * CAPITAL:  # a stem stands in many letters
        return -1.0
    return float(responses.of(unit, size)[max(pen - 2, 0) : pen + 3].max())


def _alike(one: str, other: str) -> bool:
    return any(one in group and other in group for group in ALIKE)


def _has_neighbours(reading: TextReading, responses: Responses, away: int) -> bool:
    """Returns whether another letter stands within `away` pixels of the text: a short one may be a part of any
    sentence."""
    first, last = reading.pens[0], reading.pens[-1] + round(reading.drawn[-1].advance)
    for unit in NEIGHBOURS:
        fits, wide = responses.of(unit, reading.size), round(letter(unit, CAPITAL * reading.size).advance)
        before = fits[max(first - wide - away, 0) : max(first - wide + 2, 0)]
        behind = fits[max(last - 2, 0) : last + away]
        if any(side.size and side.max() > NEIGHBOUR for side in (before, behind)):
            return True
    return False


def contrast_of(ink: Array, luma: Array, *, bright: bool, full_range: bool) -> Contrast:
    """Returns the contrast of type to the worst of its ground: its 2nd to 98th percentile, round the type.

    ink: the type as it stands there, 0..1; luma: the same part of a frame, 8-bit codes; bright: whether the type is
    brighter than its ground.
    """
    inner, outer = luma[ink > FILLED * ink.max()], luma[ink < BARE]
    if not inner.size or not outer.size:
        return Contrast(0.0, 0.0, 1.0)
    type_code, worst = float(np.median(inner)), float(np.percentile(outer, 98 if bright else 2))
    light = [_light(code, full_range) for code in (type_code, worst)]
    ratio = (max(light) + FLARE) / (min(light) + FLARE)
    crossed = (worst >= type_code) if bright else (worst <= type_code)
    return Contrast(type_code, worst, 1.0 if crossed else round(float(ratio), 2))


def _light(code: float, full_range: bool) -> float:
    share = code / 255 if full_range else (code - 16) / 219
    return float(srgb_light_of(np.array(min(max(share, 0.0), 1.0))))


def sized(reading: TextReading, responses: Responses) -> TextReading:
    """Returns the reading at the height that fits best, to a fiftieth. A short text is tried at all heights: its few
    letters may fit at a wrong one, where the letters beside it do not."""
    sizes = {round(reading.size + step, 3) for step in FINE} | set(
        SHORT_SIZES if reading.wording.short else ()
    )
    found = (read_at(responses, reading.wording, size) for size in sorted(sizes))
    return max((each for each in found if each), key=lambda each: each.score, default=reading)
