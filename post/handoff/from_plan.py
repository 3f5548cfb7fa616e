"""Makes a timeline from a job and its plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from post.atomic import real_path
from post.handoff.own_keys import clip_metadata, job_metadata, sound_frames, title_metadata
from post.handoff.timeline import (
    ClipAudio,
    ColourDecisions,
    Timeline,
    TimelineClip,
    TimelineMedia,
    TimelineSound,
    TimelineTitle,
    TimelineTransition,
)
from post.job.model import Cut, Job, TakeRef
from post.job.plain import plain_job
from post.knob import duration_frames, duration_seconds, public_knobs
from post.picture.title import Title
from post.sound.stages import CLIP
from post.stage import TransitionStage
from post.values import Shot, Span, SpeedKey, Take
from post.values.plan import Rendition, SoundEvent


def timeline_of(
    job: Job, rendition: Rendition, grades: Mapping[str, ColourDecisions] | None = None
) -> Timeline:
    """Returns the cut of a planned job as editors have it.

    rendition: the deliverable whose size and sound it takes, one of the plan's, whole; grades: an ASC CDL for shots, by
    name. Raises JobError if the job's file cannot be read any more.
    """
    shots, written = rendition.shots, plain_job(job.path)
    entries = written.get("cut") or []
    cuts, sounds = cut_points(shots), _sounds(rendition)
    clips = tuple(
        _clip(job, cut, shot, Span(*edge), entry, (grades or {}).get(cut.name))
        for cut, shot, edge, entry in zip(job.cut, shots, pairwise(cuts), entries, strict=True)
    )
    return Timeline(
        name=job.title,
        clock=job.clock,
        clips=clips,
        transitions=_transitions(job, shots, written),
        sounds=sounds,
        titles=_titles(job, rendition, written.get("titles") or []),
        width=rendition.format.width,
        height=rendition.format.height,
        sample_rate_hz=job.sample_rate_hz,
        metadata=job_metadata(written, real_path(job.path).parent, sound_frames(sounds, job.clock)),
    )  # fmt: skip


def cut_points(shots: Sequence[Shot]) -> tuple[int, ...]:
    """Returns the frames at which an editor cuts: 0, the middle of each transition, and the last shot's end."""
    inner = [shot.span.first + shot.transition // 2 for shot in shots[1:]]
    return (0, *inner, shots[-1].span.stop) if shots else (0,)


def _clip(
    job: Job, cut: Cut, shot: Shot, record: Span, entry: Mapping[str, Any], grade: ColourDecisions | None
) -> TimelineClip:
    skipped = record.first - shot.span.first
    grid = shot.take.picture.grid
    still = shot.take.picture.stands_still
    clip = TimelineClip(
        id=cut.name,
        name=cut.name,
        media=take_media(job.take(cut.take), shot.take),
        record=record,
        source=grid.seconds(shot.time.start if still else shot.time(skipped)),
        speeds=tuple(replace(key, at=key.at - skipped) for key in _speeds(shot)),
        sampling=shot.sampling,
        audio=_audio(job, cut),
        grade=grade,
    )
    return replace(clip, metadata=clip_metadata(entry, clip, shot.span, shot.transition, job.clock))


def _speeds(shot: Shot) -> tuple[SpeedKey, ...]:
    """Returns a shot's speed keys, in frames after its first. A held end is a speed of 0."""
    held = shot.time.held
    if held is None:
        return shot.time.keys
    moving = [key for key in shot.time.keys if key.at < held] or [shot.time.keys[0]]
    return (*moving, SpeedKey(held, Fraction(0), "hold"))


def take_media(ref: TakeRef, take: Take) -> TimelineMedia:
    """Returns the media of a take, as timelines name it."""
    picture, (width, height) = take.picture, take.picture.shown
    if ref.made is not None:
        text = ref.slate.text if ref.slate is not None else ""
        return TimelineMedia(ref.name, make=ref.made.make, fill=ref.fill, text=text, still=True)
    return TimelineMedia(
        name=ref.name,
        path=str(ref.path),
        sha256=take.file.sha256,
        rate=picture.grid.rate,
        length=picture.grid.seconds(picture.length),
        width=round(width),
        height=height,
        sound=take.sound is not None,
        still=picture.stands_still,
    )


def _audio(job: Job, cut: Cut) -> ClipAudio:
    sound = cut.sound
    fade_in, fade_out = (duration_seconds(text, job.clock) for text in (sound.fade_in, sound.fade_out))
    # Knobs that a build may lack: J and L cuts, and how sound follows a retime.
    asked = {name: getattr(sound, name) for name in public_knobs(type(sound))}
    lead, lag = (duration_frames(str(asked.get(name, "0f")), job.clock) for name in ("lead", "lag"))
    pitch = str(asked.get("pitch", ""))
    role = "dialogue" if sound.stem == CLIP else sound.stem  # what an editor takes a clip's own sound for
    return ClipAudio(lead, lag, sound.gain, sound.mute, fade_in, fade_out, pitch, role)


def _transitions(
    job: Job, shots: Sequence[Shot], written: Mapping[str, Any]
) -> tuple[TimelineTransition, ...]:
    """Returns the transitions between shots, the first shot's out of black, and the film's ending."""
    found = []
    for number, (cut, shot, at, entry) in enumerate(
        zip(job.cut, shots, cut_points(shots), written.get("cut") or [], strict=False)
    ):
        if shot.transition:
            before = shot.transition // 2 if number else 0
            found.append(
                _transition(cut.transition, at, (before, shot.transition - before), entry.get("transition"))
            )
    if shots and shots[-1].ending:
        ending = job.cut[-1].ending
        found.append(_transition(ending, shots[-1].span.stop, (shots[-1].ending, 0), written.get("ending")))
    return tuple(found)


def _transition(
    stage: TransitionStage | None, at: int, sides: tuple[int, int], written: Any
) -> TimelineTransition:
    """Returns a transition. sides: its frames before and after the cut; written: as the job writes it."""
    settings = dict(written) if isinstance(written, Mapping) else {}
    code = settings.get("code", 1 if stage is not None and stage.name == "wipe" else None)
    return TimelineTransition(
        at=at,
        before=sides[0],
        after=sides[1],
        stage=stage.name if stage is not None else "dissolve",
        wipe=code if isinstance(code, int) else None,
        params={key: value for key, value in settings.items() if key not in ("stage", "length")},
    )


def _sounds(rendition: Rendition) -> tuple[TimelineSound, ...]:
    laid = [event for event in rendition.mix.events if event.role != "clip"]
    rate_hz = rendition.mix.rate_hz
    return tuple(_sound(event, number, rate_hz) for number, event in enumerate(laid, 1))


def _sound(event: SoundEvent, number: int, rate_hz: int) -> TimelineSound:
    role = "effects" if event.role == "effect" else event.role
    path = str(event.file.path or event.file.name)
    length = Fraction(event.sound.samples, event.sound.rate_hz)
    media = TimelineMedia(event.file.name, path, event.file.sha256, picture=False, sound=True, length=length)
    return TimelineSound(
        id=f"{role}-{number}",
        media=media,
        at=Fraction(event.at, rate_hz),
        length=Fraction(event.length, rate_hz),
        source=event.offset,
        role=role,
        gain_db=event.gain_db,
        fade_in=Fraction(event.fade_in, rate_hz),
        fade_out=Fraction(event.fade_out, rate_hz),
        loop=event.loop,
    )


def _titles(
    job: Job, rendition: Rendition, written: Sequence[Mapping[str, Any]]
) -> tuple[TimelineTitle, ...]:
    film = rendition.format.length
    found = []
    for number, (timed, entry) in enumerate(zip(job.titles, written, strict=True), 1):
        first = min(duration_frames(timed.at, job.clock), film)
        stop = min(first + duration_frames(timed.length, job.clock), film) if timed.length else film
        text = timed.layer.text if isinstance(timed.layer, Title) else ""
        metadata = title_metadata(entry, text, Span(first, stop))
        found.append(
            TimelineTitle(str(entry.get("id") or f"title-{number}"), text, Span(first, stop), metadata)
        )
    return tuple(found)
