"""Tilts a sound's spectrum around 1 kHz: its top is louder than its bottom, or softer.

One first-order filter, H(s) = (1 + g s) / (g + s) with s in units of 1 kHz and g = 10^(tilt / 40): half of the tilt
below, half above, 0 dB at 1 kHz, and no resonance. It is made digital by the bilinear transform, exact at 1 kHz.
"""

from __future__ import annotations

import numpy as np

from post.sound.varispeed import Fetch
from post.values.array import Array

PIVOT_HZ = 1000.0
FORGOTTEN = 1e-12  # what is left of a sample after the lead of a block


def tilt(fetch: Fetch, tilt_db: float, rate_hz: int) -> Fetch:
    """Returns a function that gives samples first..stop-1 of the tilted sound, float64.

    fetch: gives the sound, also before `first`, which the filter has to have heard. No sample depends on the range that
    is asked for, to FORGOTTEN of full scale.
    """
    now, before, pole = coefficients(tilt_db, rate_hz)
    lead = int(np.ceil(np.log(FORGOTTEN) / np.log(max(abs(pole), 0.1))))

    def tilted(first: int, stop: int) -> Array:
        if stop <= first:
            return fetch(first, stop)
        given = np.asarray(fetch(first - lead - 1, stop), np.float64)
        return _resonate(now * given[1:] + before * given[:-1], pole)[lead:]

    return tilted


def coefficients(tilt_db: float, rate_hz: int) -> tuple[float, float, float]:
    """Returns (b0, b1, p) of y[n] = b0 x[n] + b1 x[n-1] + p y[n-1]."""
    g, k = 10 ** (tilt_db / 40), float(np.tan(np.pi * PIVOT_HZ / rate_hz))
    scale = 1 + g * k
    return (k + g) / scale, (k - g) / scale, (1 - g * k) / scale


def _resonate(pcm: Array, pole: float) -> Array:
    """Returns y[n] = x[n] + pole y[n-1], by doubling: 1 / (1 - p z) is (1 + p z)(1 + p^2 z^2)(1 + p^4 z^4)..."""
    shift, power = 1, pole
    while abs(power) > FORGOTTEN and shift < len(pcm):
        pcm[shift:] = pcm[shift:] + power * pcm[:-shift]
        shift, power = 2 * shift, power * power
    return pcm
