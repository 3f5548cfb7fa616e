"""Motion between two frames, searched both ways, and where each of the two frames has what a frame between shows.

Source of the search: T. Kroeger et al., "Fast Optical Flow using Dense Inverse Search", ECCV 2016, as OpenCV has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np

from post.values.array import Array

Quality = Literal["draft", "flow"]
# Codes by which frames may be apart where nothing moves, and where nothing moves for sure.
SAME, ALIKE = 4.0, 1.5
STILL = 0.8  # of the difference that motion leaves: below it, what is there stands still
# By how much a shift (in pixels of half the frame's width) may differ from one pixel to the next, in a picture of a
# quarter of its width; from twice this on, it is what is around.
TORN = 0.8
CALM = (9, 9)  # pixels over which it is smoothed, twice
LEAST = np.ones((5, 5), np.uint8)  # what stands still is as large as this
NEAR = np.ones((3, 3), np.uint8)  # what is next to a tear is torn too
LEAST_WEIGHT = 0.05  # of what is torn, so that a torn picture has some shift
AROUND, BESIDE = (7, 7), (3, 3)  # pixels over which frames are compared
LEAST_SIDE = 32  # the search is not made for smaller pictures


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """preset: OpenCV's; finest: the pyramid level at which the search ends (0: half the frame's size); stride: pixels
    from one patch to the next; steps: of gradient descent; refinements: iterations of variational refinement."""

    preset: int
    finest: int
    stride: int
    steps: int
    refinements: int


# Over 8 clips, `flow` is .5 dB better than `draft` for twice its time. What is left out: a second search between the
# two moved frames (+.02 dB, 1.4 times the time), and a search down to half size (+.02 dB, 2.3 times).
SETTINGS: dict[Quality, SearchSettings] = {
    "draft": SearchSettings(preset=1, finest=2, stride=4, steps=16, refinements=5),
    "flow": SearchSettings(preset=2, finest=1, stride=3, steps=25, refinements=5),
}


@dataclass(frozen=True, eq=False)
class Motion:
    """The motion between two frames, at half their size.

    before, after: their luma, (height, width) uint8; forward: from `before` to `after`; backward: from `after` to
    `before`: (height, width, 2) float32 each, in pixels of that size.
    """

    before: Array
    after: Array
    forward: Array
    backward: Array

    @cached_property
    def coarse(self) -> tuple[Array, Array]:
        """Both motions at half that size, rounded up, still in pixels of it. The search finds no finer ones."""
        return _halved(self.forward), _halved(self.backward)


def find_motion(before: Array, after: Array, quality: Quality) -> Motion:
    """Returns the motion between two lumas, (height, width) uint16."""
    return motion_of(half_size(before), half_size(after), quality)


def motion_of(a: Array, b: Array, quality: Quality) -> Motion:
    """Returns the motion between two lumas, (height, width) uint8, searched at the size that they have."""
    forward, backward = _search(a, b, quality), _search(b, a, quality)
    return Motion(a, b, forward, backward)


def half_size(luma: Array) -> Array:
    """Returns the luma at half its size, rounded up, averaged: uint8."""
    import cv2

    height, width = luma.shape
    half = cv2.resize(luma, ((width + 1) // 2, (height + 1) // 2), interpolation=cv2.INTER_AREA)
    return np.asarray(np.asarray(half) // 256, np.uint8)


def places_between(motion: Motion, t: float) -> tuple[Array, Array]:
    """Returns where the frame at `t` (0..1) has its pixels from, in each of the two: (height, width, 2) float32.

    They are places in the half-size frames. Each is found from its own motion by a fixed-point iteration: the pixel
    at x comes from the y for which y + t * motion(y) is x.
    """
    forward, backward = motion.coarse
    shape = motion.before.shape
    return _held_still(motion, _shift(forward, t, shape), _shift(backward, 1 - t, shape))


def sample(plane: Array, places: Array) -> Array:
    """Returns a plane's values at places, linear between pixels; outside it, those of its edge."""
    import cv2

    return remap(plane, places, cv2.INTER_LINEAR)


def remap(plane: Array, places: Array, way: int) -> Array:
    """Returns a plane's values at places, interpolated in OpenCV's `way`; outside it, those of its edge."""
    import cv2

    # OpenCV 5.0 reads memory that nothing wrote where the second map is an empty array, as its types ask for.
    found = cv2.remap(plane, places, None, way, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload]
    return np.asarray(found)


