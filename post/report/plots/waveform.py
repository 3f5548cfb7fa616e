"""Draws a film's waveform: the lowest and the highest sample of each column."""

from __future__ import annotations

import numpy as np

from post.values.array import Array


def waveform(pcm: Array, width: int, height: int) -> str:
    """Returns the outline of a waveform as SVG points, y downwards, full scale from 0 to `height`.

    pcm: (samples, channels) float, full scale 1; a column shows the extremes of all its channels; what is over full
    scale is drawn at it. Sound of fewer samples than columns repeats them.
    """
    if not len(pcm):
        return ""
    edges = np.linspace(0, len(pcm), width + 1).astype(int)[:-1]
    starts = np.minimum(edges, len(pcm) - 1)
    high = np.maximum.reduceat(pcm.max(axis=1), starts)
    low = np.minimum.reduceat(pcm.min(axis=1), starts)
    up, down = ((1 - np.clip(edge, -1, 1)) / 2 * height for edge in (high, low))
    there = (f"{column},{y:.1f}" for column, y in enumerate(up))
    back = (f"{column},{y:.1f}" for column, y in reversed(list(enumerate(down))))
    return " ".join((*there, *back))
