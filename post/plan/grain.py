"""Grain by measure: a stage that makes what was measured, and one that adds only what a clip lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from post.errors import JobError
from post.measure.grain.strength import MeasuredGrain
from post.picture.grain.film_grain_table import grain_table
from post.picture.grain.grain import Grain
from post.picture.grain.spectrum import flat
from post.plan.grain_transfer import LEVELS, GrainTransfer, grain_strength, measured_strength
from post.stage import FieldStage
from post.values.array import Array
from post.values.media import Fact

# Confidence from which what was found counts in full: a choice. What a codec took is not in the clip any more,
# so it is lacking, and rightly added; below this it took unevenly from frame to frame, or motion was not to be
# found, and what is in the clip is itself uncertain.
TRUSTED = 0.4
AS_IT_IS = GrainTransfer()
LEAST = 0.05  # codes: what less grain would not change, being a fifth of what rounding to 10 bits adds


def grain_like(found: MeasuredGrain, seed: int = 1) -> Grain:
    """The stage that lays the grain which was measured over clean picture."""
    sigma = measured_strength(found, LEVELS)
    strongest = float(sigma.max())
    if strongest < LEAST:
        return Grain(seed=seed)
    return Grain(
        strength=round(min(strongest, 20.0), 3),
        tones=_shares(sigma / strongest),
        spectrum=flat(found.spectrum),
        chroma=min(round(found.chroma or 0.0, 3), 1.0),
        chroma_spectrum=flat(found.chroma_spectrum) if found.chroma_spectrum else (),
        lines=found.lines,
        seed=seed,
    )


def measures_for_grain(grain: FieldStage | None) -> set[str]:
    """The measures whose facts of a take decide how much of a grain its shots are given."""
    return {"grain"} if isinstance(grain, Grain) and grain.add == "lacking" else set()


def grain_of_shot(grain: FieldStage, fact: Fact | None, passage: GrainTransfer) -> FieldStage:
    """The film's grain as one shot gets it: all of it, or what it lacks where that is asked for and the
    shot's own was measured. passage: what becomes of the shot's own."""
    found = fact.value if fact else None
    if not isinstance(grain, Grain) or not measures_for_grain(grain) or not isinstance(found, MeasuredGrain):
        return grain
    return deficit(grain, found, passage)


def try_table(grains: Iterable[FieldStage], film_height: int) -> None:
    """Raises JobError where AV1 has no film grain table for one of these."""
    for grain in grains:
        if not isinstance(grain, Grain):
            raise JobError(
                "no table can be made of this grain",
                where="picture.film_grain",
                expected="the stage grain",
                got=grain.name,
                fix="use `picture: {film_grain: baked}`",
            )
        grain_table(grain, film_height)


def deficit(wanted: Grain, found: MeasuredGrain, passage: GrainTransfer = AS_IT_IS) -> Grain:
    """The wanted grain less what a clip brings of its own, in variance, brightness by brightness.

    passage: what becomes of the clip's own before the film's is laid. What was found counts in full from
    TRUSTED on, and the less the less sure it is: of a clip that nothing sure is known of nothing is taken off.
    Where the clip has more than is wanted nothing is added; nor is colour where brightness lacks nothing.
    """
    trust = min(1.0, found.confidence / TRUSTED)
    own, own_colour = (trust * each for each in passage.arrives(found))
    asked = grain_strength(wanted, LEVELS) ** 2
    lacking = np.sqrt(np.maximum(asked - own, 0.0))
    strongest = float(lacking.max())
    if strongest < LEAST:
        return replace(wanted, strength=0.0, tones=())
    return replace(
        wanted,
        strength=round(strongest, 3),
        tones=_shares(lacking / strongest),
        chroma=_chroma_lacking(wanted.chroma**2 * asked, own_colour, lacking),
    )


def _chroma_lacking(asked: Array, own: Array, luma: Array) -> float:
    """Colour's share of the strength that is added, over all brightnesses; variances asked for and there."""
    added = float((luma**2).sum())
    return round(min(1.0, float(np.sqrt(np.maximum(asked - own, 0.0).sum() / added))), 3)


def _shares(shares: Array) -> tuple[float, ...]:
    return tuple(np.round(shares, 3).tolist())
