"""Compiles a job and its takes to a Plan: the one place where what is wanted becomes what will be done.

cut -> shots -> each deliverable: treatments, layers, mix -> segments -> stages it declares
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from post.errors import AnswerprintError, JobError, Problems
from post.job.model import Deliver, Job
from post.picture.encode import CODECS
from post.plan.between.sampling import decide_sampling
from post.plan.captions.checks import caption_warnings, sidecar_warnings
from post.plan.captions.outputs import sidecars_of, tracks_of
from post.plan.captions.place import BurntCaptions, burn_captions, crowding_warnings
from post.plan.captions.timing import FilmCaptions, captions_on_film
from post.plan.cut.handles import make_handles
from post.plan.film_part import FilmPart, shown_shots
from post.plan.framing import crop_warnings, crops_of, framing_origins
from post.plan.label.faces import FilmFaces, face_warnings, faces_in_film
from post.plan.label.place import place_labels, places_taken
from post.plan.label.showings import repeat_labels
from post.plan.layers import DrawnLayer, draw_layer, layer_for, overlap_warnings, refuse_covered_labels
from post.plan.placed import Draft, placed_stages
from post.plan.repair import Facts, RepairDecision
from post.plan.segments import FilmTreatment, cut_segments
from post.plan.shots import lay_out_shots
from post.plan.sound import AudioSource, plan_mix
from post.plan.titles.assertions import check_assertions
from post.plan.titles.saturated_edges import saturated_edge_warnings
from post.plan.treatment import (
    ShotFacts,
    check_grain,
    check_stages,
    shot_as_read,
    shot_facts,
    shot_for_film,
    tone_mapped,
    treat_shot,
)
from post.plan.warnings import (
    container_warnings,
    cut_warnings,
    defect_warnings,
    layer_warnings,
    shot_warnings,
    sound_warnings,
)
from post.stage import call_of
from post.values import Format, Mix, Plan, Rendition, Shot, Span, StageCall, Take
from post.values.files.film_container import FILM_CONTAINERS
from post.values.toolchain import Releases, Toolchain
from post.values.warning import JobWarning

Item = TypeVar("Item")
Made = TypeVar("Made")
# A deliverable, planned, with its layers, its captions and its faces.
DrawnFilm = tuple[Rendition, list[DrawnLayer], BurntCaptions, FilmFaces]


def compile_plan(
    job: Job,
    takes: Mapping[str, Take],
    sounds: Sequence[AudioSource],
    toolchain: Toolchain,
    facts: Mapping[str, Facts] | None = None,
    part: FilmPart | None = None,
) -> Plan:
    """Returns the plan of the whole job.

    takes: by name; sounds: beside the shots, probed; toolchain: becomes part of every key;
    facts: by take, then by measure; they decide repairs and grain; part: None for the whole film.
    Raises Problems with one fault for each shot, layer and sound that does not fit; JobError for a part that is not in
    the film.
    """
    wanted, (job, fixes) = job, make_handles(job, takes)
    shots, sampled = decide_sampling(job.cut, lay_out_shots(job, takes), facts or {})
    job = tone_mapped(job, takes)
    _each(job.cut, check_stages)
    known = tuple(shot_facts(cut, shot, facts or {}) for cut, shot in zip(job.cut, shots, strict=True))
    shown = part.frames(job.clock, shots[-1].span.stop) if part else None
    captions = captions_on_film(job, shots)

    def rendition(deliver: Deliver) -> DrawnFilm:
        mix = plan_mix(job, deliver, shots, sounds, toolchain.sound)
        drawn = _rendition(job, deliver, (shots, known, captions), mix, (toolchain.picture, shown))
        return (_only_part(drawn[0], shown, job), *drawn[1:]) if shown else drawn

    drawn = _each(job.deliver, rendition)
    renditions = tuple(made for made, *_ in drawn)
    repairs = (_origin(decision) for shot in known for decision in shot.repairs)
    part_shown = shown or Span(0, shots[-1].span.stop)
    seen = {shot.name for shot in shown_shots(shots, part_shown)}
    framed = tuple(each for each in crops_of(job, shots, facts or {}) if each.shot in seen)
    focused = (origin for each in framed for origin in framing_origins(each, job))
    fixed = (origin for fix in fixes for origin in fix.origins())
    placed = (origin for made, layers, *_ in drawn for origin in places_taken(layers, made.name))
    origins = (*job.origins, *fixed, *sampled, *repairs, *_past_their_ends(job, shots), *focused, *placed)
    names = {asked.name: made.name for asked, made in zip(job.deliver, renditions, strict=True)}
    warnings = (
        *(fix.warning(wanted) for fix in fixes if fix.cut.name in seen),
        *_shot_warnings(job, shots, facts or {}, part_shown),
        *container_warnings(job.deliver),
        *crop_warnings(framed, names),
        *_layer_warnings(job, drawn, captions, (shots[-1].span.stop, part_shown)),
        *sound_warnings(job, renditions[0].mix, sounds, (shots[-1].span.stop, part_shown)),
    )
    return Plan(
        job.title, job.clock, tuple(takes.values()), renditions, origins, framed=framed, warnings=warnings
    )


def _layer_warnings(
    job: Job, drawn: Sequence[DrawnFilm], captions: Sequence[FilmCaptions], film: tuple[int, Span]
) -> Iterator[JobWarning]:
    """Yields what is to be said of layers and captions. film: how many frames it has, and the part to look at."""
    frames, part = film
    yield from layer_warnings(job, frames, part)
    yield from overlap_warnings({made.name: layers for made, layers, *_ in drawn}, part)
    yield from face_warnings(
        ((made.name, layers, faces, made.format) for made, layers, _, faces in drawn), part
    )
    yield from saturated_edge_warnings({made.name: (made.format, layers) for made, layers, *_ in drawn}, part)
    yield from crowding_warnings({made.name: burnt for made, _, burnt, _ in drawn}, job.clock, part)
    yield from caption_warnings(captions, job.clock, part)
    yield from sidecar_warnings(each for made, *_ in drawn for each in made.sidecars)


def _shot_warnings(
    job: Job, shots: Sequence[Shot], facts: Mapping[str, Facts], part: Span
) -> Iterator[JobWarning]:
    """Yields what is to be said of the shots that a part of the film shows."""
    pairs = [row for row in zip(job.cut, shots, strict=True) if row[1].span.meets(part)]
    cuts, seen = [cut for cut, _ in pairs], [shot for _, shot in pairs]
    yield from shot_warnings(cuts, seen, job.clock)
    yield from defect_warnings(cuts, seen, facts, part)
    yield from cut_warnings(cuts, seen, facts, part)


def _origin(decision: RepairDecision) -> tuple[str, str, str]:
    """Returns a repair's decision as `plan` lists it: (place in the job, value, why)."""
    return decision.wanted.place, "done" if decision.stage else "left out", decision.why


