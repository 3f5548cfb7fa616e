"""Silences sound where its picture stands still: tape that stops is not heard, and no grain of sound is held."""

from __future__ import annotations

import numpy as np

from post.sound.varispeed import Path
from post.values.array import Array

HEARD_FROM = 0.1  # the slowest speed at which sound has its full level
FADE_S = 0.005


def heard_gain(path: Path, first: int, stop: int, rate_hz: int) -> Array | None:
    """Returns the gain of output samples first..stop-1, (stop - first,) float64; None where it is 1 throughout.

    It follows the speed below HEARD_FROM, and is 0 before the path stands still, so that no held sample is heard. It
    does not depend on the range.
    """
    fade = max(1, round(FADE_S * rate_hz))
    margin = 2 * fade
    edges = np.arange(first - margin, stop + margin + 1) - 0.5
    speed = np.abs(np.diff(path(edges)))
    if speed.min() >= HEARD_FROM - 1e-9:
        return None
    share = np.clip(speed / HEARD_FROM, 0, 1)
    lowest = np.lib.stride_tricks.sliding_window_view(share, 2 * fade + 1).min(axis=1)
    shape = np.hanning(2 * fade + 3)[1:-1]
    gain = np.convolve(lowest, shape / shape.sum(), "valid")
    return np.asarray(np.where(speed[margin:-margin] > 0, np.clip(gain, 0, 1), 0.0))
