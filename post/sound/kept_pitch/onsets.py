"""Finds attacks: the samples where something strikes."""

from __future__ import annotations

import numpy as np

from post.sound.kept_pitch.separation import SplitSound
from post.sound.varispeed import Fetch
from post.values.array import Array

STEP_S = 0.001  # energy is compared in steps of this
BEFORE, AFTER = 12, 6  # steps that an attack stands out from, and that it is the loudest of
RISE = 10.0  # as power
FLOOR = 1e-9  # power of a step that is not heard, -90 dB
MARGIN = 64  # steps
# A strong attack is this much louder after it than before it, over so many steps.
LOUDER, JUST_BEFORE, JUST_AFTER = 8.0, 25, 15
HEARD = 1e-7  # power, -70 dB
BLOCK = 2000  # steps that are looked at together
STEEP = 0.5  # an attack is where its sound first reaches this part of its peak


def find_onsets(source: SplitSound, first: int, stop: int) -> Array:
    """Returns the attacks among source samples first..stop-1, rising, int64. They do not depend on the range."""
    step = max(1, round(STEP_S * source.rate_hz))
    low, high = first // step - MARGIN, -(-stop // step) + MARGIN
    sound = np.abs(source.read(low * step, high * step)[1]).max(axis=1)
    power = (sound.reshape(-1, step) ** 2).mean(axis=1, dtype=np.float64) + FLOOR
    around = np.lib.stride_tricks.sliding_window_view(power, BEFORE + 1 + AFTER)
    now, before = around[:, BEFORE], around[:, :BEFORE].mean(axis=1)
    found = (now > RISE * before) & (now >= around.max(axis=1))
    steps = np.flatnonzero(found) + BEFORE
    places = [_steepest(sound, int(each), step) + low * step for each in steps]
    return np.unique([place for place in places if first <= place < stop]).astype(np.int64)


def _steepest(sound: Array, number: int, step: int) -> int:
    """Returns the sample at which the sound of a step, and those beside it, rises to its peak."""
    first = (number - 2) * step
    near = sound[first : (number + 1) * step]
    return first + int(np.argmax(near >= STEEP * near.max()))


def find_attacks(fetch: Fetch, first: int, stop: int, rate_hz: int) -> Array:
    """Returns where a source suddenly gets much louder, of its samples first..stop-1, rising, int64.

    Their places do not depend on the range.
    """
    step = max(1, round(STEP_S * rate_hz))
    found = list[int]()
    for number in range(first // (BLOCK * step), (stop - 1) // (BLOCK * step) + 1):
        low = number * BLOCK - MARGIN
        sound = np.abs(np.asarray(fetch(low * step, (low + BLOCK + 2 * MARGIN) * step))).max(axis=1)
        power = (sound.reshape(-1, step) ** 2).mean(axis=1, dtype=np.float64) + FLOOR
        total = np.concatenate([[0.0], np.cumsum(power)])
        at = np.arange(JUST_BEFORE, len(power) - JUST_AFTER)
        after = (total[at + JUST_AFTER] - total[at]) / JUST_AFTER
        rise = after / ((total[at] - total[at - JUST_BEFORE]) / JUST_BEFORE)
        around = np.lib.stride_tricks.sliding_window_view(np.pad(rise, JUST_BEFORE), 2 * JUST_BEFORE + 1)
        steps = at[(rise > LOUDER) & (after > HEARD) & (rise >= around.max(axis=1))]
        own = steps[(steps >= MARGIN) & (steps < MARGIN + BLOCK)]
        found += [_reached(sound, int(each), step) + low * step for each in own]
    return np.unique([place for place in found if first <= place < stop]).astype(np.int64)


def _reached(sound: Array, number: int, step: int) -> int:
    """Returns the sample at which the sound from a step on first reaches a part of its peak."""
    first = (number - 1) * step
    near = sound[first : (number + JUST_AFTER) * step]
    return first + int(np.argmax(near >= STEEP / 2 * near.max()))
