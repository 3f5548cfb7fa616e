"""The weight of each channel in loudness, and conversion between layouts of loudspeakers."""

from __future__ import annotations

from functools import cache

import numpy as np

from post.errors import SourceError
from post.values.array import Array
from post.values.speakers import BY_COUNT, LONE, STANDS, Ring, Speakers, Stand, W, Y

# BS.1770-5 Annex 1, Table 4: +1.5 dB from 60 to 120 degrees at the height of the ears; the LFE is not measured.
WEIGHTS: dict[Ring, float] = {"side": 1.41, "low": 0.0}

HALF_POWER = 0.7071  # as BS.775-4 Annex 4, Table 2 writes it
# What one side of stereo gets of a loudspeaker on that side, and of one in the middle: BS.775-4 Annex 4, Table 2
# (L and R whole, C and surrounds at -3 dB, a single surround at half, no LFE). What it does not know, such as
# heights, is mixed in as surrounds are. (FFmpeg's -ac 2 differs from itself by 7.65 dB between float and 16 bit.)
FRONT = (1.0, HALF_POWER)
AROUND = (HALF_POWER, 0.5)
LEFT_OUT = (0.0, 0.0)
SHARES: dict[Ring, tuple[float, float]] = {"front": FRONT, "low": LEFT_OUT, "sphere": LEFT_OUT}
# Two cardioids that look left and right, from ACN order and SN3D normalisation (AmbiX).
CARDIOIDS = {W: (0.5, 0.5), Y: (0.5, -0.5)}


def speakers_of(channels: int, where: str = "sound") -> Speakers:
    """Returns the speakers of a number of channels. Raises SourceError where there is no such layout."""
    if channels not in BY_COUNT:
        raise SourceError(
            "no layout for that many channels", where=where, expected=f"1 to {max(BY_COUNT)}", got=channels,
            fix="mix it down to 5.1 or stereo first",
        )  # fmt: skip
    return BY_COUNT[channels]


def loudness_weights(speakers: Speakers) -> Array:
    """Returns the weight of each channel's power in loudness, (channels,) float64."""
    return np.array([WEIGHTS.get(_stand(name).ring, 1.0) for name in speakers])


def is_ambisonic(speakers: Speakers) -> bool:
    """Returns whether a sound has to be mixed to loudspeakers before its loudness can be measured."""
    return any(_stand(name).ring == "sphere" for name in speakers)


@cache
def mix_matrix(given: Speakers, wanted: int) -> Array:
    """Returns a (given, wanted) float64 matrix: `pcm @ matrix` is the same sound in the other layout.

    wanted: 1, 2 or 6 channels.
    """
    return np.array([TARGETS[wanted](name) for name in given])


def _stand(name: str) -> Stand:
    # A channel of a place that is not known is heard in the middle: there it is wrong by the least, and not lost.
    return STANDS.get(name, Stand("middle", "front"))


def _stereo(name: str) -> list[float]:
    if name in CARDIOIDS:
        return list(CARDIOIDS[name])
    # A lone channel goes to both sides at its own level: a mono file is dual mono, as editors and broadcasters use
    # it. The 3 dB that BS.775 takes off is for a centre channel that was mixed against L and R.
    if name == LONE:
        return [1.0, 1.0]
    side, ring = _stand(name)
    whole, half = SHARES.get(ring, AROUND)
    return {"left": [whole, 0.0], "right": [0.0, whole], "middle": [half, half]}[side]


def _mono(name: str) -> list[float]:
    # To the four digits of the table: its 0.7071 squared is its 0.5.
    return [1.0 if name == LONE else round(HALF_POWER * sum(_stereo(name)), 4)]


def _surround(name: str) -> list[float]:
    """Returns the shares of a channel in 5.1: one that 5.1 has keeps its speaker, and a lone one goes to the centre."""
    wanted = BY_COUNT[6]
    side, ring = _stand(name)
    if name in wanted or (side, ring) == ("middle", "front"):
        return [float(speaker == ("FC" if name == LONE else name)) for speaker in wanted]
    left, right = _stereo(name)
    if ring in ("side", "back"):
        return [0.0, 0.0, 0.0, 0.0, left / HALF_POWER, right / HALF_POWER]
    return [left, right, 0.0, 0.0, 0.0, 0.0]


TARGETS = {1: _mono, 2: _stereo, 6: _surround}
