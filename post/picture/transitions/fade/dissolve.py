"""Dissolve: one shot fades into the next."""

from __future__ import annotations

import numpy as np

from post.caching import shared
from post.knob import knob
from post.picture.transitions.picture_transition import Moment, PictureTransition
from post.picture.transitions.tools.lighting import as_codes, near_chroma
from post.picture.transitions.tools.mixing import chroma_step, mix_evenly
from post.stage import Planes16, parameters, stage
from post.values.array import Array
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span
from post.values.ycbcr import code_range

EXPONENT = 2.4  # of a reference display, BT.1886
CODES = code_range("limited", 16)


@stage("dissolve", version=2)
class Dissolve(PictureTransition):
    """A mix of finished colour, before grain, so that grain does not thin out in the middle."""

    curve: str = knob(
        default="linear", choices=("linear", "smooth"), doc="how the mix goes from the one shot to the other"
    )
    mode: str = knob(
        default="video", choices=("video", "film", "additive"),
        doc="video mixes codes; film mixes light, as an optical printer does: bright parts come early and go late; "
        "additive lets each shot stay at full strength for half of the time",
    )  # fmt: skip

    def weight(self, share: float) -> float:
        return share if self.curve == "linear" else share * share * (3 - 2 * share)

    def mix(self, going: Planes16, coming: Planes16, moment: Moment) -> Planes16:
        weight = self.weight(moment.share)
        if self.mode == "video" or not 0 < weight < 1:
            return mix_evenly(going, coming, weight)
        if self.mode == "film":
            return _mixed_light(going, coming, weight)
        return _added(going, coming, weight)

    def declare(self, where: Span) -> Action:
        return Action("c2pa.edited", HUMAN_EDITS, where, parameters(self), "dissolve")


def _mixed_light(going: Planes16, coming: Planes16, weight: float) -> Planes16:
    """Returns a mix of light. Luma is mixed as light; chroma by what each picture's light counts at that luma.

    That is the mix of R', G' and B' as light, to the first order about grey.
    """
    light, slope = _light_tables()
    across, down = chroma_step(going)
    shares = ((going, 1 - weight), (coming, weight))
    luma = sum(light[planes[0]] * np.float32(share) for planes, share in shares)
    y = as_codes(np.power(np.asarray(luma), np.float32(1 / EXPONENT)) * np.float32(CODES.luma) + CODES.black)
    counted = [slope[near_chroma(planes[0], across, down)] * np.float32(share) for planes, share in shares]
    part = counted[1] / np.maximum(counted[0] + counted[1], np.float32(1e-9))
    cb, cr = (
        as_codes(a + (b.astype(np.float32) - a) * part) for a, b in zip(going[1:], coming[1:], strict=True)
    )
    return y, cb, cr


def _added(going: Planes16, coming: Planes16, weight: float) -> Planes16:
    """Returns the sum of both, each at full strength until the middle, and no brighter than the brighter one."""
    fades = (min(1.0, 2 - 2 * weight), min(1.0, 2 * weight))
    black = np.float32(CODES.black)
    lumas = [
        (planes[0] - black) * np.float32(fade) for planes, fade in zip((going, coming), fades, strict=True)
    ]
    span = np.float32(CODES.luma)
    # 1 - (1 - a)(1 - b): two pictures add up, and white stays white.
    y = as_codes(lumas[0] + lumas[1] - np.maximum(lumas[0], 0) * np.maximum(lumas[1], 0) / span + black)
    across, down = chroma_step(going)
    # The same of R', G' and B', where one of the pictures is grey: the other's light takes colour away.
    left = [
        np.float32(fade) * (1 - np.clip(near_chroma(other, across, down) / span, 0, 1))
        for fade, other in zip(fades, reversed(lumas), strict=True)
    ]
    half = np.float32(CODES.neutral)
    cb, cr = (
        as_codes((a - half) * left[0] + (b - half) * left[1] + half)
        for a, b in zip(going[1:], coming[1:], strict=True)
    )
    return y, cb, cr


@shared(1)
def _light_tables() -> tuple[Array, Array]:
    """Returns light (1 is white) for each 16-bit luma code, and its slope, both float32 of 65536."""
    level = np.maximum((np.arange(1 << 16) - CODES.black) / CODES.luma, 1e-4)
    return (level**EXPONENT).astype(np.float32), (level ** (EXPONENT - 1)).astype(np.float32)
