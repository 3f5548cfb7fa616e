"""The speech band of a bed: a band-pass at 2.5 kHz, by which it gives way to the voice.

A bell of -d dB is the sound less (1 - 10^(-d/20)) of this band-pass, so it can come and go by a share without any
change of phase. Source: R. Bristow-Johnson, "Audio EQ Cookbook", band-pass of 0 dB at its middle.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from post.values.array import Array

MIDDLE_HZ, Q = 2500.0, 1.0
STEP = 32  # samples that one product of matrices filters together
STEPS = 200  # steps in one product: few enough that BLAS takes one thread, so that no result depends on their number
FORGOTTEN = 1e-7  # of full scale: below the last bit of float32


def lead_of(rate_hz: int) -> int:
    """Returns how many samples before a block the band-pass has to hear, a whole number of steps."""
    return len(_matrices(rate_hz)[2]) * STEP


def speech_band(pcm: Array, rate_hz: int) -> Array:
    """Returns what of a sound is in the speech band, behind the first `lead_of` samples.

    pcm: (lead + samples, channels) float32, whole steps of STEP. The result is (samples, channels) float32.
    """
    products, entering, jumps = _matrices(rate_hz)
    lead, channels = len(jumps), pcm.shape[1]
    steps = np.ascontiguousarray(pcm.T).reshape(channels, -1, STEP)
    given = np.empty((channels, steps.shape[1] - lead, STEP + 2), np.float32)
    given[:, :, :STEP] = steps[:, lead:]
    left = steps @ entering
    states = np.zeros((channels, steps.shape[1] - lead, 2), np.float32)
    for ago, jump in enumerate(jumps, 1):
        states += left[:, lead - ago : steps.shape[1] - ago] @ jump
    given[:, :, STEP:] = states
    made = np.empty((channels, given.shape[1], STEP), np.float32)
    for first in range(0, given.shape[1], STEPS):
        part = slice(first, first + STEPS)
        np.matmul(given[:, part], products, out=made[:, part])
    return np.asarray(made.reshape(channels, -1).T)


@cache
def _matrices(rate_hz: int) -> tuple[Array, Array, list[Array]]:
    """Returns (samples and state of a step to its output, samples of a step to the state they leave behind, that state
    to the state one step later, two steps later, and so on), float32. Vectors are rows."""
    turn = 2 * np.pi * min(MIDDLE_HZ, 0.4 * rate_hz) / rate_hz
    alpha = np.sin(turn) / (2 * Q)
    b0, a1, a2 = alpha / (1 + alpha), -2 * np.cos(turn) / (1 + alpha), (1 - alpha) / (1 + alpha)
    # Transposed direct form II: y = b0 x + s1, s1' = s2 - a1 y, s2' = -b0 x - a2 y.
    matrix = np.array([[-a1, -a2], [1.0, 0.0]])
    entry, exit_ = np.array([-a1 * b0, -b0 - a2 * b0]), np.array([1.0, 0.0])
    powers = [np.eye(2)]
    while len(powers) <= STEP or np.abs(powers[-1]).max() > FORGOTTEN:
        powers.append(powers[-1] @ matrix)
    impulse = np.array([b0, *(entry @ powers[n] @ exit_ for n in range(STEP - 1))])
    products = np.zeros((STEP + 2, STEP))
    for sample in range(STEP):
        products[sample, sample:] = impulse[: STEP - sample]
        products[STEP:, sample] = powers[sample] @ exit_
    entering = np.array([entry @ powers[n] for n in reversed(range(STEP))])
    later = range(0, len(powers), STEP)
    made = [np.asarray(each, np.float32) for each in (products, entering)]
    return made[0], made[1], [powers[n].astype(np.float32) for n in later]
