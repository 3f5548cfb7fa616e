"""Decides a shot's repairs from what was measured of its take, and returns them as stages ready to run.

A repair that is `auto` is done if a measurement shows that it is needed; each decision says why, in numbers.
Drift is removed only if the job asks for it: a light that is turned up on purpose looks the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from post.job.model import Repair
from post.measure import Banding, Cuts, MeasuredGrain, Unmeasured
from post.measure.flicker import Flicker
from post.picture.repair.deband import Deband
from post.picture.repair.deflicker import Deflicker
from post.picture.repair.degrain import Degrain
from post.plan.grain_transfer import measured_strength
from post.stage import RepairStage
from post.values import Shot, Span
from post.values.media import Fact

Facts = Mapping[str, Fact]  # of one take, by measure
Outcome = tuple[RepairStage | None, str]  # the stage that runs, and why

# What a measurement must reach before `auto` repairs it.
FLICKER_PCT = 1.5
# Of 21 clips, those whose motion is taken for flicker have .14 to .80; exposure that flickers, .95 and more.
TOGETHER = 0.85
GRAIN_CODES = 2.0
SURE = 0.2  # the confidence from which a measured grain is taken for grain
CAMBI = 5.0  # from here banding begins to annoy (post/measure/banding.py)
LEVELS = np.linspace(0, 1, 9)  # brightness, black to white, at which degrain is given grain's strength
# Measures that each repair needs of its take: always, and to decide whether it is done or how strongly.
NEEDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "deflicker": (("cuts", "flicker"), ()),
    "degrain": (("cuts",), ("grain",)),
    "deband": ((), ("banding",)),
}


@dataclass(frozen=True, slots=True)
class RepairDecision:
    """The decision on a repair. stage: None if it is left out; why: in a few words, with the numbers."""

    wanted: Repair
    stage: RepairStage | None
    why: str


def measures_for_repairs(repairs: Sequence[Repair]) -> set[str]:
    """Returns the names of the measures that these repairs are decided by."""
    return {name for repair in repairs for name in _needs(repair)}


def _needs(repair: Repair) -> tuple[str, ...]:
    always, to_decide = NEEDS.get(repair.stage.name, ((), ()))
    return always if _decided(repair) else (*always, *to_decide)


def _decided(repair: Repair) -> bool:
    """Returns whether the job itself decides that the repair is done, and how strongly."""
    return not repair.auto and (not isinstance(repair.stage, Degrain) or bool(repair.stage.sigma))


def decide_repairs(
    repairs: Sequence[Repair], facts: Facts, shot: Shot, used: Span
) -> tuple[RepairDecision, ...]:
    """Returns the decision on each repair of a shot.

    facts: of its take, those that `measures_for_repairs` names; used: the source frames that the shot shows.
    A repair covers all frames that later repairs read, so that they find no unrepaired neighbour.
    """
    length = shot.take.picture.length
    reach = [sum(later.stage.reach for later in repairs[place + 1 :]) for place in range(len(repairs))]
    read = [Span(max(0, used.first - far), min(used.stop + far, length)) for far in reach]
    return tuple(
        RepairDecision(repair, *_decide(repair, facts, shot, near))
        for repair, near in zip(repairs, read, strict=True)
    )


def used_frames(frames: Sequence[tuple[int, object]], length: int) -> Span:
    """Returns the span of source frames that a shot shows, with the second of each blended pair.

    frames: (number, weight of the frame after it); length: of the clip, in frames.
    """
    numbers = [number for number, _ in frames]
    return Span(min(numbers), min(max(numbers) + 2, length))


def _decide(repair: Repair, facts: Facts, shot: Shot, used: Span) -> Outcome:
    stage, why = _outcome(repair, facts, used)
    if stage is not None and stage.declare(shot.span) is None:
        return None, f"{why}: nothing to do"
    return stage, why


def _outcome(repair: Repair, facts: Facts, used: Span) -> Outcome:
    match repair.stage:
        case Deflicker() as stage:
            return _deflicker(stage, repair, facts, used)
        case Degrain() as stage:
            return _degrain(stage, repair, facts, used)
        case Deband():
            return _deband(repair, facts)
    raise TypeError(f"nothing decides whether the stage {repair.stage.name} is done")


def _deflicker(stage: Deflicker, repair: Repair, facts: Facts, used: Span) -> Outcome:
    found = facts["flicker"].value
    if not isinstance(found, Flicker):
        return None, _unmeasured(found)
    why = f"flicker {found.flicker_pct:.1f} %, drift {found.drift_pct:.1f} %"
    if repair.auto and found.flicker_pct < FLICKER_PCT:
        return None, f"{why}: flicker under {FLICKER_PCT:g} %"
    if repair.auto and found.together < TOGETHER:
        return None, f"{why}: not of the whole picture together ({found.together:.2f}), so not of exposure"
    quick, slow = (np.array(course[used.first : used.stop]) for course in (found.quick, found.slow))
    gains = np.exp(-(stage.flicker * quick + stage.drift * slow))
    flat = tuple(np.clip(np.round(gains, 5), 0.25, 4).ravel().tolist())
    return replace(stage, first=used.first, gains=flat), why


def _degrain(stage: Degrain, repair: Repair, facts: Facts, used: Span) -> Outcome:
    cuts = facts["cuts"].value
    starts = cuts.frames if isinstance(cuts, Cuts) else ()
    near = Span(max(0, used.first - stage.radius), used.stop + stage.radius)
    stage = replace(stage, cuts=tuple(float(cut) for cut in starts if cut in near))
    if _decided(repair):
        return stage, "asked for"
    found = facts["grain"].value
    if not isinstance(found, MeasuredGrain):
        return None, _unmeasured(found)
    sigma = measured_strength(found, LEVELS)
    why = f"grain of {sigma.max():.1f} codes, confidence {found.confidence:.2f}"
    if repair.auto and found.confidence < SURE:
        return None, f"{why}: not sure enough that it is grain"
    if repair.auto and sigma.max() < GRAIN_CODES:
        return None, f"{why}: under {GRAIN_CODES:g} codes"
    return replace(stage, sigma=stage.sigma or tuple(np.round(sigma, 2).tolist())), why


def _deband(repair: Repair, facts: Facts) -> Outcome:
    if _decided(repair):
        return repair.stage, "asked for"
    found = facts["banding"].value
    if not isinstance(found, Banding):
        return None, _unmeasured(found)
    why = f"banding (CAMBI) {found.worst:.1f}"
    return (None, f"{why}: under {CAMBI:g}") if found.worst < CAMBI else (repair.stage, why)


def _unmeasured(found: object) -> str:
    return f"cannot be measured: {found.why}" if isinstance(found, Unmeasured) else "not measured"
