"""Plans a preview, in a worker: the first seconds at once, the whole film from what is known, then what measuring tells.

    plan_hook     the first shots alone, nothing measured
    plan_film     all of it, with the decisions that the store holds
    plan_right    all of it, with every decision that changes the picture

The three give slots on one grid. Where they agree, so do their keys, and nothing is made twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from post.engine import ContentStore, Store, Task
from post.job import load_job
from post.job.model import Job
from post.picture.title import Title
from post.plan import compile_plan
from post.plan.framing import AUTO
from post.prepare.kept_answer import UnansweredError, kept_alone
from post.prepare.shot_match import match_shots
from post.prepare.sources import JobSources, open_sources
from post.prepare.subjects import subject_facts
from post.prepare.toolchain import code_digest, read_toolchain
from post.preview.quick_job import first_shots, left_out, only_one, quick_job
from post.preview.slots import HOOK_S, cut_slots, hook_spans, slot_spans
from post.preview.work import SheetWork, SoundWork, film_task, sheet_places
from post.stage import call_of
from post.values import EncoderSettings, Fact, Rendition, Span, StageCall
from provenance.trust.lists import Anchors

NOTICE = "UNSIGNED, UNAPPROVED"
COLOUR, CROPS = "colour match", "crops by what stands out"
MODULES = ("preview/*.py", "render/fragment.py", "render/packets.py")
# A whole group of pictures each; no B frames, so that nothing waits. 2.5 ms a frame of 540p, at 3 Mb/s.
ENCODER = EncoderSettings("libx264", "mp4", (("crf", "23"), ("preset", "ultrafast")))


@dataclass(frozen=True, slots=True)
class PlannedPreview:
    """A preview, or its first seconds, planned. slots: tasks for its picture, in order, each `spans` of frames; frames:
    of the whole film, 0 where not known yet; left_out: what it leaves out, in words; missing: decisions that are not
    made yet; states: of the files that the job names."""

    title: str
    name: str
    width: int
    height: int
    rate: Fraction
    colour: tuple[int, int, int]
    frames: int
    spans: tuple[Span, ...]
    slots: tuple[Task, ...]
    sound: Task
    sheet: Task | None
    shots: tuple[tuple[str, int], ...]
    left_out: tuple[str, ...]
    missing: tuple[str, ...]
    originals: tuple[str, ...]


def plan_hook(
    path: Path, only: str, anchors: Sequence[Anchors], content: ContentStore, keep: Store
) -> PlannedPreview:
    """Returns the first seconds of a job's film: its first shots are opened, and nothing is measured.

    Raises what `load_job` and `open_sources` raise.
    """
    whole = only_one(load_job(path), only)
    for count in range(1, len(whole.cut) + 1):
        shots = replace(whole, cut=whole.cut[:count], sounds=(), captions=(), titles=(), brand=(), marks=())
        opened = open_sources(first_shots(shots, count, Fraction(0)), anchors, content, keep)
        length = _length(opened)
        clear = length - _reach(whole, count)
        if clear >= HOOK_S or count == len(whole.cut):
            break
    job = first_shots(replace(whole, cut=whole.cut), count, length)
    sources = open_sources(job, anchors, content, keep)
    film = _compiled(sources, {})
    spans = hook_spans(int(clear * whole.clock.rate) if count < len(whole.cut) else film.format.length, whole.clock.rate)
    planned = _planned(whole, sources, film, spans)
    return replace(planned, frames=0, sheet=None)


def _length(sources: JobSources) -> Fraction:
    """Returns how long the shots of a job are, in seconds."""
    from post.plan.shots import plan_shots

    return sources.job.clock.seconds(plan_shots(sources.job, sources.takes)[-1].span.stop)


def _reach(job: Job, count: int) -> Fraction:
    """Returns for how long the shot behind the first `count` lies over them, in seconds; 0 where there is none."""
    from post.knob import duration_seconds

    return duration_seconds(job.cut[count].transition_length, job.clock) if count < len(job.cut) else Fraction(0)


def plan_film(
    path: Path, only: str, anchors: Sequence[Anchors], content: ContentStore, keep: Store
) -> PlannedPreview:
    """Returns the whole film with the decisions that the store holds, and which are missing. Raises as `plan_hook`."""
    return _whole(path, only, anchors, content, keep, wait=False)


def plan_right(
    path: Path, only: str, anchors: Sequence[Anchors], content: ContentStore, keep: Store
) -> PlannedPreview:
    """Returns the whole film with every decision, which is measured where it is not known. Raises as `plan_hook`."""
    return _whole(path, only, anchors, content, keep, wait=True)


def _whole(
    path: Path, only: str, anchors: Sequence[Anchors], content: ContentStore, keep: Store, *, wait: bool
) -> PlannedPreview:
    job = only_one(load_job(path), only)
    opened = open_sources(job, anchors, content, keep)
    with opened.naming():
        sources, missing = _matched(opened, keep, wait=wait)
        facts, more = _seen(sources, keep, wait=wait)
    film = _compiled(sources, facts)
    spans = slot_spans(film.format.length, job.clock.rate)
    return replace(_planned(job, sources, film, spans), missing=(*missing, *more))


def _matched(sources: JobSources, keep: Store, *, wait: bool) -> tuple[JobSources, tuple[str, ...]]:
    """Returns the job with its shots matched, and what is missing: with `wait` False, they are matched by decisions that
    the store holds, or not at all."""
    if wait:
        return match_shots(sources, keep)[0], ()
    try:
        with kept_alone():
            return match_shots(sources, keep)[0], ()
    except UnansweredError:
        bare = tuple(replace(cut, match=None) for cut in sources.job.cut)
        return replace(sources, job=replace(sources.job, cut=bare)), (COLOUR,)


def _seen(
    sources: JobSources, keep: Store, *, wait: bool
) -> tuple[dict[str, dict[str, Fact]], tuple[str, ...]]:
    """Returns what stands out in the takes whose crops depend on it, and what is missing."""
    job = sources.job
    names = {cut.take for cut in job.cut if AUTO in (cut.focus, job.deliver[0].focus)}
    if not names:
        return {}, ()
    try:
        if wait:
            found = subject_facts(job, sources.takes, keep, names)
        else:
            with kept_alone():
                found = subject_facts(job, sources.takes, keep, names)
    except UnansweredError:
        return {}, (CROPS,)
    return {name: {"subjects": fact} for name, fact in found.items()}, ()


def _compiled(sources: JobSources, facts: dict[str, dict[str, Fact]]) -> Rendition:
    small = quick_job(sources.job)
    return compile_plan(small, sources.takes, sources.sounds, read_toolchain(), facts).renditions[0]


def _planned(job: Job, sources: JobSources, film: Rendition, spans: tuple[Span, ...]) -> PlannedPreview:
    toolchain = (("answerprint preview", code_digest(MODULES)),)
    slots = cut_slots(film, spans, notice_over(film), ENCODER, toolchain)
    shots = tuple((shot.name, shot.span.first) for shot in film.shots)
    places = sheet_places(film.shots, slots)
    colour = film.format.colour
    return PlannedPreview(
        title=job.title, name=film.name, width=film.format.width, height=film.format.height,
        rate=film.format.clock.rate, colour=(colour.primaries, colour.transfer, colour.matrix),
        frames=film.format.length, spans=spans,
        slots=tuple(film_task(slot, sources, f"{film.name}: preview") for slot in slots),
        sound=film_task(SoundWork(film.mix, toolchain), sources, f"{film.name}: preview's sound"),
        sheet=film_task(SheetWork(places, toolchain), sources, f"{film.name}: contact sheet"),
        shots=shots, left_out=left_out(job), missing=(), originals=tuple(map(str, sources.originals)),
    )  # fmt: skip


def notice_over(film: Rendition) -> StageCall:
    """Returns the words over every frame of a preview, small."""
    size = 3.4 if film.format.height >= film.format.width else 3.0
    return call_of(
        Title(
            text=NOTICE, size=size, place="top", plate=True, plate_opacity=0.5, plate_padding=0.6, shadow=0.0,
            opacity=0.85, lines=2,
        )
    )  # fmt: skip
