"""The mark's error correction: 32 bits and a checksum, convolved, found again by soft decision."""

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
_CRC = 0x2F  # x^8 + x^5 + x^3 + x^2 + x + 1 (AUTOSAR): 3 wrong bits are always seen up to 119 bits


def encode(identifier: int) -> Array:
    """The coded bits of a 32-bit identifier as signs, (LENGTH,) float32 of -1 and 1.

    The shift register starts as it ends (tail-biting): no bits are spent on emptying it.
    """
    info = _bits(identifier << CHECK | _checksum(identifier), INFO)
    ring = np.concatenate([info[-8:], info])
    # A state holds the newest bit first; so does a generator in octal.
    windows = np.lib.stride_tricks.sliding_window_view(ring, 9)[:, ::-1]
    taps = np.array([_bits(tap, 9) for tap in TAPS])
    coded = windows @ taps.T & 1
    return np.asarray(1 - 2 * coded.reshape(-1), np.float32)


def decode(soft: Array) -> tuple[int, bool]:
    """The identifier whose code is nearest to soft signs, and whether its checksum holds.

    soft: (LENGTH,) float, positive where a coded bit is 0; its size says how sure that is.
    """
    bits = _nearest(soft.reshape(INFO, len(TAPS)))
    word = int("".join(map(str, bits)), 2)
    identifier = word >> CHECK
    return identifier, word & ((1 << CHECK) - 1) == _checksum(identifier)


def _nearest(soft: Array) -> list[int]:
    """Viterbi, three times round: by the second, the start no longer matters."""
    before, signs = _trellis()
    score = np.zeros(STATES)
    ways = []
    for step in np.tile(soft, (3, 1)):
        reached = score[before] + signs @ step
        way = reached.argmax(axis=1)
        score = reached[np.arange(STATES), way]
        ways.append(way)
    state, bits = int(score.argmax()), []
    for way in reversed(ways):
        bits.append(state >> 7)
        state = int(before[state, way[state]])
    return bits[::-1][INFO : 2 * INFO]


@cache
def _trellis() -> tuple[Array, Array]:
    """For each state: the two it is reached from, (STATES, 2), and the signs sent on the way, (STATES, 2, 4)."""
    state = np.arange(STATES)[:, None]
    dropped = np.arange(2)[None]
    before = (state << 1 | dropped) & (STATES - 1)
    register = state << 1 | dropped  # nine bits, the newest first
    parity = [[(int(r) & tap).bit_count() & 1 for tap in TAPS] for r in register.ravel()]
    return before, 1.0 - 2.0 * np.array(parity).reshape(STATES, 2, len(TAPS))


def _bits(number: int, count: int) -> Array:
    return np.array([number >> place & 1 for place in reversed(range(count))])


def _checksum(identifier: int) -> int:
    rest = 0xFF
    for byte in identifier.to_bytes(4, "big"):
        rest ^= byte
        for _ in range(8):
            rest = (rest << 1 ^ _CRC if rest & 0x80 else rest << 1) & 0xFF
    return rest
