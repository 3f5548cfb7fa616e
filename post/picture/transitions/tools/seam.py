"""Masks of straight edges that lie between two samples."""

from __future__ import annotations

import numpy as np

from post.values.array import Array


def edge_mask(size: tuple[int, int], towards: tuple[int, int], moved: tuple[float, float]) -> Array:
    """Returns where a picture of the frame's size is that enters as another moves out: (height, width) float32, 0..1.

    size: height, width; towards: right and down, of which one is 0 and the other -1 or 1; moved: how far the outgoing
    picture has moved right and down, in samples. A sample that the edge cuts is mixed by its share on either side.
    """
    height, width = size
    right, down = towards
    x = _covered(width, right, moved[0]) if right else np.ones(width, np.float32)
    y = _covered(height, down, moved[1]) if down else np.ones(height, np.float32)
    return np.ascontiguousarray(x[None, :] * y[:, None])


def _covered(length: int, towards: int, moved: float) -> Array:
    """Returns the share of each sample that the incoming picture covers, from the side that the outgoing one leaves."""
    place = np.arange(length, dtype=np.float32)
    covered = moved - place if towards > 0 else place + 1 - (length + moved)
    return np.asarray(np.clip(covered, 0, 1), np.float32)
