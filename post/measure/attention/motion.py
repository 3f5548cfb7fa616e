"""Tells what moves by itself from what the camera moves: the camera's own motion is found, and laid aside.

A grid of places is followed from one look to the next (Lucas and Kanade's method, in pyramids). Most of them lie on the
ground: the turn, zoom and shift that fit most of them are the camera's.

Source: J.-Y. Bouguet, "Pyramidal Implementation of the Lucas Kanade Feature Tracker", Intel, 2000.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.values.array import Array

SIDE = 160  # pixels of the longer side of the picture in which motion is found
STILL = 6.0  # 8-bit codes: a change below this is noise
CUT = 30.0  # mean change, in 8-bit codes, above which two looks show different shots
STEP = 8  # pixels between the places that are followed
REACH, LEVELS = 15, 3  # of the window that is followed, in pixels, and of the pyramid
ROUNDS, NEAR = 8, 1.5  # times that the camera's motion is fitted; pixels off it, of what still fits it
EDGE = 2  # pixels beside what came into the picture with the camera, in which nothing is told
LEAST_FOLLOWED = 24  # places: of fewer, no camera's motion is found
UNMOVED = np.array([[1, 0, 0], [0, 1, 0]], np.float64)


@dataclass(frozen=True, slots=True)
class Moved:
    """What happened between two looks. camera: (2, 3) float64, where the old picture's places went, in pixels; change:
    how much each pixel of the new picture changed by itself, in 8-bit codes above noise; cut: whether they show
    different shots."""

    camera: Array
    change: Array
    cut: bool


def small_grey(grey: Array) -> Array:
    """Returns the picture in which motion is found, (height, width) uint8. grey: of any size, 8-bit codes."""
    import cv2

    height, width = grey.shape
    scale = SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.GaussianBlur(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), (3, 3), 0)
    return np.asarray(np.rint(small), np.uint8)


def moved(before: Array, now: Array) -> Moved:
    """Returns what happened between two looks, as `small_grey` gives them."""
    import cv2

    nothing = np.zeros(now.shape, np.float32)
    if before.shape != now.shape:
        return Moved(UNMOVED, nothing, cut=True)
    camera = _camera(before, now)
    shape = now.shape[1], now.shape[0]
    old, new = before.astype(np.float32), now.astype(np.float32)
    left = [(UNMOVED, np.abs(new - old))]
    if camera is not UNMOVED:
        brought = cv2.warpAffine(old, camera, shape, borderMode=cv2.BORDER_REPLICATE)
        inside = cv2.warpAffine(np.ones_like(old), camera, shape, borderMode=cv2.BORDER_CONSTANT)
        inside = cv2.erode(inside, np.ones((2 * EDGE + 1, 2 * EDGE + 1)), borderType=cv2.BORDER_REPLICATE)
        left.append((camera, np.abs(new - brought) * (inside > 0.999)))
    camera, change = min(left, key=lambda each: float(np.minimum(each[1], CUT).mean()))
    if float(change.mean()) > CUT:
        return Moved(UNMOVED, nothing, cut=True)
    # Noise and a moving ground are everywhere: only what changes more than most of the picture does is a thing.
    own = np.maximum(change - max(STILL, 2 * float(np.median(change))), 0)
    return Moved(camera, np.asarray(own, np.float32), cut=False)


def follow_places(before: Array, now: Array, places: Array) -> tuple[Array, Array]:
    """Returns where places of one look are in another, and which of them were found again.

    places: (count, 2) float32, across and down, in pixels of `small_grey`; found again is what comes back to where it
    was when it is followed the other way.
    """
    import cv2

    cv2.setNumThreads(1)  # a worker has one core
    given = np.ascontiguousarray(places, np.float32).reshape(-1, 1, 2)
    size, guess = (REACH, REACH), np.zeros_like(given)
    there, seen, _ = cv2.calcOpticalFlowPyrLK(before, now, given, guess, winSize=size, maxLevel=LEVELS)
    back, seen_back, _ = cv2.calcOpticalFlowPyrLK(
        now, before, there, guess.copy(), winSize=size, maxLevel=LEVELS
    )
    off = np.abs(np.asarray(back) - given).reshape(-1, 2).max(axis=1)
    return np.asarray(there).reshape(-1, 2), (off < 1) & (np.ravel(seen) == 1) & (np.ravel(seen_back) == 1)


def _camera(before: Array, now: Array) -> Array:
    """Returns the turn, zoom and shift that fit most places; UNMOVED where few are followed.

    Places are fitted, those furthest off are left out, and the rest are fitted again: it needs no luck.
    """
    height, width = now.shape
    across, down = np.meshgrid(np.arange(STEP, width - 1, STEP), np.arange(STEP, height - 1, STEP))
    places = np.stack([across.ravel(), down.ravel()], 1).astype(np.float32)
    there, found = follow_places(before, now, places)
    old, new = places[found].astype(np.float64), there[found].astype(np.float64)
    if len(old) < LEAST_FOLLOWED:
        return UNMOVED
    camera = np.array([[1, 0, np.median(new[:, 0] - old[:, 0])], [0, 1, np.median(new[:, 1] - old[:, 1])]])
    for _ in range(ROUNDS):
        off = np.hypot(*(_carried(camera, old) - new).T)
        near = off <= max(NEAR, float(np.median(off)))
        if near.sum() < LEAST_FOLLOWED // 2:
            return UNMOVED
        camera = _fitted(old[near], new[near])
    return camera


def _carried(camera: Array, places: Array) -> Array:
    return np.asarray(places @ camera[:, :2].T + camera[:, 2])


def _fitted(old: Array, new: Array) -> Array:
    """Returns the similarity that carries places to others, by least squares."""
    rows = np.zeros((2 * len(old), 4))
    rows[0::2] = np.stack([old[:, 0], -old[:, 1], np.ones(len(old)), np.zeros(len(old))], 1)
    rows[1::2] = np.stack([old[:, 1], old[:, 0], np.zeros(len(old)), np.ones(len(old))], 1)
    (a, b, x, y), *_ = np.linalg.lstsq(rows, new.ravel(), rcond=None)
    return np.array([[a, -b, x], [b, a, y]])
