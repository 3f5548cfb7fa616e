"""A path that passes each attack at the source's own speed, so that windows do not smear it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from post.values.array import Array

# Rising output samples -> source positions, float64.
Course = Callable[[Array], Array]
# Half windows on each side of an attack in which the time that it takes is made up for, and the most of them, at .1x:
# in fewer, windows beside it would hold the attack too, and it would be heard again.
SPREAD, FAR = 4, 40
NEAR = 0.98
STOPPED = 1e-9
FARTHEST = 1e12  # samples


class Attacks(NamedTuple):
    """Attacks that a path passes, by output sample (rising), source sample, and 1 or -1 for its direction there."""

    at: Array
    place: Array
    turn: Array


def speeds_of(course: Course, samples: Array) -> Array:
    """Returns the speed at output samples, below 0 where the course runs backwards."""
    ends = course(np.stack([samples - 0.5, samples + 0.5], axis=1).ravel()).reshape(-1, 2)
    return np.asarray(ends[:, 1] - ends[:, 0])


class AttackPath:
    """A course with its attacks at their places.

    Within `half` samples of an attack the source is read at its own speed, and beside that the rest is made up for.
    found: the attacks, as the exact map passes them; the course may differ from it, by those of other windows.
    """

    def __init__(self, course: Course, found: Attacks, half: int) -> None:
        self._course, self._found = course, found
        if not len(found.at):
            return
        # Far, but not infinite: where the map stands still, its share of that would be no number.
        room = np.diff(found.at, prepend=found.at[0] - FARTHEST, append=found.at[-1] + FARTHEST) / 2
        left, right = room[:-1], room[1:]
        speed = np.abs(speeds_of(course, found.at))
        reach = half * np.clip(2 / np.maximum(speed, STOPPED), SPREAD, FAR / 2)
        # Where two attacks are near, each has its half of the time and of the sound between them.
        share = NEAR * np.minimum(speed, 1)
        self._spans = np.stack(
            [-np.minimum(reach, left), -np.minimum(half, share * left),
             np.minimum(half, share * right), np.minimum(reach, right)], axis=1,
        )  # fmt: skip
        marks = (found.at[:, None] + self._spans).ravel()
        own = found.place[:, None] + found.turn[:, None] * self._spans
        moved = own - course(marks).reshape(own.shape)
        moved[:, [0, 3]] = 0.0
        self._marks, self._moved = marks, moved.ravel()

    def __call__(self, samples: Array) -> Array:
        """Returns source positions at rising output positions, float64, both in samples."""
        return self.read(samples)[0]

    def read(self, samples: Array) -> tuple[Array, Array]:
        """Returns source positions at rising output positions, and whether each lies within an attack."""
        places, found = self._course(samples), self._found
        if not len(found.at):
            return places, np.zeros(len(samples), bool)
        near = np.searchsorted((found.at[1:] + found.at[:-1]) / 2, samples)
        away = samples - found.at[near]
        within = (away >= self._spans[near, 1]) & (away <= self._spans[near, 2])
        # Rounded once for an attack, so that all windows put it on the same sample.
        kept = found.place[near] + found.turn[near] * (samples - np.round(found.at[near]))
        beside = places + np.interp(samples, self._marks, self._moved)
        return np.where(within, kept, beside), within


def passed(course: Course, onsets: Array, grid: Array) -> Attacks:
    """Returns the attacks that a course passes between the samples of a grid. onsets: source samples, rising."""
    along = course(grid.astype(np.float64))
    low, high = np.minimum(along[:-1], along[1:]), np.maximum(along[:-1], along[1:])
    from_, to = np.searchsorted(onsets, low), np.searchsorted(onsets, high)
    steps = np.repeat(np.arange(len(low)), to - from_)
    within = [onset for i, j in zip(from_, to, strict=True) if j > i for onset in onsets[i:j]]
    place, run = np.array(within, np.float64), np.diff(along)[steps]
    at = grid[:-1][steps] + (place - along[:-1][steps]) / run * np.diff(grid)[steps]
    order = np.argsort(at, kind="stable")
    return Attacks(at[order], place[order], np.sign(run)[order])
