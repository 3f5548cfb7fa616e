"""Corrects errors in a watermark's bits: 32 bits and a checksum, convolved, decoded from soft values."""

from __future__ import annotations

from functools import cache

import numpy as np

from post.values.array import Array

BITS, CHECK = 32, 8
INFO = BITS + CHECK
STATES = 1 << 8
# Rate 1/4, constraint length 9, free distance 24. Source: J. Proakis, Digital Communications, table 8-2-3.
TAPS = (0o463, 0o535, 0o733, 0o745)
LENGTH = INFO * len(TAPS)
_CRC = 0x2F  # x^8 + x^5 + x^3 + x^2 + x + 1 (AUTOSAR): it detects any 3 wrong bits in up to 119 bits


def encode(identifier: int) -> Array:
    """Returns the coded bits of a 32-bit identifier as signs, (LENGTH,) float32: 1 for a bit of 0, -1 for a bit of 1.

    The shift register starts in the state in which it ends (tail-biting), so no bits are spent on emptying it.
    """
    info = _to_bits(identifier << CHECK | _checksum(identifier), INFO)
    ring = np.concatenate([info[-8:], info])
    # A state holds the newest bit first, and so does a generator in octal.
    windows = np.lib.stride_tricks.sliding_window_view(ring, 9)[:, ::-1]
    taps = np.array([_to_bits(tap, 9) for tap in TAPS])
    coded = windows @ taps.T & 1
    return np.asarray(1 - 2 * coded.reshape(-1), np.float32)


def decode(soft: Array) -> tuple[int, bool]:
    """Returns the identifier whose code is nearest to soft values, and whether its checksum is right.

    soft: (LENGTH,) float, positive where a coded bit is likely 0; the larger, the likelier.
    """
    bits = _viterbi(soft.reshape(INFO, len(TAPS)))
    word = int("".join(map(str, bits)), 2)
    identifier = word >> CHECK
    return identifier, word & ((1 << CHECK) - 1) == _checksum(identifier)


def _viterbi(soft: Array) -> list[int]:
    """Returns the likeliest INFO bits. Goes round the ring three times; the second has no influence of the start."""
    before, signs = _trellis()
    score = np.zeros(STATES)
    choices = []
    for step in np.tile(soft, (3, 1)):
        reached = score[before] + signs @ step
        choice = reached.argmax(axis=1)
        score = reached[np.arange(STATES), choice]
        choices.append(choice)
    state, bits = int(score.argmax()), []
    for choice in reversed(choices):
        bits.append(state >> 7)
        state = int(before[state, choice[state]])
    return bits[::-1][INFO : 2 * INFO]


@cache
def _trellis() -> tuple[Array, Array]:
    """Returns for each state the two states before it, (STATES, 2), and the signs sent on the way, (STATES, 2, 4)."""
    state = np.arange(STATES)[:, None]
    dropped = np.arange(2)[None]
    before = (state << 1 | dropped) & (STATES - 1)
    register = state << 1 | dropped  # nine bits, the newest first
    parity = [[(int(r) & tap).bit_count() & 1 for tap in TAPS] for r in register.ravel()]
    return before, 1.0 - 2.0 * np.array(parity).reshape(STATES, 2, len(TAPS))


def _to_bits(number: int, count: int) -> Array:
    """Returns a number's lowest bits, the highest of them first, (count,) int."""
    return np.array([number >> place & 1 for place in reversed(range(count))])


def _checksum(identifier: int) -> int:
    rest = 0xFF
    for byte in identifier.to_bytes(4, "big"):
        rest ^= byte
        for _ in range(8):
            rest = (rest << 1 ^ _CRC if rest & 0x80 else rest << 1) & 0xFF
    return rest
