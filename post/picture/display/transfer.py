"""Turns display-encoded R'G'B' into light and back, by the transfer characteristics of H.273, Table 3.

Cameras' curves (BT.709, BT.601, SMPTE 240M, BT.2020, xvYCC) say how light became codes. What a viewer sees is what
a display makes of them, which is BT.1886 for all of these. The others define the display's light themselves.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from post.values.array import Array
from post.values.colour import VIDEO_TRANSFERS
from post.values.srgb import srgb_light_of

GAMMA = 2.4  # ITU-R BT.1886, annex 1, with black at 0
# SMPTE ST 428-1, 4.3: white is 48 cd/m2, and code 1 is 52.37.
CINEMA_PEAK = 52.37 / 48

# Light of signals 0..1, by code: 1 is white.
LIGHT: dict[int, Callable[[Array], Array]] = {
    **dict.fromkeys(VIDEO_TRANSFERS, lambda signal: signal**GAMMA),
    4: lambda signal: signal**2.2,
    5: lambda signal: signal**2.8,
    8: lambda signal: signal,
    9: lambda signal: np.where(signal > 0, 10 ** (2 * (signal - 1)), 0),
    10: lambda signal: np.where(signal > 0, 10 ** (2.5 * (signal - 1)), 0),
    13: srgb_light_of,
    17: lambda signal: CINEMA_PEAK * signal**2.6,
}


def shown_alike(one: int, other: int) -> bool:
    """Returns whether codes of these transfer characteristics are the same light on a display."""
    return one == other or (one in VIDEO_TRANSFERS and other in VIDEO_TRANSFERS)


def display_light(signal: Array, transfer: int) -> Array:
    """Returns light, 1 for white, of display-encoded R'G'B', 0..1: the same shape. Not for PQ and HLG."""
    return np.asarray(LIGHT[transfer](np.clip(signal, 0, 1)))


def video_signal(light: Array) -> Array:
    """Returns the codes, unclipped, at which a BT.1886 display shows light of 0 or more; 1 is white."""
    return np.asarray(light ** (1 / GAMMA))
