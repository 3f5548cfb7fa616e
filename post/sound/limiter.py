"""A look-ahead true-peak limiter for finished sound: no delay, the same length, one gain for all channels.

It works in two stages. The fast one takes the first 12 dB of what a peak needs. The slow one takes the rest, and the
sound around goes down and up with it: a limiter that takes 20 dB within milliseconds is heard as a hole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.sound.dynamics.cells import cell_samples, peak_cells
from post.sound.dynamics.gain_curve import GainCurve
from post.sound.dynamics.reduction import LookAhead, stage_reduction
from post.sound.pcm import gain_factor
from post.values.array import Array

# 5 ms each way: two peaks of 50 Hz fit in the window, so bass is turned down without distortion.
FAST = LookAhead(look_s=0.005, release_s=0.08)
SLOW = LookAhead(look_s=0.05, release_s=0.3)
MOST_FAST_DB = 12.0
MARGIN_DB = 0.01  # the aim lies this far below the ceiling wherever the limiter reduces
PASSES = 6


@dataclass(frozen=True, slots=True)
class Limited:
    """A gain that holds peaks. reduction_db: its largest; slow_db: that of its slow stage."""

    curve: GainCurve
    reduction_db: float = 0.0
    slow_db: float = 0.0


def limit(pcm: Array, rate_hz: int, ceiling_dbtp: float) -> tuple[Array, float]:
    """Returns the sound with no true peak above the ceiling, and the largest reduction in dB.

    pcm: (samples, channels) float, any level. The result has its length and dtype; it is the same array where
    nothing was above the ceiling.
    """
    held, reduction_db, rest_db = pcm, 0.0, 0.0
    cells = peak_cells(pcm, rate_hz)
    excess_db = np.zeros(len(cells), np.float32)
    for trial in range(PASSES + 1):
        over_db = over(cells, ceiling_dbtp)
        if not over_db.any():
            break
        if trial == PASSES:
            rest_db = float(over_db.max())
            held = (held * gain_factor(-rest_db)).astype(pcm.dtype, copy=False)
            break
        # A changing gain alters the waveform between samples a little: peaks still above are limited again.
        excess_db += over_db
        limited = hold_peaks(excess_db, rate_hz)
        held, reduction_db = limited.curve.apply(pcm, 0), limited.reduction_db
        cells = peak_cells(held, rate_hz)
    return held, reduction_db + rest_db


def over(cells: Array, ceiling_dbtp: float, added_db: Array | None = None) -> Array:
    """Returns how far each cell's peak has to come down, in dB, float32: 0 where it is under the ceiling.

    cells: true peaks, (cells,) float; added_db: what will be added to each.
    """
    if added_db is not None and added_db.any():
        cells = cells * 10 ** (added_db / 20)
    ceiling = gain_factor(ceiling_dbtp)
    over_db = np.zeros(len(cells), np.float32)
    above = np.flatnonzero(cells > ceiling)
    over_db[above] = 20 * np.log10(cells[above] / ceiling) + MARGIN_DB
    return over_db


def hold_peaks(excess_db: Array, rate_hz: int, gain_db: float = 0.0) -> Limited:
    """Returns the gain that takes at least its excess off each cell.

    excess_db: (cells,) float, 0 or more; gain_db: a fixed gain, which the curve gets as well.
    """
    steps_a_second = rate_hz / cell_samples(rate_hz)
    # The gain is straight between the edges of a cell: both take off what the cell needs.
    needed = np.zeros(len(excess_db) + 1, np.float32)
    needed[:-1] = excess_db
    np.maximum(needed[1:], excess_db, out=needed[1:])
    slow = stage_reduction(np.maximum(needed - MOST_FAST_DB, 0), SLOW, steps_a_second)
    fast = stage_reduction(np.maximum(needed - slow, 0), FAST, steps_a_second)
    both = slow + fast
    edges = (10 ** (both.astype(np.float64) / -20)).astype(np.float32)
    most = [float(stage.max(initial=0)) for stage in (both, slow)]
    return Limited(GainCurve(edges, rate_hz, gain_factor(gain_db)), *most)
