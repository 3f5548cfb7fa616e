"""PCM in the form that this folder uses: (samples, channels), float32 or float64, full scale 1."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from post.errors import SourceError
from post.values.array import Array, first_not_finite, is_finite


def check_pcm(pcm: Array, where: str, first: int = 0) -> Array:
    """Checks an array and returns it. first: how many samples of the same sound came before it.

    Raises SourceError, naming `where`, where it is not finite PCM.
    """
    if pcm.ndim != 2 or pcm.dtype not in (np.float32, np.float64):
        raise SourceError(
            "not PCM", where=where, expected="(samples, channels) of float32 or float64",
            got=f"{pcm.shape} of {pcm.dtype}",
        )  # fmt: skip
    if not is_finite(pcm):
        raise SourceError(
            "sound holds a value that is not a finite number", where=where,
            expected="finite samples", got=_first_bad(pcm, first), fix="render or transcode the sound again",
        )  # fmt: skip
    return pcm


def split_blocks(length: int, size: int) -> Iterator[tuple[int, int]]:
    """Yields (first, stop) of consecutive blocks of at most `size`, covering 0..length."""
    return ((first, min(first + size, length)) for first in range(0, length, size))


def gain_factor(db: float) -> float:
    """Returns the factor that changes a level by `db` decibels."""
    return float(10 ** (db / 20))


def to_decibels(magnitude: float) -> float:
    """Returns a magnitude above 0 in decibels relative to full scale."""
    return float(20 * np.log10(magnitude))


def _first_bad(pcm: Array, before: int) -> str:
    place = first_not_finite(pcm)
    if place is None:
        return "values too large to add up"
    return f"{pcm[place]} at sample {before + place[0]}, channel {place[1] + 1}"
