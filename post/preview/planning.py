"""Plans a preview, in a worker: its first seconds, the whole film by what is known, then by what measuring tells.

    plan_hook                 the first shots alone, nothing measured
    plan_whole, wait=False    all of it, by the decisions that the store holds
    plan_whole, wait=True     all of it, by every decision that changes the picture

The three give slots on one grid. Where they agree, so do their keys, and nothing is made twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from fractions import Fraction

from post.engine import Store
from post.errors import AnswerprintError
from post.job.model import Job
from post.job.versions.load import load_versions
from post.knob import duration_seconds
from post.picture.reframe import AUTO
from post.picture.title import Title
from post.plan import compile_plan
from post.plan.framing import asked_focus
from post.plan.shots import plan_shots
from post.prepare.kept_answer import UnansweredError, kept_alone
from post.prepare.shot_match import match_shots
from post.prepare.shown_version import show_version
from post.prepare.sources import JobSources, open_sources
from post.prepare.subjects import crop_facts, has_labels
from post.prepare.toolchain import code_digest, read_toolchain
from post.preview.film import PlannedPreview, PreviewFilm, PreviewQuestion
from post.preview.quick_job import first_shots, left_out, only_one, quick_job
from post.preview.slots import HOOK_S, cut_slots, hook_spans, slot_spans
from post.preview.work import FilePlaces, SheetWork, SoundWork, film_task, sheet_places
from post.stage import call_of
from post.values import EncoderSettings, Fact, Rendition, Span, StageCall

NOTICE = "UNSIGNED, UNAPPROVED"
COLOUR, CROPS = "colour match", "crops by what stands out"
MODULES = ("preview/*.py", "render/fragment.py", "render/packets.py")
# A whole group of pictures each; no B frames, so that nothing waits. 2.5 ms a frame of 540p, at 3 Mb/s.
ENCODER = EncoderSettings("libx264", "mp4", (("crf", "23"), ("preset", "ultrafast")))


def plan_hook(asked: PreviewQuestion) -> PlannedPreview | None:
    """Returns the first seconds of a job's film: its first shots are opened, and nothing is measured.

    None where they cannot be planned without the others: all of the film tells what is wrong.
    """
    try:
        return _hook(only_one(load_versions(asked.job), asked.only), asked)
    except AnswerprintError:
        return None


def _hook(whole: Job, asked: PreviewQuestion) -> PlannedPreview | None:
    if whole.version is not None and whole.version.base:  # what it shows when is known once all of it is open
        return None
    count, length = 0, Fraction(0)
    clear = Fraction(0)
    while clear < HOOK_S and count < len(whole.cut):
        count += 1
        bare = replace(whole, sounds=(), captions=(), titles=(), brand=(), marks=())
        opened = open_sources(first_shots(bare, count, length), asked.anchors, asked.content, asked.keep)
        length = opened.job.clock.seconds(plan_shots(opened.job, opened.takes)[-1].span.stop)
        clear = length - _reach(whole, count)
    job = first_shots(whole, count, length)
    sources = open_sources(job, asked.anchors, asked.content, asked.keep)
    film = _compiled(sources, {})
    frames = film.format.length if count == len(whole.cut) else int(clear * whole.clock.rate)
    planned = _planned(whole, sources, film, hook_spans(frames, whole.clock.rate))
    return replace(planned, film=replace(planned.film, frames=0), sheet=None)


def _reach(job: Job, count: int) -> Fraction:
    """Returns for how long the shot behind the first `count` lies over them, in seconds; 0 where there is none."""
    return (
        duration_seconds(job.cut[count].transition_length, job.clock) if count < len(job.cut) else Fraction(0)
    )


def plan_whole(asked: PreviewQuestion, *, wait: bool) -> PlannedPreview:
    """Returns the whole film. wait: every decision is made, measured where it is not known; without it, the store's
    decisions are used, and the film says which are missing.

    Raises Problems with every fault of the job and its files, SourceError where a copy was changed meanwhile.
    """
    job = only_one(load_versions(asked.job), asked.only)
    opened = open_sources(job, asked.anchors, asked.content, asked.keep)
    with opened.naming():
        # As for a film: shots that a version does not show are references still.
        matched, missing = _matched(opened, asked.keep, wait=wait)
        sources, _ = show_version(matched)
        facts, more = _seen(sources, asked.keep, wait=wait)
        film = _compiled(sources, facts)
    planned = _planned(job, sources, film, slot_spans(film.format.length, job.clock.rate))
    return replace(planned, film=replace(planned.film, missing=(*missing, *more)))


def _matched(sources: JobSources, keep: Store, *, wait: bool) -> tuple[JobSources, tuple[str, ...]]:
    """Returns the job with its shots matched, and what is missing: with `wait` False, they are matched by decisions
    that the store holds, or not at all."""
    try:
        with nullcontext() if wait else kept_alone():
            return match_shots(sources, keep)[0], ()
    except UnansweredError:
        bare = tuple(replace(cut, match=None) for cut in sources.job.cut)
        return replace(sources, job=replace(sources.job, cut=bare)), (COLOUR,)


def _seen(
    sources: JobSources, keep: Store, *, wait: bool
) -> tuple[dict[str, dict[str, Fact]], tuple[str, ...]]:
    """Returns what is seen in the takes whose crops or labels depend on it, and what is missing."""
    job = sources.job
    names = {cut.take for cut in job.cut if asked_focus(cut, job.deliver[0]) == AUTO}
    if not (names or has_labels(job)):
        return {}, ()
    try:
        with nullcontext() if wait else kept_alone():
            return crop_facts(job, sources.takes, keep, names), ()
    except UnansweredError:
        return {}, (CROPS,)


def _compiled(sources: JobSources, facts: dict[str, dict[str, Fact]]) -> Rendition:
    small = quick_job(sources.job)
    return compile_plan(small, sources.takes, sources.sounds, read_toolchain(), facts).renditions[0]


def _planned(job: Job, sources: JobSources, film: Rendition, spans: tuple[Span, ...]) -> PlannedPreview:
    toolchain = (("answerprint preview", code_digest(MODULES)),)
    slots = cut_slots(film, spans, notice_over(film), ENCODER, toolchain)
    places = FilePlaces(
        tuple((sha256, str(path)) for sha256, path in sources.files().items()), sources.states
    )
    tasks = tuple(
        film_task(slot, places, f"{film.name}: preview of frame {slot.span.first} on") for slot in slots
    )
    sound = film_task(SoundWork(film.mix, toolchain), places, f"{film.name}: sound of the preview")
    sheet = film_task(
        SheetWork(sheet_places(film.shots, slots), toolchain), places, f"{film.name}: contact sheet"
    )
    shape, colour = film.format, film.format.colour
    rate = shape.clock.rate
    known = PreviewFilm(
        title=job.title, name=film.name, width=shape.width, height=shape.height,
        rate=(rate.numerator, rate.denominator), colour=(colour.primaries, colour.transfer, colour.matrix),
        frames=shape.length,
        slots=tuple((span.first, span.stop, task.key) for span, task in zip(spans, tasks, strict=True)),
        sound=sound.key, sound_rate=film.mix.rate_hz, sheet=sheet.key,
        shots=tuple((shot.name, shot.span.first) for shot in film.shots), left_out=left_out(job),
    )  # fmt: skip
    return PlannedPreview(known, tasks, sound, sheet, tuple(_read_by(sources)))


def _read_by(sources: JobSources) -> Iterator[str]:
    """Yields every file that a job's plan depends on, and the folders where a file could come before another one."""
    for path in sources.originals:
        if path.exists():  # of a sequence of images, the folder tells
            yield str(path)
        yield str(path.parent)
    yield from (str(path) for path in sources.job.path.parent.glob("*.y*ml"))


def notice_over(film: Rendition) -> StageCall:
    """Returns the words over every frame of a preview, small."""
    size = 3.4 if film.format.height >= film.format.width else 3.0
    return call_of(
        Title(
            text=NOTICE, size=size, place="top", plate=True, plate_opacity=0.5, plate_padding=0.6, shadow=0.0,
            opacity=0.85, lines=2,
        )
    )  # fmt: skip
