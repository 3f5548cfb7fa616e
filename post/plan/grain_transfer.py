"""What becomes of a clip's own grain on its way into the film: mended, graded, made smaller."""

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

LEVELS = np.linspace(0, 1, 17)  # brightness, black to white, at which strengths are compared
BLACK, STEPS = 16, 219  # of limited range at 8 bits; BT.709, 3.5
FINE = 129  # brightnesses of the clip at which a grade is tried
NUDGE = 0.002  # of full code: half an 8-bit code, which is less than any grain that is seen
KR, KB = BT709.luma_weights

Grade = Callable[[Array], Array]  # (n, 3) display-encoded R'G'B' to the same


def grade_of(stages: Sequence[ColourStage]) -> Grade:
    """A shot's colour stages, one after the other."""
    return lambda rgb: reduce(lambda out, stage: stage.colour(out), stages, rgb)


AS_IT_IS = grade_of(())


@dataclass(frozen=True, slots=True)
class GrainTransfer:
    """scale: the film's pixels to one of the clip's; grade: all of a shot's colour stages; left: the share of
    its variance that repairs leave of a grain."""

    scale: float = 1.0
    grade: Grade = AS_IT_IS
    left: float = 1.0

    def arrives(self, found: MeasuredGrain) -> tuple[Array, Array]:
        """Variance in brightness and in each of Cb and Cr at the film's LEVELS, in limited-range codes squared.

        A grade makes grain stronger by as much as it is steep there: seen on greys, where grain is judged.
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
    """A grain's standard deviation in 8-bit codes at brightnesses, black (0) to white (1)."""
    return np.asarray(grain.sigma((levels * STEPS + BLACK) / 255), np.float64)


def measured_strength(found: MeasuredGrain, levels: Array) -> Array:
    """Strength in limited-range 8-bit codes at brightnesses 0..1; beyond what was measured, as at its end."""
    luma, sigma = np.array(found.sigma).T
    if found.range == "full":
        return np.asarray(np.interp(levels, luma, sigma * STEPS / 255))
    return np.asarray(np.interp(levels, (luma * 255 - BLACK) / STEPS, sigma))


def variance_surviving(found: MeasuredGrain, scale: float) -> float:
    """The share of a grain's variance that is left when its picture is made smaller, 0..1.

    scale: new pixels to one old one; what is finer than a new pixel can show is gone.
    """
    if scale >= 1:
        return 1.0
    power = Spectrum(found.spectrum).square(128)
    steps = np.abs(np.fft.fftfreq(128)) < scale / 2
    return float(power[np.ix_(steps, steps)].sum() / power.sum())


def variance_left(repairs: Iterable[RepairStage]) -> float:
    """The share of a grain's variance that repairs leave where their frames agree, 0..1."""
    left = 1.0
    for stage in repairs:
        if isinstance(stage, Degrain) and stage.sigma:
            left *= _left_by_mean(2 * stage.radius + 1, stage.strength)
    return left


def _left_by_mean(frames: int, share: float) -> float:
    """Of independent noise, where `share` of a mean of so many frames, its own among them, is put in."""
    return (1 - share) ** 2 + share * (2 - share) / frames


def _steepness(grade: Grade, at: Array) -> tuple[Array, Array]:
    """What a grade makes of greys: their luma, (n,), and by how much it multiplies variance, (2, 2, n): into
    luma and into each of Cb and Cr, from luma and from both of Cb and Cr."""
    grey = np.repeat(at[:, None], 3, axis=1)
    # R'G'B' of a little more luma, Cb and Cr: BT.709, 3.2 and 3.3.
    cb = np.array([0, -2 * (1 - KB) * KB / (1 - KR - KB), 2 * (1 - KB)])
    cr = np.array([2 * (1 - KR), -2 * (1 - KR) * KR / (1 - KR - KB), 0])
    from_luma, from_cb, from_cr = (_change(grade, grey, NUDGE * way) ** 2 for way in (np.ones(3), cb, cr))
    from_both = from_cb + from_cr
    into_luma = [from_luma[:, 0], from_both[:, 0]]
    into_chroma = [from_luma[:, 1:].mean(1), from_both[:, 1:].mean(1)]
    return _ycc(grade(grey))[:, 0], np.array([into_luma, into_chroma])


def _change(grade: Grade, grey: Array, step: Array) -> Array:
    """(n, 3) Y'CbCr that comes out for a step in, over the step's own size."""
    return (_ycc(grade(grey + step)) - _ycc(grade(grey - step))) / (2 * NUDGE)


def _ycc(rgb: Array) -> Array:
    luma = rgb @ np.array([KR, 1 - KR - KB, KB])
    return np.stack([luma, (rgb[:, 2] - luma) / (2 * (1 - KB)), (rgb[:, 0] - luma) / (2 * (1 - KR))], 1)
