"""Learns a look from what a finished film measures.

A look is one transform of every picture, and a film's measured tone is what came out of one. So what went in has
to be known: `NORMAL` is what clips measure before anyone graded them; or the user names such clips. Content is
measured too: a film of forests measures green whatever its grade. So the transform goes only part of the way (more
of it, the more different shots were measured), is smooth, and is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.measure.fact import Unmeasured
from post.measure.film.softness import Softness
from post.measure.film.style import FilmStyle
from post.measure.is_monochrome import LEAST_HUES
from post.measure.tone import PERCENTS, Band, Tone
from post.picture.colour.look import Look
from post.picture.colour.tone_curve import ToneCurve
from post.picture.optics.soften import Soften
from post.values.array import Array
from post.values.colour import BT709
from post.values.ycbcr import rgb_of

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
FURTHEST = 0.12  # of full code: the most that the tone curve moves a knot
DEEPEST = -0.03  # of full code: the most that black is moved down
STEEPEST, FLATTEST = 1.6, 0.6  # slopes of the tone curve between two knots
BENDING, MOVING = 0.15, 0.03  # weights of a bend and of a move, against missing the reference
MOST_CAST = (0.02, 0.03, 0.03)  # of chroma (of .5), in darks, mids, lights
SATURATION = (0.7, 1.3)
LEAST_BAND = 0.03  # share of the picture: of a smaller band no colour is read
LEAST_LINES = 700  # a smaller reference is as sharp as its own pixels allow
SOFTEST_PCT, LEAST_SOFT_PCT = 0.2, 0.03


@dataclass(frozen=True, slots=True)
class Shrinkage:
    """Decides how much of a measured difference counts as the grade's, and how much as the content's.

    content: the difference's standard deviation from clip to clip with no grade (over the twelve clips of `NORMAL`,
    one shot each but for a trailer; tests/bench/learn.py prints it); grade: the standard deviation that grades cause;
    least: the least share, because somebody chose this reference for its look. The last two are choices: there
    were no pairs of graded and ungraded clips to measure.
    """

    content: float
    grade: float
    least: float

    def share(self, views: int) -> float:
        """Returns the share of a measured difference to apply, 0..1. views: how many shots or stills were measured.

        It is the expected share of the grade where grades and contents are both normally distributed and shots
        are independent. Shots of one scene are not independent: what they share counts as the grade's.
        """
        likely = self.grade**2 / (self.grade**2 + self.content**2 / views)
        return self.least + (1 - self.least) * likely


# Of luma levels; of the chroma of greys and of all (of .5); of the logarithm of chroma.
TONE, CAST, COLOUR = Shrinkage(0.13, 0.06, 0.35), Shrinkage(0.017, 0.01, 0.25), Shrinkage(0.67, 0.2, 0.15)
PALETTE = Shrinkage(0.052, 0.012, 0.1)


@dataclass(frozen=True, slots=True)
class LearntLook:
    """A look learnt from a film.

    views: how many different pictures it was learnt from; soften: None if the film is no softer than its clips.
    """

    views: int
    look: Look
    soften: Soften | None


def learn_look(style: FilmStyle, source: FilmStyle | None = None) -> LearntLook:
    """Returns the look, and the softening, that take pictures like `source` towards `style`.

    source: measured from ungraded pictures like those that the look will be applied to; None for `NORMAL`.
    """
    start = source.tone if source else NORMAL
    views, grey = style.views, is_grey(style.tone)
    curve = tone_curve(start, style.tone, TONE.share(views))
    casts = _tints(style.tone, views) if grey else _casts(start, style.tone, views)
    # What the casts in darks, mids and lights are in red, green and blue, with luma unchanged.
    cb, cr = np.array(casts).T
    red, green, blue = rgb_of(np.zeros(len(casts)), cb, cr, BT709)
    saturation = (1.0, 1.0, 1.0) if grey else _saturation(start, style.tone, COLOUR.share(views), curve)
    look = Look(
        saturation=0.0 if grey else 1.0,
        curve=_curve_text(curve.knots),
        red=_channel(red),
        green=_channel(green),
        blue=_channel(blue),
        saturation_shadows=saturation[0],
        saturation_mids=saturation[1],
        saturation_highlights=saturation[2],
    )
    return LearntLook(views, look, _soften(style.softness, source.softness if source else None))


def is_grey(tone: Tone) -> bool:
    """Returns whether a picture is black and white, with or without a tint."""
    return tone.hues < LEAST_HUES


def tone_curve(start: Tone, end: Tone, share: float) -> ToneCurve:
    """Returns the smooth, bounded curve that takes one tone's levels a share (0..1) of the way to the other's."""
    before, after = (np.array([level for _, level in tone.levels]) for tone in (start, end))
    wanted = share * (after - before)
    # Moves of the knots, by least squares: of the levels, of how the moves bend, of the moves themselves.
    place = np.clip(before, 0, 1) * (len(KNOTS) - 1)
    hats = np.maximum(0, 1 - np.abs(place[:, None] - np.arange(len(KNOTS))))
    bend = np.diff(np.eye(len(KNOTS)), 2, axis=0) * np.sqrt(BENDING)
    rest = np.eye(len(KNOTS)) * np.sqrt(MOVING)
    left = np.concatenate([hats, bend, rest])
    right = np.concatenate([wanted, np.zeros(len(bend) + len(rest))])
    moves = np.linalg.lstsq(left, right, rcond=None)[0]
    # Whites stay below clipping, and blacks where a display still shows them.
    moves[0], moves[-1] = max(moves[0], DEEPEST), min(moves[-1], 0.0)
    moves *= _within(moves)
    return ToneCurve(tuple(zip(KNOTS.tolist(), np.round(KNOTS + moves, 3).tolist(), strict=True)))


def _within(moves: Array) -> float:
    """Returns the factor, 0..1, that brings the knots' moves within the bounds."""
    slopes = np.diff(moves) / np.diff(KNOTS)
    limits = [FURTHEST / max(float(np.abs(moves).max()), 1e-9)]
    limits += [
        (STEEPEST - 1) / max(float(slopes.max()), 1e-9),
        (FLATTEST - 1) / min(float(slopes.min()), -1e-9),
    ]
    return min(1.0, *limits)


