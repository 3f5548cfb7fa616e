"""Pans: places a sound from left to right at equal power.

The law is the sine and cosine of W3C Web Audio 1.1, "StereoPannerNode", made 3 dB louder, so that the middle is the
sound as it is: a side gets 0 dB in the middle, +3 dB where the sound is all on that side, and nothing where it is all
on the other. The powers of both sides add up to the same at every place.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from post.sound.channels import speakers_of
from post.values.array import Array
from post.values.speakers import STANDS


@cache
def pan_matrix(pan: float, channels: int) -> Array:
    """Returns a (channels, channels) float64 matrix: `pcm @ matrix` is the sound at that place.

    pan: -1 left to 1 right; 0 is the identity. A sound on both sides of a pair is balanced: each side keeps its own
    channel, louder or softer. A centre moves between C and the left or the right one, 5.1 alone has it. One channel,
    and the LFE, stay.
    """
    matrix = np.eye(channels)
    if pan == 0 or channels == 1:
        return matrix
    speakers = speakers_of(channels)
    turn = (pan + 1) * np.pi / 4
    sides = {"left": np.sqrt(2) * np.cos(turn), "right": np.sqrt(2) * np.sin(turn)}
    for row, name in enumerate(speakers):
        matrix[row, row] = sides.get(STANDS[name].side, 1.0)
    if "FC" in speakers:
        centre, side = speakers.index("FC"), speakers.index("FL" if pan < 0 else "FR")
        matrix[centre, centre], matrix[centre, side] = (
            np.cos(abs(pan) * np.pi / 2),
            np.sin(abs(pan) * np.pi / 2),
        )
    matrix[np.abs(matrix) < 1e-15] = 0.0  # the cosine of a right angle
    return matrix
