"""Job and takes -> Plan. The one place where what is wanted and what there is become what will be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeVar

import numpy as np

from post.errors import AnswerprintError, JobError, Problems
from post.job.model import Cut, Deliver, Job, Timed
from post.knob import duration_frames, duration_seconds
from post.picture.colour.develop import read_as
from post.picture.encode import CODECS, Encode
from post.picture.reframe import Reframe
from post.picture.scale import Scale
from post.picture.trim import Trim
from post.plan.grain import grain_of_shot, try_table
from post.plan.grain_transfer import GrainTransfer, grade_of, variance_left
from post.plan.repair import Facts, RepairDecision, decide_repairs, used_frames
from post.plan.segments import FilmTreatment, ShotTreatment, cut_segments
from post.plan.shots import WEIGHT_STEPS, plan_shots, source_frames
from post.plan.sound import AudioSource, plan_mix, sounding_frames
from post.stage import FieldStage, Stage, TransitionStage, call_of, open_call
from post.values import (
    Format,
    LayerPlacement,
    Mix,
    Placed,
    Plan,
    Rendition,
    Shot,
    Span,
    StageCall,
    Take,
    round_half_up,
)
from post.values.media import Fact
from post.values.toolchain import Releases, Toolchain

Item = TypeVar("Item")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class ShotFacts:
    """What facts of its take decide for one shot. grain: the fact itself; passage: what becomes of that
    grain, but for a deliverable's size."""

    repairs: tuple[RepairDecision, ...]
    grain: Fact | None
    passage: GrainTransfer


@dataclass(frozen=True, slots=True)
class Draft:
    """One deliverable on its way to a Rendition."""

    job: Job
    deliver: Deliver
    film: Format
    shots: tuple[Shot, ...]
    treated: tuple[ShotTreatment, ...]
    layers: tuple[LayerPlacement, ...]
    mix: Mix

    @property
    def whole(self) -> Span:
        return Span(0, self.film.length)


def compile_plan(
    job: Job,
    takes: Mapping[str, Take],
    sounds: Sequence[AudioSource],
    toolchain: Toolchain,
    facts: Mapping[str, Facts] | None = None,
) -> Plan:
    """Returns the plan of the whole job.

    takes: by name; sounds: the job's music, then its effects, probed; toolchain: becomes part of every key;
    facts: by take, then by measure: those that repairs and grain are decided by.
    Raises Problems with one fault for each shot, layer and sound that does not fit.
    """
    shots = plan_shots(job, takes)
    _each(job.cut, _try_colour)

    known = tuple(_known(cut, shot, facts or {}) for cut, shot in zip(job.cut, shots, strict=True))

    def version(deliver: Deliver) -> Rendition:
        mix = plan_mix(job, deliver, shots, sounds, toolchain.sound)
        return _version(job, deliver, shots, known, mix, toolchain.picture)

    made = _each(job.deliver, version)
    origins = (*job.origins, *(_said(settled) for shot in known for settled in shot.repairs))
    return Plan(job.title, job.clock, tuple(takes.values()), tuple(made), origins)


def _known(cut: Cut, shot: Shot, by_take: Mapping[str, Facts]) -> ShotFacts:
    used = used_frames(source_frames(shot, shot.span), shot.take.picture.length)
    facts = by_take.get(cut.take, {})
    repairs = decide_repairs(cut.repairs, facts, shot, used)
    left = variance_left(each.stage for each in repairs if each.stage)
    return ShotFacts(repairs, facts.get("grain"), GrainTransfer(grade=grade_of(cut.colour), left=left))


def _said(settled: RepairDecision) -> tuple[str, str, str]:
    return settled.asked.place, "done" if settled.stage else "left out", settled.why


