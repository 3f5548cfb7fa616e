"""Solves how far a bed goes down under each phrase, so that it stands below the voice by what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from post.values.array import Array

# A phrase of this length is half as deep as its own level asks for and half as deep as all of them do: a single word
# over a drum would make the bed jump.
HALF_S = 0.5
ROUNDS = 20
LEAST_POWER = 1e-12  # -120 dB


@dataclass(frozen=True, slots=True)
class PhraseLevels:
    """Energies in one phrase, K-weighted, summed over its hops with voice: of the voice, of the bed as it is, and of
    the bed with its speech band given way. seconds: of voice."""

    voice: float
    dry: float
    dipped: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Depths:
    """What was solved. gains_db: of each phrase, at most 0; dipped: whether its speech band gives way; reached_db: the
    voice over the bed, over all phrases, None where the bed is silent; ratios_db: in each phrase, as reached_db."""

    gains_db: tuple[float, ...]
    dipped: tuple[bool, ...]
    reached_db: float | None
    ratios_db: tuple[float | None, ...]


def solve_depths(phrases: Sequence[PhraseLevels], below_db: float) -> Depths:
    """Returns how far a bed goes down under each phrase. below_db: how far below the voice it is to stand.

    A phrase where it stands lower without any ducking is left as it is. Gains are moved together until the ratio over
    all phrases is what was asked, as far as no gain is above 0.
    """
    voice, dry, dip, seconds = (
        np.array([getattr(each, name) for each in phrases]) for name in ("voice", "dry", "dipped", "seconds")
    )
    lower = _ratio(voice, dry) >= below_db
    bed = np.where(lower, dry, dip)
    own = seconds / (seconds + HALF_S)
    ducked = ~lower
    gains = np.zeros(len(phrases))
    if ducked.any():
        together = _ratio(voice[ducked].sum(), bed[ducked].sum()) - below_db
        gains[ducked] = (own * (_ratio(voice, bed) - below_db) + (1 - own) * together)[ducked]
        gains = _moved(np.minimum(gains, 0.0), ducked, (voice, bed), below_db)
    heard = bed * 10 ** (gains / 10)
    ratios = tuple(
        float(_ratio(one, other)) if other > LEAST_POWER else None
        for one, other in zip(voice, heard, strict=True)
    )
    total = float(heard.sum())
    reached = float(_ratio(voice.sum(), total)) if total > LEAST_POWER else None
    return Depths(tuple(gains.tolist()), tuple(ducked.tolist()), reached, ratios)


def stands_lower(voice: float, bed: float, below_db: float) -> bool:
    """Returns whether a bed of that energy stands as far below the voice as asked, or further."""
    return bool(_ratio(voice, bed) >= below_db)


def _moved(gains: Array, ducked: Array, levels: tuple[Array, Array], below_db: float) -> Array:
    """Returns gains moved by one number, so that the phrases that are ducked stand right together."""
    voice, bed = (each[ducked] for each in levels)
    for _ in range(ROUNDS):
        off = _ratio(voice.sum(), (bed * 10 ** (gains[ducked] / 10)).sum()) - below_db
        gains = np.where(ducked, np.minimum(gains + off, 0.0), gains)
    return gains


def _ratio(voice: Array | float, bed: Array | float) -> Array:
    """Returns voice over bed in dB."""
    return np.asarray(10 * np.log10(np.maximum(voice, LEAST_POWER) / np.maximum(bed, LEAST_POWER)))
