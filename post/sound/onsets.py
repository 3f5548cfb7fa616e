"""Finds attacks: the samples where something strikes."""

from __future__ import annotations

import numpy as np

from post.sound.separation import SplitSound
from post.values.array import Array

STEP_S = 0.001  # energy is compared in steps of this
BEFORE, AFTER = 12, 6  # steps that an attack stands out from, and that it is the loudest of
RISE = 10.0  # as power
FLOOR = 1e-9  # power of a step that is not heard, -90 dB
MARGIN = 64  # steps
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