def _version(
    job: Job,
    deliver: Deliver,
    shots: tuple[Shot, ...],
    known: tuple[ShotFacts, ...],
    mix: Mix,
    toolchain: Releases,
) -> Rendition:
    film = _film(deliver, shots[-1].span.stop, job)
    layers = tuple(_each([*job.titles, *job.marks], lambda timed: _laid(timed, film)))
    treated = tuple(
        _completed(_treatment(cut, shot, film, deliver), shot, about, job.grain, film)
        for cut, shot, about in zip(job.cut, shots, known, strict=True)
    )
    _try_grain(deliver, film, treated)
    draft = Draft(job, deliver, film, shots, treated, layers, mix)
    assert isinstance(deliver.encode, Encode)
    finish = FilmTreatment(layers, deliver.encode.settings(deliver.container), toolchain, _finishes(job))
    coded = [_as_coded(cut, shot, film) for cut, shot in zip(job.cut, shots, strict=True)]
    segments = cut_segments(film, coded, treated, finish)
    return Rendition(deliver.name, film, shots, segments, mix, tuple(_placed(draft)))


def _finishes(job: Job) -> tuple[StageCall, ...]:
    marking = job.provenance.marking
    return (call_of(marking.stage),) if marking else ()


def _film(deliver: Deliver, length: int, job: Job) -> Format:
    assert isinstance(deliver.encode, Encode)
    depths = CODECS[deliver.encode.codec].depths
    if deliver.depth not in depths:
        raise JobError(
            f"{deliver.encode.codec} does not take this depth",
            where=deliver.where,
            expected=" | ".join(str(depth) for depth in depths) + " bit",
            got=deliver.depth,
        )
    depth: Literal[8, 10] = 10 if deliver.depth == 10 else 8
    chroma: Literal["420", "422"] = "422" if deliver.chroma == "422" else "420"
    return Format(deliver.width, deliver.height, job.clock, length, depth, chroma)


def _treatment(cut: Cut, shot: Shot, film: Format, deliver: Deliver) -> ShotTreatment:
    reframe = cut.reframe
    assert isinstance(reframe, Reframe)
    if deliver.fit:
        reframe = replace(reframe, fit=deliver.fit)
    return ShotTreatment(
        window=reframe.window(shot.take.picture.shown, film.width, film.height),
        reframe=call_of(reframe),
        colour=tuple(call_of(stage) for stage in cut.colour),
        doors=tuple(call_of(stage) for stage in cut.doors),
        fade=call_of(cut.transition) if cut.transition and shot.transition else None,
        weights=tuple(_weights(cut.transition, shot.transition)),
    )


def _completed(
    treated: ShotTreatment, shot: Shot, known: ShotFacts, grain: FieldStage | None, film: Format
) -> ShotTreatment:
    """With what facts decide: repairs, and the film's grain or as much of it as the shot lacks."""
    mended = replace(treated, repairs=tuple(call_of(each.stage) for each in known.repairs if each.stage))
    if grain is None:
        return mended
    _, high = shot.take.picture.shown
    scale = film.height / float(treated.window.height * high)
    passage = replace(known.passage, scale=scale)
    return replace(mended, grain=call_of(grain_of_shot(grain, known.grain, passage)))


def _as_coded(cut: Cut, shot: Shot, film: Format) -> Shot:
    """The shot as its frames are read, which is not always as its file is tagged."""
    picture = shot.take.picture
    colour = read_as(picture.colour, film.colour, cut.colour)
    return replace(shot, take=replace(shot.take, picture=replace(picture, colour=colour)))


def _try_grain(deliver: Deliver, film: Format, treated: Sequence[ShotTreatment]) -> None:
    """A grain that the encoder cannot hold is found here, and not by a worker."""
    assert isinstance(deliver.encode, Encode)
    if deliver.encode.film_grain != "table":
        return
    try:
        try_table([_field(call) for call in {one.grain for one in treated if one.grain}], film.height)
    except JobError as fault:
        raise fault.at(deliver.where) from fault


def _field(call: StageCall) -> FieldStage:
    stage = open_call(call)
    assert isinstance(stage, FieldStage)
    return stage


def _try_colour(cut: Cut) -> None:
    """A look-up table that cannot be used is found here, and not by a worker."""
    try:
        for stage in cut.colour:
            stage.colour(np.zeros((1, 3)))
    except AnswerprintError as fault:
        raise fault.at(cut.where) from fault


