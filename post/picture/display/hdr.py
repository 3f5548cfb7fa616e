"""Fits the light of PQ and HLG pictures to an SDR display.

White is light of 203 cd/m2, HLG's 75 % (ITU-R BT.2408-7, 2.1). A tone curve is used on the brightest of a pixel's
red, green and blue, and the other two follow: so no highlight leaves the film's gamut, and no colour is turned, as
clipping would do. Greys are as the standard has them. Light outside the film's gamut is first brought to its
edge, towards the grey of the same luminance.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from post.values.array import Array
from post.values.colour import HLG, light_weights

WHITE = 203.0  # cd/m2
MOST = 10000.0  # cd/m2 of PQ's code 1
# SMPTE ST 2084:2014, 5.2.
M1, M2, C1, C2, C3 = 2610 / 16384, 2523 / 4096 * 128, 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
# ITU-R BT.2100-2, Table 5.
HLG_A = 0.17883277
HLG_B, HLG_C = 1 - 4 * HLG_A, 0.5 - HLG_A * float(np.log(4 * HLG_A))
HLG_PEAK, HLG_GAMMA = 1000.0, 1.2
# ITU-R BT.2446-1, 5.1.4: the tone mapping of method C, which gives per cent of SDR white.
K1, K2, K3, K4 = 0.83802, 15.09968, 0.74204, 78.99439
TURNS_AT = 58.5 / K1  # cd/m2


def pq_light(signal: Array) -> Array:
    """Returns light in cd/m2, 0..10000, of a PQ signal, 0..1: the same shape. Source: SMPTE ST 2084:2014, 5.1."""
    root = np.clip(signal, 0, 1) ** (1 / M2)
    return np.asarray(MOST * (np.maximum(root - C1, 0) / (C2 - C3 * root)) ** (1 / M1))


def pq_signal(light: Array) -> Array:
    """Returns the PQ signal, 0..1, of light in cd/m2: the same shape. Source: SMPTE ST 2084:2014, 5.2."""
    power = (np.clip(light, 0, MOST) / MOST) ** M1
    return np.asarray(((C1 + C2 * power) / (1 + C3 * power)) ** M2)


def hlg_light(signal: Array, primaries: int) -> Array:
    """Returns light in cd/m2 of (n, 3) HLG R'G'B', 0..1, on a display of 1000 cd/m2 in a dim room.

    Source: ITU-R BT.2100-2, Table 5: the inverse OETF, then the OOTF with a gamma of 1.2.
    """
    clipped = np.clip(signal, 0, 1)
    bright = (np.exp((np.maximum(clipped, 0.5) - HLG_C) / HLG_A) + HLG_B) / 12
    scene = np.where(clipped <= 0.5, clipped * clipped / 3, bright)
    luminance = scene @ np.array(light_weights(primaries))
    return np.asarray(HLG_PEAK * luminance[:, None] ** (HLG_GAMMA - 1) * scene)


def hdr_light(signal: Array, transfer: int, primaries: int) -> Array:
    """Returns light in cd/m2 of (n, 3) R'G'B' of that H.273 transfer code, PQ or HLG."""
    return hlg_light(signal, primaries) if transfer == HLG else pq_light(signal)


def bt2446_c(light: Array, _peak: float) -> Array:
    """Returns SDR light, 1 for white, of light in cd/m2. Light above 330 cd/m2 goes up to 1.18, above white.

    Mid-tones stay nearly as bright as they were; 203 cd/m2 becomes .91, code 96 %.
    Source: ITU-R BT.2446-1, 5.1.4.
    """
    high = K2 * np.log(np.maximum(light, TURNS_AT) / TURNS_AT - K3) + K4
    return np.asarray(np.where(light < TURNS_AT, K1 * light, high) / 100)


def bt2390(light: Array, peak: float) -> Array:
    """Returns SDR light, 0..1, of light in cd/m2, where SDR white is 203 cd/m2 and `peak` becomes it.

    Up to 89 cd/m2 (for a peak of 1000) nothing is changed. Source: ITU-R BT.2390-11, 5.4.1 (the EETF), black at 0.
    """
    top = float(pq_signal(np.array(max(peak, WHITE))))
    target = float(pq_signal(np.array(WHITE))) / top
    knee = 1.5 * target - 0.5
    code = np.minimum(pq_signal(light) / top, 1)
    t = np.maximum(code - knee, 0) / max(1 - knee, 1e-9)
    high = (
        (2 * t**3 - 3 * t**2 + 1) * knee + (t**3 - 2 * t**2 + t) * (1 - knee) + (3 * t**2 - 2 * t**3) * target
    )
    return np.asarray(pq_light(np.where(code < knee, code, high) * top) / WHITE)


CURVES: dict[str, Callable[[Array, float], Array]] = {"bt2446-c": bt2446_c, "bt2390": bt2390}


def fit_to_sdr(light: Array, film_primaries: int, method: str, peak: float) -> Array:
    """Returns SDR light, 1 for white, of (n, 3) light in cd/m2 with the film's primaries, of which some may be below 0.

    method: of CURVES; peak: the brightest light of the picture, in cd/m2.
    """
    inside = _in_gamut(light, film_primaries)
    brightest = inside.max(axis=1)
    lit = np.maximum(brightest, 1e-6)
    return np.asarray(inside * (CURVES[method](lit, peak) / lit)[:, None])


def _in_gamut(light: Array, primaries: int) -> Array:
    """Returns light without anything below 0: colours outside the gamut move towards grey until they are in it."""
    grey = np.maximum(light @ np.array(light_weights(primaries)), 0)[:, None]
    lowest = np.minimum(light.min(axis=1, keepdims=True), 0)
    share = grey / np.maximum(grey - lowest, 1e-12)
    return np.asarray(np.maximum(grey + np.where(lowest < 0, share, 1) * (light - grey), 0))
