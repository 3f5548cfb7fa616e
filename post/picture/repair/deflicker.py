"""Deflicker: gives every frame a gain of red, green and blue light, so that exposure and balance are steady."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from post.errors import JobError
from post.knob import Series, knob
from post.picture.repair.codes import BLACK, CHROMA, GREY, LUMA, resize_like, round_codes, signal_by_code
from post.stage import Planes16, RepairStage, parameters, stage
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.colour import BT709
from post.values.time import Span
from post.values.ycbcr import matrix_from_rgb

# Above the linear part of IEC 61966-2-1's curve, a gain of light is a gain of (signal + .055).
EXPONENT, OFFSET = 2.4, 0.055
# Gains fade to none towards white, so that what is clipped in every frame stays as it is. They fade over at least
# this much signal, and over twice what the gain moves white by, which keeps the slope between .5 and 1.5.
SHOULDER, WIDER = 0.02, 2.0
# R'G'B' to Y'CbCr and back as BT.709 has it, H.273 8.3: as post.measure.flicker reads.
FROM_RGB = matrix_from_rgb(BT709)
TO_RGB = np.linalg.inv(FROM_RGB)
EVEN = 1e-5  # of signal for a unit of chroma: a gain that differs by less changes no colour


@stage("deflicker", version=1)
class Deflicker(RepairStage):
    """Steadies exposure and balance over a shot. The gains are measured along the motion, never across a cut."""

    flicker: float = knob(
        default=1.0, lo=0, hi=1, doc="how much of what changes within a second is taken away"
    )
    drift: float = knob(
        default=0.0,
        lo=0,
        hi=1,
        doc="how much of what changes more slowly is taken away; a change of light that is meant looks alike",
    )
    first: int = knob(
        default=0, lo=0, hi=1 << 31, unit="frames", internal=True, doc="frame of the clip, of the first gain"
    )
    gains: Series = knob(
        default=(),
        lo=0.25,
        hi=4,
        internal=True,
        doc="of red, green and blue light, for each frame in turn; found by measuring",
    )

    def agree(self) -> None:
        """Checks the knobs against each other. Raises JobError where they do not fit together."""
        if len(self.gains) % 3:
            raise JobError(
                "not three gains for each frame",
                where="deflicker.gains",
                expected="a multiple of three",
                got=len(self.gains),
            )

    def gain(self, frame: int) -> tuple[float, float, float]:
        """Returns a frame's gains of red, green and blue light; 1 for a frame without known gains."""
        at = 3 * (frame - self.first)
        if not 0 <= at < len(self.gains):
            return 1.0, 1.0, 1.0
        red, green, blue = self.gains[at : at + 3]
        return red, green, blue

    def repair(self, frame: int, near: Mapping[int, Planes16]) -> Planes16:
        gain = self.gain(frame)
        return near[frame] if gain == (1, 1, 1) else relight(near[frame], gain)

    def declare(self, where: Span) -> Action | None:
        if all(gain == 1 for gain in self.gains):
            return None
        return Action("c2pa.adjustedColor", HUMAN_EDITS, where, parameters(self), "deflickered")


def relight(planes: Planes16, gain: tuple[float, float, float]) -> Planes16:
    """Returns the frame with gains applied to its light. gain: of red, green and blue light.

    Exact for greys between the curve's foot and where gains fade. A colour uses the share of its luma there, so
    that it keeps its hue.
    """
    of_signal = np.array(gain) ** (1 / EXPONENT) - 1
    turn = FROM_RGB @ np.diag(of_signal) @ TO_RGB
    lift = FROM_RGB @ (of_signal * OFFSET)
    y = (planes[0] - np.float32(BLACK)) / np.float32(LUMA)
    cb, cr = ((plane - np.float32(GREY)) / np.float32(CHROMA) for plane in planes[1:])
    share = _share(float(np.abs(of_signal).max()))[planes[0] >> np.uint16(6)]
    at_chroma, its_share = resize_like(y, cb), resize_like(share, cb)
    changes = [_row(turn[i], lift[i], (at_chroma, cb, cr)) * its_share for i in (1, 2)]
    change = y * np.float32(turn[0, 0]) + np.float32(lift[0])
    if np.abs(turn[0, 1:]).max() > EVEN:
        # This is off by a fraction of a chroma sample, but the change is of a few codes only.
        change += resize_like(_weighted(turn[0, 1:], (cb, cr)), y)
    change *= share
    return (
        _put(planes[0], change, LUMA),
        _put(planes[1], changes[0], CHROMA),
        _put(planes[2], changes[1], CHROMA),
    )


def _row(weights: Array, lift: float, planes: tuple[Array, Array, Array]) -> Array:
    return _weighted(weights, planes) + np.float32(lift)


def _weighted(weights: Array, planes: tuple[Array, ...]) -> Array:
    total = planes[0] * np.float32(weights[0])
    for weight, plane in zip(weights[1:], planes[1:], strict=True):
        total += plane * np.float32(weight)
    return total


def _put(plane: Array, change: Array, span: float) -> Array:
    change *= np.float32(span)
    change += plane
    return round_codes(change)


def _share(moved: float) -> Array:
    """Returns, by 10-bit code, the share of the gain on (signal + .055) that is applied: (1024,).

    It is less in the curve's foot, and 0 at white. moved: how far the gain moves white.
    """
    signal = signal_by_code()
    foot = np.minimum(1, EXPONENT * signal / (signal + OFFSET))
    shoulder = (1 - signal) / max(SHOULDER, WIDER * moved)
    return np.clip(np.minimum(foot, shoulder), 0, 1).astype(np.float32)