def _weights(transition: TransitionStage | None, frames: int) -> list[Fraction]:
    """The incoming shot's weight in each frame of its transition; neither end is a whole shot."""
    if transition is None:
        return []
    shares = [transition.weight((frame + 1) / (frames + 1)) for frame in range(frames)]
    return [Fraction(round_half_up(Fraction(share) * WEIGHT_STEPS), WEIGHT_STEPS) for share in shares]


def _laid(timed: Timed, film: Format) -> LayerPlacement:
    first = duration_frames(timed.at, film.clock)
    length = duration_frames(timed.length, film.clock) if timed.length else film.length - first
    if first >= film.length or length < 1:
        raise JobError(
            "a layer outside the film",
            where=timed.where,
            expected=f"at least one of the film's {film.length} frames",
            got=f"frames {first} to {first + length}",
        )
    try:
        timed.layer.draw(film)
    except AnswerprintError as fault:
        raise fault.at(f"{timed.where} ({film.width}x{film.height})") from fault
    return LayerPlacement(call_of(timed.layer), Span(first, min(first + length, film.length)))


def _placed(draft: Draft) -> list[Placed]:
    """Every stage at work, in house order, with the frames it works on."""
    job, mix = draft.job, draft.mix
    cut = zip(job.cut, draft.shots, draft.treated, strict=True)
    placed = [each for asked, shot, treated in cut for each in _on_shot(asked, shot, treated, draft.film)]
    placed += _grains(draft)
    placed += [Placed(layer.call, layer.span) for layer in draft.layers]
    placed += [Placed(call, draft.whole) for call in _finishes(job)]
    placed += _sounds(draft)
    if mix.events:
        placed.append(Placed(call_of(draft.deliver.loudness), draft.whole))
    return [*placed, Placed(call_of(draft.deliver.encode), draft.whole)]


def _grains(draft: Draft) -> list[Placed]:
    """One grain for the film where every shot has the same, or each shot's own."""
    grains = [treated.grain for treated in draft.treated]
    if len(set(grains)) == 1:
        return [Placed(grain, draft.whole) for grain in grains[:1] if grain]
    shots = zip(draft.shots, grains, strict=True)
    return [Placed(grain, shot.span, shot.name) for shot, grain in shots if grain]


def _sounds(draft: Draft) -> list[Placed]:
    job, mix = draft.job, draft.mix
    events = [event for event in mix.events if event.role != "clip"]
    return [
        Placed(call_of(clip.stage), sounding_frames(event, job.clock, mix.rate_hz).common(draft.whole))
        for clip, event in zip([*job.music, *job.effects], events, strict=True)
    ]


def _on_shot(cut: Cut, shot: Shot, treatment: ShotTreatment, film: Format) -> list[Placed]:
    placed = [Placed(call, shot.span, shot.name) for call in _calls(cut, shot, treatment, film)]
    if treatment.fade is None:
        return placed
    into = Span(shot.span.first, shot.span.first + shot.transition)
    return [*placed, Placed(treatment.fade, into, shot.name)]


def _calls(cut: Cut, shot: Shot, treatment: ShotTreatment, film: Format) -> list[StageCall]:
    """The stages at work on one shot; those that leave it as it was are not among them."""
    picture, sound, window = shot.take.picture, shot.take.sound, treatment.window
    stages: list[Stage] = []
    if duration_seconds(cut.start, film.clock) or shot.time(len(shot.span)) < picture.length:
        stages.append(Trim(start=cut.start, length=f"{len(shot.span)}f"))
    calls = [*map(call_of, stages), *treatment.repairs, call_of(cut.retime)]
    if window.width != 1 or window.height != 1:
        calls.append(treatment.reframe)
    wide, high = picture.shown
    if wide != film.width or high != film.height:
        calls.append(call_of(Scale(width=film.width, height=film.height)))
    calls += [*treatment.colour, *treatment.doors]
    return [*calls, call_of(cut.sound)] if sound and not sound.silent else calls


def _each(items: Sequence[Item], work: Callable[[Item], Made]) -> list[Made]:
    """`work` on each item; every fault at once."""
    done, faults = list[Made](), list[AnswerprintError]()
    for item in items:
        try:
            done.append(work(item))
        except Problems as several:
            faults += several.faults
        except AnswerprintError as fault:
            faults.append(fault)
    if faults:
        raise Problems(faults)
    return done
