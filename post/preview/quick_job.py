"""Makes of a job the one that its preview shows: one deliverable, small, without what a preview leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from post.job.model import AudioClip, Cut, Deliver, Job, Timed
from post.knob import duration_seconds
from post.picture.encode import Encode
from post.values import Clock
from post.versions.choose import choose_films

SHORTER = 540  # pixels of the shorter side
BITRATE = 128_000  # of the sound, bits a second
GRAIN = "grain is left out"
REPAIRS = "repairs of the shots are left out"
MARK = "the invisible watermark is left out"
BETWEEN = "frames between source frames are mixed, not made by motion"
LEVEL = "loudness is set by one gain, without the limiter"


def only_one(jobs: Sequence[Job], only: str) -> Job:
    """Returns the job of one film, with its deliverable alone. jobs: the versions that a file stands for; only: the
    film's name, or a pattern that it fits; "" for the first. Raises JobError where none has such a name."""
    job = choose_films(jobs, only)[0]
    return replace(job, deliver=job.deliver[:1])


def quick_job(job: Job) -> Job:
    """Returns the job with its deliverables as small as a preview, without grain, repairs and watermark."""
    cut = tuple(replace(each, repairs=()) for each in job.cut)
    bare = replace(job.provenance, marking=None)
    return replace(
        job, cut=cut, grain=None, provenance=bare, deliver=tuple(_small(each) for each in job.deliver)
    )


def left_out(job: Job) -> tuple[str, ...]:
    """Returns, in words, what a preview of a job leaves out. job: as it is, with its deliverable alone."""
    return tuple(_left_out(job))


def _left_out(job: Job) -> Iterator[str]:
    if job.grain is not None:
        yield GRAIN
    if any(cut.repairs for cut in job.cut):
        yield REPAIRS
    if job.provenance.marking is not None:
        yield MARK
    if any(cut.retime.sampling in ("flow", "learned", "draft", "auto") for cut in job.cut):
        yield BETWEEN
    yield LEVEL


def small_size(width: int, height: int) -> tuple[int, int]:
    """Returns the size of a preview: the shorter side 540 pixels, even sides, never larger than the film.

    >>> small_size(1920, 1080), small_size(1080, 1920), small_size(160, 90)
    ((960, 540), (540, 960), (160, 90))
    """
    share = min(Fraction(1), Fraction(SHORTER, min(width, height)))
    across, down = (max(2, 2 * round(side * share / 2)) for side in (width, height))
    return across, down


def _small(deliver: Deliver) -> Deliver:
    width, height = small_size(deliver.width, deliver.height)
    return replace(
        deliver, width=width, height=height, depth=8, chroma="420", container="mp4",
        encode=Encode(codec="h264", crf=23, preset="ultrafast"), audio_codec="aac", audio_bitrate=BITRATE, channels=2,
        stems=False,
    )  # fmt: skip


def first_shots(job: Job, count: int, length: Fraction) -> Job:
    """Returns the job with its first shots alone, and what lies over and beside them.

    length: how long these shots are, in seconds: what starts later is left out, as is what counts from the film's end.
    Their matches are left out: a reference may be a later shot.
    """
    cut = tuple(replace(each, match=None) for each in job.cut[:count])
    return replace(
        job,
        cut=_without_ending(cut) if count < len(job.cut) else cut,
        titles=_early(job.titles, job.clock, length),
        brand=_early(job.brand, job.clock, length),
        marks=_early(job.marks, job.clock, length),
        sounds=tuple(_early_sounds(job.sounds, job.clock, length)),
        captions=tuple(replace(each, sidecars=(), track=False) for each in job.captions if not each.take),
        allow=(),
    )


def _without_ending(cut: tuple[Cut, ...]) -> tuple[Cut, ...]:
    return (*cut[:-1], replace(cut[-1], ending=None, ending_length="0f"))


def _early(layers: tuple[Timed, ...], clock: Clock, length: Fraction) -> tuple[Timed, ...]:
    early = []
    for each in layers:
        if each.last:
            continue
        at = duration_seconds(each.at, clock)
        if at < length:
            over = each.length and at + duration_seconds(each.length, clock) > length
            early.append(replace(each, length="") if over else each)
    return tuple(early)


def _early_sounds(sounds: tuple[AudioClip, ...], clock: Clock, length: Fraction) -> Iterator[AudioClip]:
    for each in sounds:
        if duration_seconds(each.at, clock) < length:
            yield each
