"""From what a finished film measures to a house style that goes its way.

A look is one transform of every picture; a film's measured tone is what came out of one. So what went in has to
be known: `NORMAL`, what clips measure before anyone graded them, or clips the user says are so. And content is in
it: a film of forests measures green whatever its grade. So the transform goes only part of the way (the farther,
the more different shots it was measured on), is smooth, and is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.measure.fact import Unmeasured
from post.measure.is_monochrome import LEAST_HUES
from post.measure.softness import Softness
from post.measure.style import FilmStyle
from post.measure.tone import PERCENTS, Band, Tone
from post.picture.colour.look import Look
from post.picture.colour.tone_curve import Curve
from post.picture.optics.soften import Soften
from post.values.array import Array

# The median of twelve clips of as many models and cameras, greys taken as grey. tests/bench/learn.py names the
# clips and prints these numbers.
_LEVELS = (0.03, 0.07, 0.29, 0.49, 0.69, 0.83, 0.87)
NORMAL = Tone(
    tuple(zip(PERCENTS, _LEVELS, strict=True)),
    (
        Band(0.24, -0.003, 0.003, 0.047, 0.0, 0.0, 0.58),
        Band(0.53, -0.03, 0.007, 0.077, 0.0, 0.0, 0.57),
        Band(0.18, -0.02, 0.007, 0.043, 0.0, 0.0, 0.82),
    ),
    0,
    0.085,
)
NORMAL_EDGE_PCT = 0.034  # the median of the same clips

KNOTS = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
FURTHEST = 0.12  # of full code that the tone curve moves any knot by
DEEPEST = -0.03  # that black is moved to
STEEPEST, FLATTEST = 1.6, 0.6  # of the tone curve between two knots
STIFF, SHY = 0.15, 0.03  # how much the curve minds bending and moving, against missing the reference
MOST_CAST = (0.02, 0.03, 0.03)  # of chroma (of .5), in darks, mids, lights
SATURATION = (0.7, 1.3)
LEAST_BAND = 0.03  # of the picture that colour is read from
LEAST_LINES = 700  # a smaller reference is as sharp as its own pixels allow
SOFTEST_PCT, LEAST_SOFT_PCT = 0.2, 0.03


@dataclass(frozen=True, slots=True)
class Shrinkage:
    """How far a measured difference is taken for the grade's, and not for what happened to be in the picture.

    content: how much it differs from clip to clip with no grade (standard deviation over the twelve clips of
    `NORMAL`, one shot each but for a trailer; tests/bench/learn.py prints it); grade: how much grades make of it,
    and least: what is gone at the least, because somebody chose this reference for its look. Both are choices:
    no graded and ungraded pairs were there to measure.
    """

    content: float
    grade: float
    least: float

    def way(self, views: int) -> float:
        """Of the difference measured on so many shots or stills, 0..1.

        What is to be expected of a grade where grades and contents are both normally distributed, and shots
        independent of each other. Shots of one scene are not: what they share counts as the grade's.
        """
        likely = self.grade**2 / (self.grade**2 + self.content**2 / views)
        return self.least + (1 - self.least) * likely


# Of luma levels; of the chroma of greys and of all (of .5); of the logarithm of chroma.
TONE, CAST, COLOUR = Shrinkage(0.13, 0.06, 0.35), Shrinkage(0.017, 0.01, 0.25), Shrinkage(0.67, 0.2, 0.15)
PALETTE = Shrinkage(0.052, 0.012, 0.1)


@dataclass(frozen=True, slots=True)
class LearntLook:
    """views: different pictures it was learnt from; look; soften: None where nothing is softer."""

    views: int
    look: Look
    soften: Soften | None


def learn_look(style: FilmStyle, source: FilmStyle | None = None) -> LearntLook:
    """The look, and softening, that take pictures like `source` towards `style`.

    source: what the pictures measure that the house will be laid over; None for `NORMAL`.
    """
    start = source.tone if source else NORMAL
    views, grey = style.views, is_grey(style.tone)
    curve = tone_curve(start, style.tone, TONE.way(views))
    casts = _tints(style.tone, views) if grey else _casts(start, style.tone, views)
    saturation = (1.0, 1.0, 1.0) if grey else _saturation(start, style.tone, COLOUR.way(views), curve)
    look = Look(
        saturation=0.0 if grey else 1.0,
        curve=_written(curve.knots),
        red=_channel(casts, 0.0, 1.5748),
        green=_channel(casts, -0.1873, -0.4681),
        blue=_channel(casts, 1.8556, 0.0),
        saturation_shadows=saturation[0],
        saturation_mids=saturation[1],
        saturation_highlights=saturation[2],
    )
    return LearntLook(views, look, _soften(style.softness, source.softness if source else None))


def is_grey(tone: Tone) -> bool:
    """Whether it is black and white, under a tint or not."""
    return tone.hues < LEAST_HUES


def tone_curve(start: Tone, end: Tone, way: float) -> Curve:
    """The smooth curve that takes the one's levels that much of the way to the other's, within bounds."""
    before, after = (np.array([level for _, level in tone.levels]) for tone in (start, end))
    wanted = way * (after - before)
    # Moves of the knots, by least squares: of the levels, of how the moves bend, of the moves themselves.
    place = np.clip(before, 0, 1) * (len(KNOTS) - 1)
    hats = np.maximum(0, 1 - np.abs(place[:, None] - np.arange(len(KNOTS))))
    bend = np.diff(np.eye(len(KNOTS)), 2, axis=0) * np.sqrt(STIFF)
    rest = np.eye(len(KNOTS)) * np.sqrt(SHY)
    left = np.concatenate([hats, bend, rest])
    right = np.concatenate([wanted, np.zeros(len(bend) + len(rest))])
    moves = np.linalg.lstsq(left, right, rcond=None)[0]
    # Whites stay below clipping, and blacks where a display still shows them.
    moves[0], moves[-1] = max(moves[0], DEEPEST), min(moves[-1], 0.0)
    moves *= _within(moves)
    return Curve(tuple(zip(KNOTS.tolist(), np.round(KNOTS + moves, 3).tolist(), strict=True)))


def _within(moves: Array) -> float:
    """How much of the moves stays within the bounds, 0..1."""
    slopes = np.diff(moves) / np.diff(KNOTS)
    limits = [FURTHEST / max(float(np.abs(moves).max()), 1e-9)]
    limits += [
        (STEEPEST - 1) / max(float(slopes.max()), 1e-9),
        (FLATTEST - 1) / min(float(slopes.min()), -1e-9),
    ]
    return min(1.0, *limits)


def _casts(start: Tone, end: Tone, views: int) -> list[tuple[float, float]]:
    """(cb, cr) that darks, mids and lights are shifted by.

    As far as a band is grey, by how the greys of the one differ from the other's; for the rest, by how all of
    it does, which is far less to be trusted.
    """
    found = []
    for a, b, most in zip(start.bands, end.bands, MOST_CAST, strict=True):
        greys = CAST.way(views) * np.array([b.grey_cb - a.grey_cb, b.grey_cr - a.grey_cr])
        whole = PALETTE.way(views) * np.array([b.cb - a.cb, b.cr - a.cr])
        shift = b.grey_share * greys + (1 - b.grey_share) * whole
        known = min(a.share, b.share) >= LEAST_BAND
        found.append(_at_most(most, shift) if known else (0.0, 0.0))
    return found


def _tints(end: Tone, views: int) -> list[tuple[float, float]]:
    """(cb, cr) of a black-and-white film's tint in darks, mids and lights: all its chroma is the grade's."""
    rows = zip(end.bands, MOST_CAST, strict=True)
    tint = [_at_most(most, CAST.way(views) * np.array([b.cb, b.cr])) for b, most in rows]
    return [each if b.share >= LEAST_BAND else (0.0, 0.0) for each, b in zip(tint, end.bands, strict=True)]


def _at_most(most: float, shift: Array) -> tuple[float, float]:
    shift = shift * min(1.0, most / max(float(np.hypot(*shift)), 1e-9))
    return float(shift[0]), float(shift[1])


def _channel(casts: list[tuple[float, float]], from_cb: float, from_cr: float) -> str:
    """A channel's own curve: what the casts add to it in darks, mids and lights. Luma stays (BT.709)."""
    added = [from_cb * cb + from_cr * cr for cb, cr in casts]
    return _written(tuple((x, x + more) for x, more in zip((0.0, 0.5, 1.0), added, strict=True)))


