"""Makes the frame between two frames from where each of them has what it shows."""

from __future__ import annotations

import numpy as np

from post.picture.between.hedge import Hedge
from post.picture.between.motion import pixel_grid, remap, sample
from post.values.array import Array

# Pixels of the half-size frame by which a motion there and back may miss its start.
ASTRAY = 3.0
# The share that is moved to the frame which alone sees something.
LEAN = 0.5
BAND = 32  # rows that are mixed at a time: what is between them and the result stays in the processor's cache


def mix_at(
    planes: tuple[Array, Array],
    places: tuple[Array, Array],
    shares: Array,
    hedge: Hedge | None = None,
    *,
    cubic: bool = True,
) -> Array:
    """Returns the mean of two planes, each moved to its places, by the second one's shares: (height, width) uint16.

    planes: (height, width) uint16; places, shares: of the half-size frame, (height, width, 2) and (height, width);
    hedge: how much of the planes as they stand is mixed in; cubic: not linear between pixels.
    """
    import cv2

    height, width = planes[0].shape
    there = [_map(planes[0].shape, each) for each in places]
    way = cv2.INTER_CUBIC if cubic else cv2.INTER_LINEAR
    share = _spread(shares, planes[0].shape)
    weight = None if hedge is None else _spread(hedge.weight, planes[0].shape)
    made = np.empty((height, width), np.uint16)
    for first in range(0, height, BAND):
        rows = np.s_[first : first + BAND]
        a, b = (remap(plane, each[rows], way) for plane, each in zip(planes, there, strict=True))
        mean: Array = a
        off = cv2.multiply(cv2.subtract(b, a, dtype=cv2.CV_32F), share[rows])
        if hedge is not None and weight is not None:
            mean = np.asarray(cv2.add(a, off, dtype=cv2.CV_32F))
            a, b = (plane[rows] for plane in planes)
            plain = cv2.addWeighted(a, 1 - hedge.t, b, hedge.t, 0, dtype=cv2.CV_32F)
            off = cv2.multiply(cv2.subtract(plain, mean), weight[rows])
        made[rows] = cv2.add(mean, off, dtype=cv2.CV_16U)
    return made


def _spread(part: Array, shape: tuple[int, ...]) -> Array:
    """Returns a picture at another size, linear between its pixels."""
    import cv2

    return part if part.shape[:2] == shape else np.asarray(cv2.resize(part, shape[::-1]))


def shares_at(lost: tuple[Array, Array], places: tuple[Array, Array], t: float) -> Array:
    """Returns the second frame's share at each pixel of the half-size frame, 0..1: (height, width) float32.

    It is t, but leans to the one frame that sees what the other has hidden: where the motion from it alone does not
    come back to where it started. lost: by how much it does not, from each of the two, as `astray` has it.
    """
    import cv2

    a, b = places
    lost_a, lost_b = sample(lost[0], a), sample(lost[1], b)
    only_a = (lost_a > ASTRAY) & (lost_b < ASTRAY / 2)
    only_b = (lost_b > ASTRAY) & (lost_a < ASTRAY / 2)
    lean = cv2.GaussianBlur(only_b.astype(np.float32) - only_a.astype(np.float32), (0, 0), 1.0)
    return np.asarray(np.clip(np.float32(t) + np.float32(LEAN) * lean, 0, 1))


def astray(there: Array, back: Array) -> Array:
    """Returns by how much motion there and back again misses its start, at each pixel: (height, width), in pixels."""
    import cv2

    missed = there + sample(back, pixel_grid(there.shape[:2]) + there)
    return np.asarray(cv2.magnitude(missed[..., 0], missed[..., 1]))


def _map(shape: tuple[int, ...], places: Array) -> Array:
    """Returns the place of each pixel of a plane of this shape, from those of the half-size frame."""
    height, width = shape
    small = places.shape[:2]
    if small == (height, width):
        return places
    shift = places - pixel_grid(small)
    if (height, width) == (2 * small[0], 2 * small[1]):
        shift *= np.float32(2)
    else:
        shift *= np.array([width / small[1], height / small[0]], np.float32)
    whole = _spread(shift, shape)
    whole += pixel_grid((height, width))
    return whole
