"""What a look-ahead stage takes off: in each place at least what is needed there, and smooth around it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from post.sound.pcm import split_blocks
from post.values.array import Array

NOTHING_DB = 0.001
PART = 1 << 18  # steps


@dataclass(frozen=True, slots=True)
class LookAhead:
    """How a stage moves. look_s: it is down this long before a peak, and stays for as long after it; release_s: then
    the reduction in dB falls to 1/e in this time."""

    look_s: float
    release_s: float


def stage_reduction(needed_db: Array, stage: LookAhead, steps_a_second: float) -> Array:
    """Returns the reduction in dB, (steps,) float32, everywhere at least `needed_db`, which is (steps,), 0 or more.

    It is computed in parts of a minute and a half, each with what lies around it as far as it matters.
    """
    reach = 2 * max(1, round(stage.look_s * steps_a_second / 2))  # even: both boxes have a middle
    release = stage.release_s * steps_a_second
    reduction = np.zeros(len(needed_db), np.float32)
    if not len(needed_db):
        return reduction
    before = 2 * reach + math.ceil(release * math.log(max(1.0, float(needed_db.max()) / NOTHING_DB)))
    for first, stop in split_blocks(len(needed_db), PART):
        low, high = max(0, first - before), min(len(needed_db), stop + 2 * reach)
        needed = needed_db[low:high].astype(np.float64)
        if needed.any():
            reduction[first:stop] = _reduction(needed, reach, release)[first - low : stop - low]
    return reduction


def _reduction(needed_db: Array, reach: int, release: float) -> Array:
    held = _released(highest(needed_db, reach), release)
    # Two boxes of reach + 1 average over +-reach, where every value is at least what the middle needs.
    for _ in range(2):
        held = mean(held, reach // 2)
    return np.where(held > NOTHING_DB, np.maximum(held, needed_db), 0)


def highest(values: Array, reach: int) -> Array:
    """Returns the highest of each value and the `reach` values on both sides of it.

    Source: M. van Herk 1992: running maxima, forward and backward, in blocks as long as the window; two of them
    cover any window. (SciPy has it, but importing SciPy takes longer than limiting a film.)
    """
    window = 2 * reach + 1
    short = -(len(values) + 2 * reach) % window
    blocks = np.pad(values, (reach, reach + short), mode="edge").reshape(-1, window)
    forward = np.maximum.accumulate(blocks, axis=1).reshape(-1)
    backward = np.maximum.accumulate(blocks[:, ::-1], axis=1)[:, ::-1].reshape(-1)
    return np.asarray(np.maximum(backward[: len(values)], forward[window - 1 :][: len(values)]))


def mean(values: Array, reach: int) -> Array:
    """Returns the mean of each value and the `reach` values on both sides; values at the ends are repeated."""
    window = 2 * reach + 1
    sums = np.cumsum(np.pad(values, (reach + 1, reach), mode="edge"))
    return np.asarray((sums[window:] - sums[:-window]) / window)


def _released(held_db: Array, steps: float) -> Array:
    """Returns the larger of each value and the exponentially decayed earlier ones.

    max over k <= n of held[k] * exp(-(n - k) / steps): a running maximum once in the log domain.
    """
    age = np.arange(len(held_db)) / steps
    with np.errstate(divide="ignore"):
        return np.asarray(np.exp(np.maximum.accumulate(np.log(held_db) + age) - age))
