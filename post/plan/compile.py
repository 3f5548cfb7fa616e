"""Compiles a job and its takes to a Plan: the one place where what is wanted becomes what will be done.

cut -> shots -> each deliverable: treatments, layers, mix -> segments -> stages it declares
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeVar

from post.errors import AnswerprintError, JobError, Problems
from post.job.model import Deliver, Job
from post.picture.encode import CODECS
from post.plan.layers import DrawnLayer, draw_layer, overlap_warnings, refuse_covered_labels
from post.plan.placed import Draft, placed_stages
from post.plan.repair import Facts, RepairDecision
from post.plan.segments import FilmTreatment, cut_segments
from post.plan.shots import plan_shots
from post.plan.sound import AudioSource, plan_mix
from post.plan.treatment import ShotFacts, check_colour, check_grain, shot_as_read, shot_facts, treat_shot
from post.plan.warnings import defect_warnings, layer_warnings, shot_warnings, sound_warnings
from post.stage import call_of
from post.values import Format, Mix, Plan, Rendition, Shot, StageCall, Take
from post.values.toolchain import Releases, Toolchain

Item = TypeVar("Item")
Made = TypeVar("Made")


def compile_plan(
    job: Job,
    takes: Mapping[str, Take],
    sounds: Sequence[AudioSource],
    toolchain: Toolchain,
    facts: Mapping[str, Facts] | None = None,
) -> Plan:
    """Returns the plan of the whole job.

    takes: by name; sounds: the job's music, then its effects, probed; toolchain: becomes part of every key;
    facts: by take, then by measure; they decide repairs and grain.
    Raises Problems with one fault for each shot, layer and sound that does not fit.
    """
    shots = plan_shots(job, takes)
    _each(job.cut, check_colour)
    known = tuple(shot_facts(cut, shot, facts or {}) for cut, shot in zip(job.cut, shots, strict=True))

    def rendition(deliver: Deliver) -> tuple[Rendition, list[DrawnLayer]]:
        mix = plan_mix(job, deliver, shots, sounds, toolchain.sound)
        return _rendition(job, deliver, (shots, known), mix, toolchain.picture)

    drawn = _each(job.deliver, rendition)
    renditions = tuple(made for made, _ in drawn)
    origins = (*job.origins, *(_origin(decision) for shot in known for decision in shot.repairs))
    warnings = (
        *shot_warnings(job.cut, shots, job.clock),
        *defect_warnings(job.cut, shots, facts or {}),
        *layer_warnings(job, shots[-1].span.stop),
        *overlap_warnings({made.name: layers for made, layers in drawn}),
        *sound_warnings(job, renditions[0].mix, shots[-1].span.stop),
    )
    return Plan(job.title, job.clock, tuple(takes.values()), renditions, origins, warnings=warnings)


def _origin(decision: RepairDecision) -> tuple[str, str, str]:
    """Returns a repair's decision as `plan` lists it: (place in the job, value, why)."""
    return decision.wanted.place, "done" if decision.stage else "left out", decision.why


def _rendition(
    job: Job,
    deliver: Deliver,
    cut: tuple[tuple[Shot, ...], tuple[ShotFacts, ...]],
    mix: Mix,
    toolchain: Releases,
) -> tuple[Rendition, list[DrawnLayer]]:
    """Returns one deliverable, planned, and its layers. cut: its shots, and what was measured of each."""
    shots, known = cut
    film = _format(deliver, shots[-1].span.stop, job)
    drawn = _each([*job.titles, *job.marks], lambda timed: draw_layer(timed, film))
    refuse_covered_labels(drawn, film)
    layers = tuple(layer.placement for layer in drawn)
    treatments = tuple(
        treat_shot(each, shot, facts, job.grain, (deliver, film))
        for each, shot, facts in zip(job.cut, shots, known, strict=True)
    )
    check_grain(deliver, film, treatments)
    stages = _film_stages(job)
    whole = FilmTreatment(layers, deliver.encode.settings(deliver.container), toolchain, stages)
    as_read = [shot_as_read(each, shot, film) for each, shot in zip(job.cut, shots, strict=True)]
    segments = cut_segments(film, as_read, treatments, whole)
    draft = Draft(job, deliver, film, shots, treatments, layers, stages, mix)
    return Rendition(deliver.name, film, shots, segments, mix, placed_stages(draft)), drawn


def _film_stages(job: Job) -> tuple[StageCall, ...]:
    """Returns the stages that change the whole film's picture last: its watermark."""
    marking = job.provenance.marking
    return (call_of(marking.stage),) if marking else ()


def _format(deliver: Deliver, length: int, job: Job) -> Format:
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


def _each(items: Sequence[Item], work: Callable[[Item], Made]) -> list[Made]:
    """Does `work` on each item and returns what was made. Raises Problems with every fault."""
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
