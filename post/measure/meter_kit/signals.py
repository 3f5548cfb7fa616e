"""Computes the signals of EBU Tech 3341 and 3342, at any rate, by the parameters that the texts give."""

from __future__ import annotations

import numpy as np

from post.values.array import Array

RATE = 48000
FINE = 4  # cases 20 to 23 are made at this many times the rate
TAPS = 1023  # of the low-pass that goes with it
# Its cut-off, of the final rate: 20 kHz at 48 kHz.
PASSED = 20 / 48


def tone(
    level_db: float,
    seconds: float,
    *,
    hz: float = 1000.0,
    rate: int = RATE,
    degrees: float = 0.0,
    first: int = 0,
) -> Array:
    """Returns a sine of that peak level, (samples, 1) float64, its phase counted from sample -first."""
    n = np.arange(round(seconds * rate)) + first
    made: Array = 10 ** (level_db / 20) * np.sin(2 * np.pi * hz * n / rate + np.deg2rad(degrees))
    return made[:, None]


def sequence(*parts: tuple[float | None, float], rate: int = RATE, channels: int = 2) -> Array:
    """Returns 1 kHz in all channels, in parts of (dBFS or None for silence, seconds), without a break in phase."""
    made, first = list[Array](), 0
    for level_db, seconds in parts:
        samples = round(seconds * rate)
        length = samples / rate
        made.append(
            np.zeros((samples, 1)) if level_db is None else tone(level_db, length, rate=rate, first=first)
        )
        first += samples
    return np.repeat(np.concatenate(made), channels, axis=1)


def tapered(pcm: Array, rate: int = RATE) -> Array:
    """Returns sound with fades of 10 ms, which Tech 3341 asks for in true-peak signals."""
    n = rate // 100
    ramp = (0.5 - 0.5 * np.cos(np.pi * np.arange(n) / n))[:, None]
    held = pcm.copy()
    held[:n] *= ramp
    held[-n:] *= ramp[::-1]
    return held


def spliced(offset: int, rate: int = RATE) -> Array:
    """Returns Tech 3341 cases 20 to 23: one period of fs/4 at full scale in a tone of fs/6 at half, made at 4 fs,
    low-passed and decimated from `offset`. True peak 0 dBTP, sample peaks well below. (samples, 2) float64."""
    fine = FINE * rate
    k = fine // 2 // 24 * 24
    low = 0.5 * np.sin(2 * np.pi * np.arange(fine) / 24)
    burst = np.sin(2 * np.pi * np.arange(16) / 16)
    made = tapered(np.concatenate([low[:k], burst, low[k:]])[:, None], fine)[:, 0]
    return np.repeat(_low_passed(made)[offset::FINE][:, None], 2, axis=1)


def _low_passed(made: Array) -> Array:
    """Returns sound at FINE times the rate, cut off at PASSED of the rate, without delay."""
    n = np.arange(TAPS) - TAPS // 2
    taps = np.sinc(2 * PASSED / FINE * n) * np.kaiser(TAPS, 8.6)
    size = 1 << (len(made) + TAPS).bit_length()
    passed = np.fft.irfft(np.fft.rfft(made, size) * np.fft.rfft(taps / taps.sum(), size), size)
    return np.asarray(passed[TAPS // 2 :][: len(made)])
