"""Measures what subsampled chroma does to the edge between two colours: a fringe of neither."""

from __future__ import annotations

from typing import Final

import numpy as np

from post.picture.kernel import Planes, from_rgb, to_rgb
from post.values.colour import Format

Colour = tuple[float, float, float]
SIDE = 16  # pixels of the picture that the edge is measured in
MIDDLE = SIDE // 2
DEPTH: Final = 16  # bits of the planes that are measured: rounding adds nothing


def edge_error(a: Colour, b: Colour, film: Format) -> float:
    """Returns the greatest error of R'G'B', 0..1, at an edge between two display-encoded colours in a film.

    The worst of upright and level edges, and of those on and between chroma samples. Chroma is filtered down and
    enlarged as a player does.
    """
    errors = []
    for place in (MIDDLE, MIDDLE + 1):
        for across in (True, False):
            picture = np.empty((SIDE, SIDE, 3), np.float32)
            picture[:] = a
            picture[(slice(None), slice(place, None)) if across else slice(place, None)] = b
            planes: Planes = from_rgb(picture, film.colour, film.chroma)
            shown = np.clip(to_rgb(planes, DEPTH, film.colour, film.chroma), 0, 1)
            errors.append(float(np.abs(shown - picture).max()))
    return max(errors)
