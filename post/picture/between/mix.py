"""Makes the frame between two frames from where each of them has what it shows."""

from __future__ import annotations

import numpy as np

from post.picture.between.motion import pixel_grid, remap, sample
from post.values.array import Array

# Pixels of the half-size frame by which a motion there and back may miss its start.
ASTRAY = 3.0
# The share that is moved to the frame which alone sees something.
LEAN = 0.5


def mix_at(planes: tuple[Array, Array], places: tuple[Array, Array], shares: Array) -> Array:
    """Returns the mean of two planes, each moved to its places, by the second one's shares: (height, width) uint16.

    planes: (height, width) uint16; places, shares: of the half-size frame, (height, width, 2) and (height, width).
    """
    import cv2

    a, b = (_moved(plane, there) for plane, there in zip(planes, places, strict=True))
    share = shares if shares.shape == a.shape else cv2.resize(shares, a.shape[::-1])
    apart = cv2.multiply(cv2.subtract(b, a, dtype=cv2.CV_32F), share)
    return np.asarray(cv2.add(a, apart, dtype=cv2.CV_16U))


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


def _moved(plane: Array, places: Array) -> Array:
    """Returns a plane with each pixel from its place."""
    import cv2

    height, width = plane.shape
    small = places.shape[:2]
    shift = places - pixel_grid(small)
    if small != plane.shape:
        shift *= np.array([width / small[1], height / small[0]], np.float32)
        shift = cv2.resize(shift, (width, height), interpolation=cv2.INTER_LINEAR)
    shift += pixel_grid(plane.shape)
    return remap(plane, shift, cv2.INTER_CUBIC)
