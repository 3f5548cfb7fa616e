"""Converts linear light between the primaries of H.273, adapted from white to white."""

from __future__ import annotations

from functools import cache

import numpy as np

from post.values.array import Array
from post.values.colour import CHROMATICITIES

# Primaries that are shown as they are on a BT.709 display, as many players show them: clips that FFmpeg tagged as
# BT.601 by default hold BT.709's. Converted they would move by .7 (5), 1.4 (6, 7) and 1.6 (22) dE2000 on average, at
# most by 2.3, 4.7 and 7.5.
LIKE_BT709 = frozenset({1, 5, 6, 7, 22})
# Source: K. M. Lam, Metamerism and Colour Constancy, University of Bradford, 1985 (ICC.1:2022, annex E).
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def alike(one: int, other: int) -> bool:
    """Returns whether pictures with these primaries are shown the same."""
    return one == other or (one in LIKE_BT709 and other in LIKE_BT709)


@cache
def matrix_between(source: int, film: int) -> Array:
    """Returns the (3, 3) float64 matrix from a column of linear RGB with `source` primaries to that with `film`'s.

    White becomes white. source, film: codes of H.273, Table 2.
    """
    if alike(source, film):
        return np.eye(3)
    whites = (_xyz(CHROMATICITIES[code][3]) for code in (source, film))
    adapted = _adaptation(*whites)
    return np.asarray(np.linalg.inv(_to_xyz(film)) @ adapted @ _to_xyz(source))


def _to_xyz(primaries: int) -> Array:
    """Returns the matrix from linear RGB to XYZ; white has Y of 1. Source: SMPTE RP 177:1993."""
    *corners, white = CHROMATICITIES[primaries]
    # Of CIE XYZ as primaries, blue has a y of 0: its column is (0, 0, 1).
    columns = np.array([_xyz(xy) for xy in corners]).T
    return np.asarray(columns * np.linalg.solve(columns, _xyz(white)))


def _xyz(xy: tuple[float, float]) -> Array:
    x, y = xy
    return np.array([x, y, 1 - x - y]) / (y or 1)


def _adaptation(source: Array, film: Array) -> Array:
    cones = BRADFORD @ source, BRADFORD @ film
    return np.asarray(np.linalg.inv(BRADFORD) @ np.diag(cones[1] / cones[0]) @ BRADFORD)
