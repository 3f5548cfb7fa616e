"""The loudspeaker of each channel, its weight in loudness, and conversion between layouts.

Channels come in the order of WAVE and FFmpeg: L R C LFE Ls Rs.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from post.errors import SourceError
from post.values.array import Array

# By number of channels. M is a lone channel: it has no loudspeaker of its own.
LAYOUTS: dict[int, tuple[str, ...]] = {
    1: ("M",),
    2: ("L", "R"),
    3: ("L", "R", "C"),
    4: ("L", "R", "Ls", "Rs"),
    5: ("L", "R", "C", "Ls", "Rs"),
    6: ("L", "R", "C", "LFE", "Ls", "Rs"),
}

# BS.1770-5 Annex 1, Table 3 (G = 1.41, about +1.5 dB, for the surrounds; the LFE is not measured).
WEIGHTS = {"M": 1.0, "L": 1.0, "R": 1.0, "C": 1.0, "LFE": 0.0, "Ls": 1.41, "Rs": 1.41}

HALF_POWER = 0.7071  # as BS.775-4 Annex 4, Table 2 writes it
# The share of each source channel in each speaker of a smaller layout: BS.775-4 Annex 4, Table 2. It has
# no LFE, so none is mixed in. (FFmpeg's -ac 2 differs from itself by 7.65 dB between float and 16 bit.)
# A lone channel goes to both at its own level: a mono file is dual mono, as editors and broadcasters
# use it. The 3 dB that BS.775 takes off is for a centre channel that was mixed against L and R.
STEREO = {
    "L": {"L": 1.0, "C": HALF_POWER, "Ls": HALF_POWER, "M": 1.0},
    "R": {"R": 1.0, "C": HALF_POWER, "Rs": HALF_POWER, "M": 1.0},
}
MONO = {"M": {"M": 1.0, "L": HALF_POWER, "R": HALF_POWER, "C": 1.0, "Ls": 0.5, "Rs": 0.5}}
# A wider layout adds no sound: each channel keeps its speaker, and a lone one goes to the centre.
SURROUND = {name: {name: 1.0} for name in LAYOUTS[6]} | {"C": {"C": 1.0, "M": 1.0}}
TARGETS = {1: MONO, 2: STEREO, 6: SURROUND}


def speakers_of(channels: int, where: str = "sound") -> tuple[str, ...]:
    """Returns the speakers of a number of channels. Raises SourceError where there is no such layout."""
    if channels not in LAYOUTS:
        raise SourceError(
            "no layout for that many channels", where=where, expected="1 to 6", got=channels,
            fix="mix it down to 5.1 or stereo first",
        )  # fmt: skip
    return LAYOUTS[channels]


def loudness_weights(channels: int, where: str = "sound") -> Array:
    """Returns the weight of each channel's power in loudness, (channels,) float64."""
    return np.array([WEIGHTS[name] for name in speakers_of(channels, where)])


@cache
def mix_matrix(given: int, wanted: int, where: str = "sound") -> Array:
    """Returns a (given, wanted) float64 matrix: `pcm @ matrix` is the same sound in the other layout.

    wanted: 1, 2 or 6. Raises SourceError for an unknown layout.
    """
    source, target = speakers_of(given, where), TARGETS[wanted]
    rows = [[target[speaker].get(name, 0.0) for speaker in speakers_of(wanted)] for name in source]
    return np.array(rows)
