"""Decides how a shot's frames between source frames are made, and which cuts of its take they keep off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np

from post.errors import JobError
from post.job.model import Cut
from post.measure import Cuts
from post.measure.motion import ClipMotion
from post.picture.between.confidence import SURE
from post.picture.between.weights import require_network
from post.plan.between.shutter import exposures
from post.plan.shots import source_frames
from post.values import Clock, Shot
from post.values.media import Fact
from post.values.plan.place import SYNTHESISED

AUTO = "auto"
# Different pictures a second from which motion is seen as motion. Film is drawn at 12 at the least, and 8 a second, as
# some models give, is seen as a row of pictures.
LEAST_PICTURES = 15
# Percent of the width from one frame to the next: what moves less stands still.
STANDS = 0.02
# The share of a shot's pairs of frames whose motion has to be found, for frames to be made by it.
FOUND = 0.75
Decision = tuple[str, str]  # the sampling, and why


def measures_for_sampling(cut: Cut, clock: Clock, rate: Fraction) -> set[str]:
    """Returns the names of the measures that a shot's sampling is decided by.

    cut: with the factor over its speeds that makes it as long as it has to be; rate: of its take, frames a second.
    """
    wanted = cut.retime.sampling
    whole = rate == clock.rate and {key.speed for key in cut.retime.keys(clock)} in ({1}, {-1})
    if wanted == "nearest" or whole:
        return set()
    return {"cuts"} if wanted == "blend" else {"cuts", "motion"}


def decide_sampling(
    cuts: Sequence[Cut], shots: Sequence[Shot], facts: Mapping[str, Mapping[str, Fact]]
) -> tuple[tuple[Shot, ...], tuple[tuple[str, str, str], ...]]:
    """Returns the shots with their sampling and the cuts of their takes, and what `auto` decided, as `plan` lists it:
    (place in the job, value, why). facts: by take, then by measure.

    Raises JobError, with the shot's place, where the network that it asks for is not installed.
    """
    decided, origins = [], []
    for number, (cut, shot) in enumerate(zip(cuts, shots, strict=True)):
        known = facts.get(cut.take, {})
        found = known["cuts"].value if "cuts" in known else None
        off = replace(shot, cuts=found.frames) if isinstance(found, Cuts) else shot
        try:
            sampling, why = _decide(off, known)
        except JobError as fault:
            raise fault.at(cut.where) from fault
        if shot.sampling == AUTO and why:
            origins.append((f"cut[{number}].sampling", sampling, f"auto: {why}"))
        decided.append(replace(off, sampling=sampling))
    return tuple(decided), tuple(origins)


def slowest(shot: Shot) -> Fraction:
    """Returns the lowest speed of a shot's keys that its frames reach, either way; 1 where it only stands still."""
    keys = [key for key in shot.time.keys if key.at < len(shot.span) or key is shot.time.keys[0]]
    return min((abs(key.speed) for key in keys if key.speed), default=Fraction(1))


def _stops_gently(shot: Shot) -> bool:
    """Returns whether a shot slows down until it stands, or turns round: between its keys it has every low speed."""
    ramps = ((a, b) for a, b in pairwise(shot.time.keys) if b.ease != "hold" and a.at < len(shot.span))
    return any(a.speed * b.speed <= 0 and a.speed != b.speed for a, b in ramps)


def _decide(shot: Shot, known: Mapping[str, Fact]) -> Decision:
    wanted = "flow" if shot.sampling == AUTO else shot.sampling
    if wanted == "learned":
        require_network()
    if wanted not in SYNTHESISED:
        return wanted, ""
    places = (
        () if shot.take.picture.stands_still else source_frames(replace(shot, sampling=wanted), shot.span)
    )
    pairs = sorted({number for number, weight in places if weight})
    if exposures(replace(shot, sampling=wanted), shot.span):
        return wanted, "frames are blurred over the shutter"
    if not pairs:
        return "nearest", ""
    return _auto(shot, pairs, known) if shot.sampling == AUTO else (wanted, "")


def _auto(shot: Shot, pairs: Sequence[int], known: Mapping[str, Fact]) -> Decision:
    """Returns what suits the pairs of source frames (by the first of each) between which a shot shows frames."""
    pictures = shot.take.picture.grid.rate * slowest(shot)
    if slowest(shot) >= 1 and pictures >= LEAST_PICTURES and not _stops_gently(shot):
        return "nearest", f"it is not slowed: {float(pictures):.3g} pictures a second"
    motion = known["motion"].value if "motion" in known else None
    if not isinstance(motion, ClipMotion) or pairs[-1] >= len(motion.moved):
        return "flow", "slowed; each frame made is checked as it is made"
    moved = np.array(motion.moved)[list(pairs)]
    sure = np.array(motion.confidence)[list(pairs)] >= SURE
    if moved.max() < STANDS:
        return "nearest", "slowed, but nothing moves"
    share = float(sure[moved >= STANDS].mean())
    why = f"slowed; motion is followed in {share:.0%} of its frames"
    return ("flow" if share >= FOUND else "blend"), why
