"""Says where a frame made by motion is rather wrong, and how much of a plain blend is mixed into it there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.picture.between.motion import Motion, sample
from post.values.array import Array

# Shares of the change that motion leaves: up to the first, nothing is mixed in; from the second on, MOST of a blend.
# Over 12 clips, real and generated, none of them in the bench, `draft` is .2 dB better than with none. From 0 on, the
# worst frames lose less to a blend, but what moves gets a ghost that is seen.
FROM, TO = np.float32(0.25), np.float32(0.75)
MOST = np.float32(0.6)
EVERY = 2  # pixels of the half-size frame from one that is compared to the next
TILE = 8  # of those pixels; three tiles each way are weighed as one
LEANS = 0.05  # from here on, one frame alone sees something
NOISE = np.float32(1.0)  # codes squared, which motion does not explain


@dataclass(frozen=True, eq=False)
class Hedge:
    """How much of a plain blend is mixed into a frame. weight: 0..1, a coarse picture of the frame, float32; t: the
    second frame's share of the blend."""

    weight: Array
    t: float


def hedge_at(motion: Motion, places: tuple[Array, Array], leans: Array, t: float) -> Hedge:
    """Returns how much of a blend is mixed into the frame at `t`, whose pixels come from `places`.

    It grows with the share of the change between the two frames that is left between them when each is moved to its
    places. Where that is much, motion was not found, or the two differ by what does not move: noise, light, texture
    that is drawn anew in each frame. There a mean of all four pictures is nearer to the truth than the mean of the
    two moved ones. What one frame alone sees is no such difference. leans: 0..1, where it is, of the half-size frame.
    """
    import cv2

    every = np.s_[::EVERY, ::EVERY]
    a, b = (np.ascontiguousarray(each[every]) for each in places)
    unlike = cv2.absdiff(sample(motion.before, a), sample(motion.after, b))
    left = _energy(cv2.multiply(unlike, _seen_by_both(leans[every])))
    change = _energy(cv2.absdiff(motion.before[every], motion.after[every]))
    share = np.clip((cv2.divide(left, change) - FROM) / (TO - FROM), 0, 1)
    return Hedge(MOST * share, t)


def _seen_by_both(leans: Array) -> Array:
    """Returns 1 where both frames see the same, and 0 where one alone does, and next to it: uint8."""
    import cv2

    return np.asarray(cv2.erode((leans < LEANS).astype(np.uint8), np.ones((3, 3), np.uint8)))


def _energy(apart: Array) -> Array:
    """Returns the mean square of a difference around each tile, with noise: float32."""
    import cv2

    size = -(-apart.shape[1] // TILE), -(-apart.shape[0] // TILE)
    square = cv2.multiply(apart, apart, dtype=cv2.CV_32F)
    return np.asarray(cv2.blur(cv2.resize(square, size, interpolation=cv2.INTER_AREA), (3, 3))) + NOISE