@lru_cache(4)  # 17 MB at 1080p, 66 at 2160p
def pixel_grid(shape: tuple[int, int]) -> Array:
    """Returns the place of each pixel, as x and y: (height, width, 2) float32, read only."""
    height, width = shape
    grid = np.empty((height, width, 2), np.float32)
    grid[..., 0] = np.arange(width, dtype=np.float32)
    grid[..., 1] = np.arange(height, dtype=np.float32)[:, None]
    grid.setflags(write=False)
    return grid


def _search(a: Array, b: Array, quality: Quality) -> Array:
    """Returns the motion from a to b; none where they are too small to search."""
    import cv2

    motion = np.zeros((*a.shape, 2), np.float32)
    if min(a.shape) < LEAST_SIDE:
        return motion
    cv2.setNumThreads(1)
    chosen = SETTINGS[quality]
    dis = cv2.DISOpticalFlow.create(chosen.preset)
    dis.setFinestScale(chosen.finest)
    dis.setPatchStride(chosen.stride)
    dis.setGradientDescentIterations(chosen.steps)
    dis.setVariationalRefinementIterations(chosen.refinements)
    return np.asarray(dis.calc(a, b, motion))


def _halved(motion: Array) -> Array:
    import cv2

    size = (motion.shape[1] + 1) // 2, (motion.shape[0] + 1) // 2
    return np.asarray(cv2.resize(motion, size, interpolation=cv2.INTER_AREA))


def _shift(coarse: Array, t: float, shape: tuple[int, ...]) -> Array:
    """Returns by how much each pixel of a picture of this shape has moved until `t`, from where the pixel is then."""
    import cv2

    grid, part = pixel_grid(coarse.shape[:2]), np.float32(t)
    shift = part * coarse
    for _ in range(2):
        # In a picture of half the size, a shift is half as long.
        shift = part * sample(coarse, cv2.scaleAdd(shift, -0.5, grid))
    return np.asarray(cv2.resize(_calmed(shift), shape[1::-1], interpolation=cv2.INTER_LINEAR))


def _calmed(shift: Array) -> Array:
    """Returns a shift that is smoothed where it tears the picture, by what is around.

    Where motion is not found, it differs wildly from pixel to pixel and draws the picture out into threads. Smoothed,
    the two frames are laid over each other there.
    """
    import cv2

    tear = np.zeros(shift.shape[:2], np.float32)
    for axis, place in ((1, np.s_[:, :-1]), (0, np.s_[:-1])):
        apart = np.abs(np.diff(shift, axis=axis))
        np.maximum(tear[place], np.maximum(apart[..., 0], apart[..., 1]), out=tear[place])
    if tear.max() <= TORN:
        return shift
    whole = cv2.blur(cv2.erode(np.clip(2 - tear / np.float32(TORN), 0, 1), NEAR), (3, 3))
    weight = whole + np.float32(LEAST_WEIGHT)
    parts = [cv2.multiply(shift, cv2.merge([weight, weight])), weight]
    for _ in range(2):
        parts = [cv2.blur(part, CALM) for part in parts]
    around = cv2.divide(parts[0], cv2.merge([parts[1], parts[1]]))
    return np.asarray(cv2.multiply(shift - around, cv2.merge([whole, whole])) + around)


def _held_still(motion: Motion, a: Array, b: Array) -> tuple[Array, Array]:
    """Returns the places of two shifts, without shift where the two frames agree better as they stand than moved.

    That holds what is burnt in over moving ground (text, a vendor's mark), and falls back to a plain mix where no
    motion was found.
    """
    import cv2

    grid = pixel_grid(motion.before.shape)
    apart = cv2.absdiff(motion.before, motion.after)
    moved = cv2.absdiff(sample(motion.before, grid - a), sample(motion.after, grid - b))
    beside = _around(apart, BESIDE)
    marked = (beside < ALIKE) & (_around(moved, BESIDE) > SAME)
    stands = marked | ((_around(apart, AROUND) < STILL * _around(moved, AROUND)) & (beside < SAME))
    # Where two moving things are alike by chance, a few pixels stand.
    some = cv2.dilate(cv2.morphologyEx(stands.astype(np.uint8), cv2.MORPH_OPEN, LEAST), NEAR)
    moves = 1 - cv2.GaussianBlur(some.astype(np.float32), (0, 0), 1.0)
    both = cv2.merge([moves, moves])
    return grid - cv2.multiply(a, both), grid - cv2.multiply(b, both)


def _around(apart: Array, size: tuple[int, int]) -> Array:
    """Returns the mean of what is around each pixel: (height, width) float32."""
    import cv2

    return np.asarray(cv2.boxFilter(apart, cv2.CV_32F, size))