def _past_their_ends(job: Job, shots: Sequence[Shot]) -> Iterator[tuple[str, str, str]]:
    """Yields what a shot that is longer than its animation or sequence shows then, as `plan` lists it."""
    done = {"repeats": "begins again", "holds": "its last frame is held"}
    for number, shot in enumerate(shots):
        picture = shot.take.picture
        over = shot.time(len(shot.span) - 1) >= picture.length
        if over and not picture.stands_still and picture.after_end in done:
            seconds = float(picture.grid.seconds(picture.length))
            why = f"the shot is longer than the {seconds:.3f} s of {job.cut[number].take!r}"
            yield f"cut[{number}].take", done[picture.after_end], why


def _only_part(whole: Rendition, shown: Span, job: Job) -> Rendition:
    """Returns a rendition that names, mixes and declares nothing but the part that its segments are cut for."""
    samples = Span(*(job.clock.samples(edge, whole.mix.rate_hz) for edge in (shown.first, shown.stop)))
    placed = [each for each in whole.placed if each.span.meets(shown)]
    return replace(
        whole,
        name=f"{whole.name}.range-{shown.first}-{shown.stop - 1}",
        shots=shown_shots(whole.shots, shown),
        mix=replace(whole.mix, part=samples),
        placed=tuple(replace(each, span=each.span.common(shown).shift(-shown.first)) for each in placed),
        part=shown,
        sidecars=(),
        tracks=(),
        stems=False,
    )


def _rendition(
    job: Job,
    deliver: Deliver,
    cut: tuple[tuple[Shot, ...], tuple[ShotFacts, ...], tuple[FilmCaptions, ...]],
    mix: Mix,
    making: tuple[Releases, Span | None],
) -> DrawnFilm:
    """Returns one deliverable, planned, with its layers, its captions and its faces.

    cut: its shots, what was measured of each, and the film's captions; making: what makes its picture, and the part
    that segments are cut for, None for all."""
    toolchain, part = making
    shots, known, captions = cut
    film = _format(deliver, shots[-1].span.stop, job)
    shots = tuple(shot_for_film(shot, film) for shot in shots)
    asked = [layer_for(timed, deliver.clear, deliver.label_clear) for timed in job.layers]
    drawn = repeat_labels(_each(asked, lambda timed: draw_layer(timed, film)), film)
    treatments = tuple(
        treat_shot(each, shot, facts, job.grain, (deliver, film))
        for each, shot, facts in zip(job.cut, shots, known, strict=True)
    )
    faces = faces_in_film(shots, treatments, [each.known for each in known], film)
    drawn = place_labels(drawn, film, faces)
    refuse_covered_labels(drawn, film)
    check_assertions(drawn, film)
    burnt = burn_captions(captions, deliver.name, film, drawn, deliver.clear)
    under = len(job.brand) + len(job.titles)  # captions lie over those, and under logos and labels
    layers = tuple(layer.placement for layer in (*drawn[:under], *burnt.layers, *drawn[under:]))
    check_grain(deliver, film, treatments)
    stages, container = _film_stages(job), FILM_CONTAINERS[deliver.container]
    whole = FilmTreatment(
        layers, deliver.encode.settings(container.segments(deliver.encode.codec)), toolchain, stages
    )
    as_read = [shot_as_read(each, shot, film) for each, shot in zip(job.cut, shots, strict=True)]
    segments = cut_segments(film, as_read, treatments, whole, part)
    declared = tuple(layer.placement for layer in drawn)
    draft = Draft(job, deliver, film, shots, treatments, declared, stages, mix, burnt.placed)
    made = Rendition(deliver.name, film, shots, segments, mix, placed_stages(draft))

    sidecars, tracks = (
        sidecars_of(captions, deliver.name),
        tracks_of(captions, deliver.name, deliver.container),
    )
    stems = deliver.stems and bool(mix.events)
    beside = replace(made, sidecars=sidecars, tracks=tracks, container=deliver.container, stems=stems)
    return beside, drawn, burnt, faces


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
