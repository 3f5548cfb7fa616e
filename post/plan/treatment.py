"""Decides what is done to each shot's picture in one deliverable, as plan data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from post.errors import AnswerprintError, JobError
from post.job.model import Cut, Deliver, Job
from post.picture.colour.tone_map import read_as, with_tone_map
from post.picture.transitions.picture_transition import Moment, PictureTransition
from post.plan.framing import frame_shot
from post.plan.grain import check_grain_tables, grain_of_shot
from post.plan.grain_transfer import GrainTransfer, grade_of, variance_left
from post.plan.repair import Facts, RepairDecision, decide_repairs, used_frames
from post.plan.segments import ShotTreatment
from post.plan.shots import source_frames
from post.stage import FieldStage, TransitionStage, call_of
from post.takes.made.source import fitted
from post.values import Clock, Format, Shot, StageCall, Take, round_half_up
from post.values.media import Fact
from post.values.plan.place import WEIGHT_STEPS
from post.values.plan.segment import BLACK


@dataclass(frozen=True, slots=True)
class ShotFacts:
    """Measurements of a shot's take, and the repairs they led to.

    grain: None if it was not measured; transfer: what the shot's stages make of that grain, before it is scaled
    to a deliverable; known: everything that was measured.
    """

    repairs: tuple[RepairDecision, ...]
    grain: Fact | None
    transfer: GrainTransfer
    known: Facts


def shot_facts(cut: Cut, shot: Shot, facts: Mapping[str, Facts]) -> ShotFacts:
    """Decides a shot's repairs and returns them with its grain. facts: by take, then by measure."""
    used = used_frames(source_frames(shot, shot.span), shot.take.picture.length)
    known = facts.get(cut.take, {})
    repairs = decide_repairs(cut.repairs, known, shot, used)
    left = variance_left(each.stage for each in repairs if each.stage)
    return ShotFacts(repairs, known.get("grain"), GrainTransfer(grade=grade_of(cut.colour), left=left), known)


def treat_shot(
    cut: Cut, shot: Shot, facts: ShotFacts, grain: FieldStage | None, target: tuple[Deliver, Format]
) -> ShotTreatment:
    """Returns everything that is done to a shot's picture.

    grain: the film's; target: a deliverable, and its format. If only lacking grain is to be added, the shot gets
    what its own take lacks.
    """
    deliver, film = target
    made = shot.take.picture.kind == "made"
    reframe, _, windows = frame_shot(cut, shot, deliver, facts.known, film.clock.rate)
    window = reframe.window(shot.take.picture.shown, film.width, film.height)
    _, height = shot.take.picture.shown
    transfer = replace(facts.transfer, scale=film.height / float(window.height * height))
    return ShotTreatment(
        window=window,
        reframe=call_of(reframe),
        colour=tuple(call_of(stage) for stage in cut.colour),
        effects=tuple(call_of(stage) for stage in cut.effects),
        fade=call_of(cut.transition) if cut.transition and shot.transition else None,
        weights=tuple(_weights(cut.transition, shot.transition)),
        repairs=tuple(call_of(each.stage) for each in facts.repairs if each.stage),
        grain=call_of(grain_of_shot(grain, facts.grain, transfer)) if grain and not made else None,
        ending=call_of(cut.ending) if cut.ending and shot.ending else None,
        windows=windows,
        ground=reframe.ground if window.width > 1 or window.height > 1 else BLACK,
    )


def tone_mapped(job: Job, takes: Mapping[str, Take]) -> Job:
    """Returns the job with a tone map in each shot of an HDR take; one that has them already as it is."""
    wanted = {ref.name: ref.tone_map for ref in job.takes}

    def treated(cut: Cut) -> Cut:
        clip = takes[cut.take].picture.colour
        return replace(cut, colour=with_tone_map(cut.colour, clip, wanted.get(cut.take)))

    return replace(job, cut=tuple(treated(cut) for cut in job.cut))


def shot_for_film(shot: Shot, film: Format) -> Shot:
    """Returns the shot with its take at the film's size, if the take is made here and has no size of its own."""
    picture = fitted(shot.take.picture, film)
    return shot if picture is shot.take.picture else replace(shot, take=replace(shot.take, picture=picture))


def shot_as_read(cut: Cut, shot: Shot, film: Format) -> Shot:
    """Returns the shot with the colour its frames are read as, which is not always as its file is tagged."""
    picture = shot.take.picture
    colour = read_as(picture.colour, film.colour, cut.colour)
    return replace(shot, take=replace(shot.take, picture=replace(picture, colour=colour)))


def check_stages(cut: Cut) -> None:
    """Raises JobError or SourceError if a colour stage or a transition of a shot cannot run, before a worker would."""
    check_colour(cut)
    check_transitions(cut)


def check_colour(cut: Cut) -> None:
    """Raises JobError or SourceError if a colour stage cannot run, before a worker would."""
    try:
        for stage in cut.colour:
            stage.colour(np.zeros((1, 3)))
    except AnswerprintError as fault:
        raise fault.at(cut.where) from fault


def check_transitions(cut: Cut) -> None:
    """Raises JobError if a transition cannot be made, before a worker would: it makes one small frame."""
    film = Format(32, 32, Clock(Fraction(24)), 1)
    small = tuple(np.full((side, side), 1 << 15, np.uint16) for side in (32, 16, 16))
    planes = small[0], small[1], small[2]
    try:
        for stage in (cut.transition, cut.ending):
            if isinstance(stage, PictureTransition):
                stage.mix(planes, planes, Moment(0.5, 0, 1, 0, film))
    except AnswerprintError as fault:
        raise fault.at(cut.where) from fault


def check_grain(deliver: Deliver, film: Format, treatments: tuple[ShotTreatment, ...]) -> None:
    """Raises JobError if the deliverable's encoder has no table for a grain, before a worker would."""
    if deliver.encode.film_grain != "table":
        return
    grains = [_field(call) for call in {each.grain for each in treatments if each.grain}]
    try:
        check_grain_tables(grains, film.height)
    except JobError as fault:
        raise fault.at(deliver.where) from fault


def _field(call: StageCall) -> FieldStage:
    return FieldStage.from_call(call)


def _weights(transition: TransitionStage | None, frames: int) -> list[Fraction]:
    """Returns the incoming shot's weight in each frame of its transition, above 0 and below 1."""
    if transition is None:
        return []
    shares = [transition.weight((frame + 1) / (frames + 1)) for frame in range(frames)]
    return [Fraction(round_half_up(Fraction(share) * WEIGHT_STEPS), WEIGHT_STEPS) for share in shares]
