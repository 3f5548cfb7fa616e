"""CIE colours: L*a*b* of sRGB, and the difference CIEDE2000."""

from __future__ import annotations

import numpy as np

from post.values.array import Array
from post.values.srgb import srgb_light_of

# IEC 61966-2-1, to CIE XYZ under D65; its white is the sum of each row.
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = _TO_XYZ.sum(1)
_CUBE, _SLOPE = (6 / 29) ** 3, (29 / 6) ** 2 / 3


def lab(rgb: Array) -> Array:
    """Returns (..., 3) float64 CIE L*a*b* (CIE 15:2018) of (..., 3) display-encoded sRGB, which is clipped to 0..1."""
    xyz = srgb_light_of(np.clip(np.asarray(rgb, np.float64), 0, 1)) @ _TO_XYZ.T / _WHITE
    x, y, z = np.moveaxis(np.where(xyz > _CUBE, np.cbrt(xyz), _SLOPE * xyz + 4 / 29), -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1)


def ciede2000(one: Array, other: Array) -> Array:
    """Returns the difference of L*a*b* colours, (..., 3) each: (...) float64.

    Source: G. Sharma, W. Wu and E. Dalal, "The CIEDE2000 Color-Difference Formula", Color Research & Application 30(1),
    2005; the names are theirs.
    """
    (l1, a1, b1), (l2, a2, b2) = (np.moveaxis(np.asarray(each, np.float64), -1, 0) for each in (one, other))
    mean = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    g = 0.5 * (1 - np.sqrt(mean / (mean + 25.0**7)))
    c1, c2 = np.hypot((1 + g) * a1, b1), np.hypot((1 + g) * a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, (1 + g) * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    grey = c1 * c2 == 0
    turn = np.where(grey, 0.0, (h2 - h1 + 180) % 360 - 180)
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    h = np.where(grey, h1 + h2, (h1 + turn / 2) % 360)
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1 - 0.17 * np.cos(np.radians(h - 30)) + 0.24 * np.cos(np.radians(2 * h))
        + 0.32 * np.cos(np.radians(3 * h + 6)) - 0.20 * np.cos(np.radians(4 * h - 63))
    )  # fmt: skip
    s_l = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    s_c, s_h = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    r = (
        -2
        * np.sqrt(chroma**7 / (chroma**7 + 25.0**7))
        * np.sin(np.radians(60 * np.exp(-(((h - 275) / 25) ** 2))))
    )
    parts = (l2 - l1) / s_l, (c2 - c1) / s_c, hue / s_h
    return np.asarray(
        np.sqrt(np.maximum(parts[0] ** 2 + parts[1] ** 2 + parts[2] ** 2 + r * parts[1] * parts[2], 0))
    )
