"""Reads a still as colour: upright, in sRGB and full range, whatever the file format and profile."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from post.takes.stills.decode import decode_path
from post.values.array import Array


def read_still(path: Path) -> Array:
    """Returns a still, upright, as (height, width, 3) float32 R'G'B' of sRGB, 0..1, at its own size.

    By the profile it carries, sRGB where it carries none. Transparency is left out. Raises SourceError if it cannot be
    read, is in another format (by its content, whatever its name says), or is larger than the bounds of
    `post.takes.stills.still_file`.
    """
    pixels = decode_path(path)
    return np.asarray(pixels.codes.astype(np.float32) / np.float32(pixels.top))
