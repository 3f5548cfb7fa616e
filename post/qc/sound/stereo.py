"""Measures how left and right of a film's sound go together, and what is lost where they are mixed to mono."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from post.values.array import Array
from post.values.sights.sound import PhaseWindow
from post.values.speakers import Speakers

WINDOW_S, STEP_S = 3, 1
QUIETEST = 10 ** (-50 / 20)  # a side whose level is below this has no phase to speak of
DEEPEST_DB = 60.0  # a loss is no deeper: nothing is left


def measure_phase(pcm: Array, rate_hz: int, speakers: Speakers) -> tuple[PhaseWindow, ...]:
    """Returns the phase of left and right in windows of 3 s, each 1 s; of shorter sound, in all of it.

    pcm: (samples, channels) float. Windows in which a side is silent, and sound without sides, have none.
    """
    if "FL" not in speakers or "FR" not in speakers:
        return ()
    left, right = (pcm[:, speakers.index(name)].astype(np.float64) for name in ("FL", "FR"))
    edges = np.arange(0, len(pcm), STEP_S * rate_hz)
    sums = (
        [np.add.reduceat(product, edges) for product in (left * left, right * right, left * right)]
        if len(pcm)
        else []
    )
    found = list[PhaseWindow]()
    for first in range(max(1, len(edges) - WINDOW_S + 1) if sums else 0):
        stop = min((first + WINDOW_S) * STEP_S * rate_hz, len(pcm))
        lefts, rights, both = (float(each[first : first + WINDOW_S].sum()) for each in sums)
        count = stop - first * STEP_S * rate_hz
        if min(lefts, rights) < QUIETEST**2 * count:
            continue
        mono, mean = (lefts + rights + 2 * both) / 4, (lefts + rights) / 2
        loss = -10 * np.log10(max(mono / mean, 10 ** (-DEEPEST_DB / 10)))
        found.append(
            PhaseWindow(
                Fraction(first * STEP_S),
                Fraction(stop, rate_hz),
                round(both / float(np.sqrt(lefts * rights)), 4),
                round(float(loss), 2),
            )
        )
    return tuple(found)
