"""Makes grain stages from measured grain: one like it, and one that adds only what a clip lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from post.errors import JobError
from post.measure.grain.strength import MeasuredGrain
from post.picture.grain.film_grain_table import make_grain_table
from post.picture.grain.grain import Grain
from post.picture.grain.spectrum import flatten_rows
from post.plan.grain_transfer import LEVELS, GrainTransfer, grain_strength, measured_strength
from post.stage import FieldStage
from post.values.array import Array
from post.values.media import Fact

# The confidence from which measured grain counts in full: a choice. What a codec took away is no longer in the
# clip, so adding it is right; below this it took unevenly from frame to frame, or no motion was
# found, and what is in the clip is itself uncertain.
TRUSTED = 0.4
AS_IT_IS = GrainTransfer()
LEAST = 0.05  # codes: what less grain would not change, being a fifth of what rounding to 10 bits adds


def grain_like(found: MeasuredGrain, seed: int = 1) -> Grain:
    """Returns the stage that adds grain like the one that was measured to a clean picture."""
    sigma = measured_strength(found, LEVELS)
    strongest = float(sigma.max())
    if strongest < LEAST:
        return Grain(seed=seed)
    return Grain(
        strength=round(min(strongest, 20.0), 3),
        tones=_shares(sigma / strongest),
        spectrum=flatten_rows(found.spectrum),
        chroma=min(round(found.chroma or 0.0, 3), 1.0),
        chroma_spectrum=flatten_rows(found.chroma_spectrum) if found.chroma_spectrum else (),
        lines=found.lines,
        seed=seed,
    )


def measures_for_grain(grain: FieldStage | None) -> set[str]:
    """Returns the measures of a take that decide how much of this grain its shots are given."""
    return {"grain"} if isinstance(grain, Grain) and grain.add == "lacking" else set()


def grain_of_shot(grain: FieldStage, fact: Fact | None, transfer: GrainTransfer) -> FieldStage:
    """Returns the grain that is added to one shot.

    It is what the shot lacks, if the job wants that and the shot's own grain was measured; else all of the
    film's. transfer: what the shot's stages make of its own grain."""
    found = fact.value if fact else None
    if not isinstance(grain, Grain) or not measures_for_grain(grain) or not isinstance(found, MeasuredGrain):
        return grain
    return deficit(grain, found, transfer)


def check_grain_tables(grains: Iterable[FieldStage], film_height: int) -> None:
    """Raises JobError if AV1 has no film grain table for one of these."""
    for grain in grains:
        if not isinstance(grain, Grain):
            raise JobError(
                "no table can be made of this grain",
                where="picture.film_grain",
                expected="the stage grain",
                got=grain.name,
                fix="use `picture: {film_grain: baked}`",
            )
        make_grain_table(grain, film_height)


def deficit(wanted: Grain, found: MeasuredGrain, transfer: GrainTransfer = AS_IT_IS) -> Grain:
    """Returns the wanted grain minus the clip's own, in variance, at each brightness.

    transfer: what the clip's own grain becomes before the film's is added. Measured grain counts in full from a
    confidence of TRUSTED on, and in proportion below it. Nothing is added where the clip has more than is
    wanted, and no grain in colour where brightness needs none.
    """
    trust = min(1.0, found.confidence / TRUSTED)
    own, own_colour = (trust * each for each in transfer.arriving_variance(found))
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
    """Returns the strength to add in colour as a share of that in brightness, over all levels.

    asked, own: the variances that are wanted, and that the clip has.
    """
    added = float((luma**2).sum())
    return round(min(1.0, float(np.sqrt(np.maximum(asked - own, 0.0).sum() / added))), 3)


def _shares(shares: Array) -> tuple[float, ...]:
    return tuple(np.round(shares, 3).tolist())
