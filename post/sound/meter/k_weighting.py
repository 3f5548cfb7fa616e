"""K-weighting: the two filters of BS.1770-5 Annex 1, at any rate, over sound that comes in blocks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from post.values.array import Array

STEP = 40  # samples that one matrix product filters together
# Steps in one product: few enough that BLAS takes one thread. More threads cost more CPU time than they save, and a
# result that depends on their number.
STEPS = 50
STATES = 4
# A filter state below this is silence: it dies away into denormal numbers otherwise, which are 40 times slower.
NOTHING = 1e-30


@dataclass(frozen=True)
class _Matrices:
    """What a step multiplies by. products: samples and states to filtered samples; entering: samples to the states
    they leave behind; jumps: states to those (steps, later); rest: what is left of a second after its whole steps, as
    (states to later states, samples to states)."""

    products: Array
    entering: Array
    jumps: tuple[tuple[int, Array], ...]
    rest: tuple[Array, Array]


class KFilter:
    """Filters the channels of a sound, second by second. The state after each second stays in it.

    Each step of STEP samples is one matrix product: of its samples and the four states of the filter before it. The
    states before all steps come from a running sum over powers of the state matrix, so no loop goes over samples.
    """

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._rate_hz = rate_hz
        self._matrices = _matrices(rate_hz)
        steps = -(-rate_hz // (STEP * STEPS)) * STEPS
        self._given = np.zeros((channels, steps, STEP + STATES))
        self._states = np.zeros((channels, steps + 1, STATES))
        self._made = np.empty((channels, steps // STEPS, STEPS, STEP))
        self._state = np.zeros((channels, STATES))

    def second(self, pcm: Array) -> Array:
        """Returns a second of sound filtered, (channels, samples) float64, valid until the next call.

        pcm: (samples, channels) float, as many samples as the rate has in a second.
        """
        heard = self.last(pcm)
        whole = self._rate_hz // STEP
        state = self._states[:, whole]
        if rest := self._rate_hz % STEP:
            jump, entering = self._matrices.rest
            state = state @ jump + self._given[:, whole, :rest] @ entering
        self._state = np.where(np.abs(state) < NOTHING, 0.0, state)
        return heard

    def last(self, pcm: Array) -> Array:
        """Returns as `second` does, for a second or less, and leaves the state as it was."""
        matrices = self._matrices
        samples, whole = len(pcm), len(pcm) // STEP
        steps = self._given[:, :, :STEP]
        steps[:, :whole] = pcm[: whole * STEP].T.reshape(len(steps), whole, STEP)
        steps[:, whole:] = 0
        if samples > whole * STEP:
            steps[:, whole, : samples - whole * STEP] = pcm[whole * STEP :].T
        states = self._states
        states[:, 0] = self._state
        np.matmul(steps, matrices.entering, out=states[:, 1:])
        for reach, jump in matrices.jumps:
            states[:, reach:] += states[:, :-reach] @ jump
        self._given[:, :, STEP:] = states[:, :-1]
        channels = len(states)
        np.matmul(self._given.reshape(channels, -1, STEPS, STEP + STATES), matrices.products, out=self._made)
        return np.asarray(self._made.reshape(channels, -1)[:, :samples])


@cache
def _matrices(rate_hz: int) -> _Matrices:
    """Returns the matrices of the filters at a rate. Vectors are rows, so that later steps multiply on the right."""
    matrix, entry, exit_, through = _state_space(k_weighting(rate_hz))
    powers = [np.eye(STATES)]
    for _ in range(STEP):
        powers.append(powers[-1] @ matrix)
    impulse = np.array([through, *(entry @ powers[n] @ exit_ for n in range(STEP - 1))])
    products = np.zeros((STEP + STATES, STEP))
    for sample in range(STEP):
        products[sample, sample:] = impulse[: STEP - sample]
        products[STEP:, sample] = powers[sample] @ exit_
    jumps, reach, jump = list[tuple[int, Array]](), 1, powers[STEP]
    while reach * STEP < rate_hz + STEP * STEPS:
        jumps.append((reach, jump))
        reach, jump = 2 * reach, jump @ jump
    rest = rate_hz % STEP
    entering = np.array([entry @ powers[n] for n in reversed(range(STEP))])
    return _Matrices(products, entering, tuple(jumps), (powers[rest], entering[STEP - rest :]))


def _state_space(sections: Array) -> tuple[Array, Array, Array, float]:
    """Returns (states to states, sample to states, states to sample, sample to sample) of two sections in a row."""
    first, second = (_transposed(section) for section in sections)
    matrix = np.zeros((STATES, STATES))
    matrix[:2, :2], matrix[2:, 2:] = first[0], second[0]
    matrix[:2, 2:] = np.outer(first[2], second[1])
    entry = np.concatenate([first[1], first[3] * second[1]])
    exit_ = np.concatenate([second[3] * first[2], second[2]])
    return matrix, entry, exit_, first[3] * second[3]


def _transposed(section: Array) -> tuple[Array, Array, Array, float]:
    """Returns one section in transposed direct form II, as `_state_space` does."""
    b0, b1, b2, _, a1, a2 = (float(value) for value in section)
    matrix = np.array([[-a1, -a2], [1.0, 0.0]])
    return matrix, np.array([b1 - a1 * b0, b2 - a2 * b0]), np.array([1.0, 0.0]), b0


def k_weighting(rate_hz: int) -> Array:
    """Returns the two filters of BS.1770-5 Annex 1 at any rate, (2, 6) float64 second-order sections.

    The text gives coefficients at 48 kHz only (Tables 1 and 2). These are the analogue prototypes they
    come from, put through the bilinear transform; at 48 kHz they are the tables to 1e-14.
    Source: B. De Man, "Evaluation of implementations of the EBU R128 loudness measurement", AES 145.
    """
    shelf = _shelf(np.tan(np.pi * 1681.974450955533 / rate_hz), 3.999843853973347, 0.7071752369554196)
    rumble = _high_pass(np.tan(np.pi * 38.13547087602444 / rate_hz), 0.5003270373238773)
    return np.array([shelf, rumble])


def _shelf(k: float, boost_db: float, q: float) -> list[float]:
    high = 10 ** (boost_db / 20)
    middle = high**0.4996667741545416
    scale = 1 + k / q + k * k
    zeros = [high + middle * k / q + k * k, 2 * (k * k - high), high - middle * k / q + k * k]
    poles = [scale, 2 * (k * k - 1), 1 - k / q + k * k]
    return [value / scale for value in zeros + poles]


def _high_pass(k: float, q: float) -> list[float]:
    scale = 1 + k / q + k * k
    return [1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / scale, (1 - k / q + k * k) / scale]