def _casts(start: Tone, end: Tone, views: int) -> list[tuple[float, float]]:
    """Returns the (cb, cr) by which darks, mids and lights are shifted.

    The grey share of a band is shifted by how its greys differ, and the rest by how the whole band differs,
    which says far less about the grade.
    """
    found = []
    for a, b, most in zip(start.bands, end.bands, MOST_CAST, strict=True):
        greys = CAST.share(views) * np.array([b.grey_cb - a.grey_cb, b.grey_cr - a.grey_cr])
        whole = PALETTE.share(views) * np.array([b.cb - a.cb, b.cr - a.cr])
        shift = b.grey_share * greys + (1 - b.grey_share) * whole
        known = min(a.share, b.share) >= LEAST_BAND
        found.append(_at_most(most, shift) if known else (0.0, 0.0))
    return found


def _tints(end: Tone, views: int) -> list[tuple[float, float]]:
    """Returns the (cb, cr) of a black-and-white film's tint in darks, mids and lights. All its chroma is grade."""
    rows = zip(end.bands, MOST_CAST, strict=True)
    tint = [_at_most(most, CAST.share(views) * np.array([b.cb, b.cr])) for b, most in rows]
    return [each if b.share >= LEAST_BAND else (0.0, 0.0) for each, b in zip(tint, end.bands, strict=True)]


def _at_most(most: float, shift: Array) -> tuple[float, float]:
    shift = shift * min(1.0, most / max(float(np.hypot(*shift)), 1e-9))
    return float(shift[0]), float(shift[1])


def _channel(added: Array) -> str:
    """Returns a channel's own curve as text. added: (3,), added to the channel in darks, mids and lights."""
    return _curve_text(tuple((x, x + more) for x, more in zip((0.0, 0.5, 1.0), added.tolist(), strict=True)))


def _saturation(start: Tone, end: Tone, share: float, curve: ToneCurve) -> tuple[float, float, float]:
    """Returns the saturation of each band, without what the slope of the curve does to colour."""
    found = []
    for a, b, level in zip(start.bands, end.bands, (0.12, 0.5, 0.88), strict=True):
        ratio = (max(b.chroma, 1e-3) / max(a.chroma, 1e-3)) ** share
        steep = float(np.diff(curve(np.array([level - 0.25, level + 0.25])))[0]) / 0.5
        known = min(a.share, b.share) >= LEAST_BAND
        found.append(round(float(np.clip(ratio / steep, *SATURATION)), 2) if known else 1.0)
    return found[0], found[1], found[2]


def _soften(end: Softness | Unmeasured, start: Softness | Unmeasured | None) -> Soften | None:
    """Returns the softening that is missing, or None. The squares of the radii of blurs add up."""
    if isinstance(end, Unmeasured) or end.lines < LEAST_LINES:
        return None
    own = start.edge_pct if isinstance(start, Softness) else NORMAL_EDGE_PCT
    radius = float(np.sqrt(max(end.edge_pct**2 - own**2, 0.0)))
    return Soften(radius=round(min(radius, SOFTEST_PCT), 3), amount=1.0) if radius >= LEAST_SOFT_PCT else None


def _curve_text(knots: tuple[tuple[float, float], ...]) -> str:
    return ", ".join(f"{x:g}:{round(y, 3) + 0.0:g}" for x, y in knots)  # + 0: no "-0"
