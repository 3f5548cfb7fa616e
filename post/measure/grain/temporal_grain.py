"""Measures grain that repeats from frame to frame, from three frames in a row.

Two frames cannot: of grain that half repeats, their difference shows half, and looks like weaker grain.
"""

from __future__ import annotations

import numpy as np

from post.measure.grain.blocks import Blocks
from post.values.array import Array

LEAST_REPEATED = 24  # blocks seen in three frames, below which nothing is said


def repeated_grain(first: Blocks, second: Blocks) -> Array:
    """Returns, for blocks followed through three frames, their number, the sum of products of their two changes, and
    of the changes' own variances; (3,) float64. `second` begins with the frame that `first` ends with.

    Both name blocks by places of one grid, so those are followed that stand still, or moved by whole
    blocks.
    """
    rows = {tuple(place): row for row, place in enumerate(second.where.tolist())}
    pairs = [
        (mine, rows[tuple(place)]) for mine, place in enumerate(first.onward.tolist()) if tuple(place) in rows
    ]
    if not pairs:
        return np.zeros(3)
    mine, its = np.array(pairs).T
    before, after = first.change[mine], second.change[its]
    # The middle frame's rounding is in both, once as it is and once turned round: of each change, half.
    shared = (before * after).mean((1, 2)).sum() + len(pairs) * first.rounding / 2
    alone = np.sqrt(
        ((before**2).mean((1, 2)) - first.rounding).clip(0)
        * ((after**2).mean((1, 2)) - second.rounding).clip(0)
    ).sum()
    return np.array([len(pairs), shared, alone])
