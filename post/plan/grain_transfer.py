"""Predicts what a clip's own grain becomes on its way into the film: repaired, graded, scaled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from post.measure.grain.strength import MeasuredGrain
from post.picture.grain.spectrum import Spectrum
from post.picture.repair.degrain import Degrain
from post.stage import ColourStage, FieldStage, RepairStage
from post.values.array import Array
from post.values.colour import BT709
from post.values.ycbcr import chroma_of_rgb, code_range, luma_of, rgb_of

LEVELS = np.linspace(0, 1, 17)  # brightness, black to white, at which strengths are compared
CODES = code_range("limited", 8)
FINE = 129  # brightnesses of the clip at which a grade is tried
NUDGE = 0.002  # of full code: half an 8-bit code, which is less than any grain that is seen

Grade = Callable[[Array], Array]  # (n, 3) display-encoded R'G'B' to the same


def grade_of(stages: Sequence[ColourStage]) -> Grade:
    """Returns the grade that a shot's colour stages make, one after the other."""
    return lambda rgb: reduce(lambda out, stage: stage.colour(out), stages, rgb)


AS_IT_IS = grade_of(())


@dataclass(frozen=True, slots=True)
class GrainTransfer:
    """What is done to a clip's grain.

    scale: film pixels to one clip pixel; grade: all colour stages of the shot; left: the share of the grain's
    variance that repairs leave, 0..1.
    """

    scale: float = 1.0
    grade: Grade = AS_IT_IS
    left: float = 1.0

    def arriving_variance(self, found: MeasuredGrain) -> tuple[Array, Array]:
        """Returns the grain's variance in the film: in luma, and in each of Cb and Cr.

        Both (17,) float64, at the film's LEVELS, in limited-range 8-bit codes squared. A grade multiplies grain
        by its own slope at each level. The slope is that on greys, because grain is judged on greys.
        """
        at = np.linspace(0, 1, FINE)
        luma, gains = _steepness(self.grade, at)
        variance = measured_strength(found, at) ** 2 * self.left * variance_surviving(found, self.scale)
        chroma = variance * (found.chroma or 0.0) ** 2
        order = np.argsort(luma, kind="stable")
        arrived = (variance * row[0] + chroma * row[1] for row in gains)
        own, own_colour = (np.interp(LEVELS, luma[order], each[order]) for each in arrived)
        return own, own_colour


def grain_strength(grain: FieldStage, levels: Array) -> Array:
    """Returns a grain stage's standard deviation in 8-bit codes. levels: brightness, black (0) to white (1)."""
    return np.asarray(grain.sigma((levels * CODES.luma + CODES.black) / 255), np.float64)


def measured_strength(found: MeasuredGrain, levels: Array) -> Array:
    """Returns measured grain's standard deviation in limited-range 8-bit codes. levels: brightness, 0..1.

    At levels that were not measured it is as at the nearest one that was.
    """
    luma, sigma = np.array(found.sigma).T
    if found.range == "full":
        return np.asarray(np.interp(levels, luma, sigma * CODES.luma / 255))
    return np.asarray(np.interp(levels, (luma * 255 - CODES.black) / CODES.luma, sigma))


def variance_surviving(found: MeasuredGrain, scale: float) -> float:
    """Returns the share of a grain's variance that is left when its picture is made smaller, 0..1.

    scale: new pixels to one old one. Detail too fine for the new pixels is lost.
    """
    if scale >= 1:
        return 1.0
    power = Spectrum(found.spectrum).square(128)
    steps = np.abs(np.fft.fftfreq(128)) < scale / 2
    return float(power[np.ix_(steps, steps)].sum() / power.sum())


def variance_left(repairs: Iterable[RepairStage]) -> float:
    """Returns the share of a grain's variance that repairs leave where neighbouring frames agree, 0..1."""
    left = 1.0
    for stage in repairs:
        if isinstance(stage, Degrain) and stage.sigma:
            left *= _left_by_mean(2 * stage.radius + 1, stage.strength)
    return left


def _left_by_mean(frames: int, share: float) -> float:
    """Returns the share of the variance of independent noise that averaging leaves.

    Each frame is mixed with `share` of the mean of `frames` frames, of which it is one.
    """
    return (1 - share) ** 2 + share * (2 - share) / frames


def _steepness(grade: Grade, at: Array) -> tuple[Array, Array]:
    """Returns what a grade makes of greys: their luma, (n,), and the factors on variance, (2, 2, n).

    The factors are into luma and into each of Cb and Cr, from luma and from both of Cb and Cr."""
    grey = np.repeat(at[:, None], 3, axis=1)
    # R'G'B' of a little more luma, Cb and Cr: BT.709, 3.2 and 3.3.
    cb, cr = np.stack(rgb_of(np.zeros(2), np.array([1.0, 0.0]), np.array([0.0, 1.0]), BT709), 1)
    from_luma, from_cb, from_cr = (_change(grade, grey, NUDGE * way) ** 2 for way in (np.ones(3), cb, cr))
    from_both = from_cb + from_cr
    into_luma = [from_luma[:, 0], from_both[:, 0]]
    into_chroma = [from_luma[:, 1:].mean(1), from_both[:, 1:].mean(1)]
    return _ycc(grade(grey))[:, 0], np.array([into_luma, into_chroma])


def _change(grade: Grade, grey: Array, step: Array) -> Array:
    """Returns the change of Y'CbCr for a step of R'G'B', divided by the step's size: (n, 3)."""
    return (_ycc(grade(grey + step)) - _ycc(grade(grey - step))) / (2 * NUDGE)


def _ycc(rgb: Array) -> Array:
    luma = luma_of(rgb, BT709)
    return np.stack([luma, *chroma_of_rgb(rgb, luma, BT709)], 1)
