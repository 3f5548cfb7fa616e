"""Reads the figures of a case with this project's own meter."""

from __future__ import annotations

import numpy as np

from post.measure.meter_kit.cases import KitCase
from post.sound.meter import Meter
from post.values.array import Array

# A window is full from here on, in seconds: cases 9 and 12 of Tech 3341 say "after 3 s" and "after 1 s".
FULL_S = {"min_momentary_lufs": 1.0, "min_short_term_lufs": 3.0}


def read_case(case: KitCase, pcm: Array, rate_hz: int) -> dict[str, float | None]:
    """Returns what our meter reads of a case's signal, for each figure that is expected of it."""
    meter = Meter(rate_hz, case.speakers, peaks=case.peaks)
    meter.add(pcm)
    found = meter.read()
    times, momentary, short_term = meter.curve()
    curves = {"min_momentary_lufs": momentary, "min_short_term_lufs": short_term}
    read = dict[str, float | None]()
    for each in case.expected:
        if each.figure in curves:
            full = curves[each.figure][times >= FULL_S[each.figure]]
            # A window without any sound is not steady: it has no level, and reads as none.
            read[each.figure] = float(full.min()) if len(full) and np.isfinite(full).all() else None
        else:
            read[each.figure] = getattr(found, each.figure)
    return read