def _saturation(start: Tone, end: Tone, way: float, curve: Curve) -> tuple[float, float, float]:
    """By band; what the curve's own steepness does to colour is taken off."""
    found = []
    for a, b, level in zip(start.bands, end.bands, (0.12, 0.5, 0.88), strict=True):
        share = (max(b.chroma, 1e-3) / max(a.chroma, 1e-3)) ** way
        steep = float(np.diff(curve(np.array([level - 0.25, level + 0.25])))[0]) / 0.5
        known = min(a.share, b.share) >= LEAST_BAND
        found.append(round(float(np.clip(share / steep, *SATURATION)), 2) if known else 1.0)
    return found[0], found[1], found[2]


def _soften(end: Softness | Unmeasured, start: Softness | Unmeasured | None) -> Soften | None:
    """Blurs add by their squares."""
    if isinstance(end, Unmeasured) or end.lines < LEAST_LINES:
        return None
    own = start.edge_pct if isinstance(start, Softness) else NORMAL_EDGE_PCT
    radius = float(np.sqrt(max(end.edge_pct**2 - own**2, 0.0)))
    return Soften(radius=round(min(radius, SOFTEST_PCT), 3), amount=1.0) if radius >= LEAST_SOFT_PCT else None


def _written(knots: tuple[tuple[float, float], ...]) -> str:
    return ", ".join(f"{x:g}:{round(y, 3) + 0.0:g}" for x, y in knots)  # + 0: no "-0"
