"""Plans a film's sound: events on one bus, placed to the sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from post.errors import JobError
from post.job.model import AudioClip, Cut, Deliver, Job
from post.knob import duration_seconds
from post.plan.cut.sound_edits import move_edits
from post.plan.cut.timing import first_speed
from post.values import Clock, File, Mix, Shot, Sound, SoundEvent, Span, TimeMap, round_half_up
from post.values.toolchain import Releases
from post.values.warning import JobWarning


@dataclass(frozen=True, slots=True)
class AudioSource:
    """A sound beside the shots, probed. clip: what the job says of it; said: what was chosen, dropped or joined."""

    clip: AudioClip
    file: File
    sound: Sound
    said: tuple[JobWarning, ...] = ()


def plan_mix(
    job: Job,
    deliver: Deliver,
    shots: Sequence[Shot],
    sounds: Sequence[AudioSource],
    toolchain: Releases,
) -> Mix:
    """Returns one deliverable's mix: the shots' own sound, then what lies beside them, in the order of the job.

    sounds: beside the shots, probed; toolchain: becomes part of the mix's key.
    Raises JobError if a clip starts after the end of the film or of its own sound, and Problems if a shot's sound leads
    or lags where it cannot.
    """
    frames = shots[-1].span.stop
    rate = job.sample_rate_hz
    length = job.clock.samples(frames, rate)
    clips = [
        _shot_event(cut, shot, after, job)
        for cut, shot, after in zip(job.cut, shots, [*shots[1:], None], strict=True)
    ]
    clips = move_edits(job, shots, clips)
    events = unbroken([event for event in clips if event], rate) + [
        _event(each, job, length) for each in sounds
    ]
    loudness = deliver.loudness
    sent = any(event.shape.send_db is not None for event in events)
    return Mix(
        events=tuple(events),
        rate_hz=rate,
        channels=deliver.channels,
        length=length,
        loudness_lufs=loudness.target_lufs,
        true_peak_dbtp=loudness.true_peak,
        codec=deliver.audio_codec,
        bitrate=deliver.audio_bitrate,
        toolchain=toolchain,
        tone=job.tone.planned if any(event.role == "clip" for event in events) else None,
        room=job.room.planned if sent else None,
        gate=loudness.gate,
        sparse_lufs=loudness.sparse_target or None,
        limits=loudness.limits,
    )


def _shot_event(cut: Cut, shot: Shot, after: Shot | None, job: Job) -> SoundEvent | None:
    """Returns the shot's own sound, with fades in its transitions and the film's ending; None if it has none."""
    sound = shot.take.sound
    if sound is None or sound.silent or cut.sound.mute:
        return None
    at, stop = (job.clock.samples(edge, job.sample_rate_hz) for edge in (shot.span.first, shot.span.stop))
    fade_in, fade_out = cut.sound.fades(job.clock, job.sample_rate_hz)
    event = SoundEvent(
        file=shot.take.file,
        role="clip",
        sound=sound,
        at=at,
        length=stop - at,
        offset=shot.time.start / shot.take.picture.grid.rate,
        gain_db=cut.sound.gain,
        fade_in=max(fade_in, _span(shot.transition, job)),
        fade_out=max(fade_out, _span(after.transition if after else shot.ending, job)),
        declick=cut.sound.shortest_fade(job.clock, job.sample_rate_hz),
        stem=cut.sound.stem,
        shape=cut.sound.shape,
        duck=cut.sound.ducking,
        speech_db=cut.sound.speech,
        repair=cut.sound.repair,
    )
    if shot.time.constant == 1:
        return event
    time = _sound_map(shot, job)
    return replace(event, map=time, offset=time.start / job.sample_rate_hz, pitch=cut.sound.pitch)


def unbroken(events: Sequence[SoundEvent], rate_hz: int) -> list[SoundEvent]:
    """Returns the events of shots; those that go on where the one before stops are one event with it.

    So a cut within a take, at the take's own speed and at one gain, leaves its sound as it is.
    """
    joined: list[SoundEvent] = []
    for event in events:
        if joined and _goes_on(joined[-1], event, rate_hz):
            before = joined[-1]
            joined[-1] = replace(before, length=before.length + event.length, fade_out=event.fade_out)
        else:
            joined.append(event)
    return joined


def _goes_on(before: SoundEvent, event: SoundEvent, rate_hz: int) -> bool:
    """Returns whether an event is the sound that follows the one before it in its file, with nothing changed."""
    placed = {name: getattr(before, name) for name in ("at", "length", "offset", "fade_in", "fade_out")}
    alike = replace(event, **placed) == before and before.map is None
    late = event.offset * rate_hz - before.offset * rate_hz - before.length
    touching = before.at + before.length == event.at and abs(late) < 1  # of each shot's rounding to a sample
    return alike and touching and not (before.fade_out or event.fade_in)


def _sound_map(shot: Shot, job: Job) -> TimeMap:
    """Returns the shot's time map in samples of the mix, for the film and for the source.

    A frame shows what its own time begins with, and sound runs through that time: backwards, it starts a frame later.
    """
    time, a_frame = shot.time, Fraction(job.sample_rate_hz) / job.clock.rate
    keys = tuple(replace(key, at=key.at * a_frame) for key in time.keys)
    back = max(Fraction(0), -time.step * first_speed(time))
    start = (time.start + back) / shot.take.picture.grid.rate
    held = None if time.held is None else (time.held + 1) * a_frame
    return TimeMap(start * job.sample_rate_hz, Fraction(1), keys, held)


def _event(each: AudioSource, job: Job, film: int) -> SoundEvent:
    clip, rate = each.clip, job.sample_rate_hz
    at = round_half_up(duration_seconds(clip.at, job.clock) * rate)
    offset = duration_seconds(clip.start, job.clock)
    if at >= film:
        raise JobError(
            "starts after the film has ended",
            where=clip.where,
            expected=f"before {float(Fraction(film, rate)):.3f} s",
            got=clip.at,
        )
    loop = clip.stage.loop
    source = round_half_up(Fraction(each.sound.samples * rate, each.sound.rate_hz) - offset * rate)
    if source <= 0:
        ends = f"before {each.sound.samples / each.sound.rate_hz:.3f} s"
        raise JobError(
            "starts after the sound has ended", where=clip.where, expected=ends, got=f"in: {clip.start}"
        )
    wanted = round_half_up(duration_seconds(clip.length, job.clock) * rate) if clip.length else film
    length = min(wanted, film - at) if loop else min(wanted, film - at, source)
    fade_in, fade_out = clip.stage.fades(job.clock, rate)
    return SoundEvent(
        file=each.file,
        role=clip.stage.name,
        sound=each.sound,
        at=at,
        length=length,
        offset=offset,
        gain_db=clip.stage.gain,
        fade_in=fade_in,
        fade_out=fade_out,
        loop=loop,
        declick=clip.stage.shortest_fade(job.clock, rate),
        stem=clip.stage.stem,
        shape=clip.stage.shape,
        duck=clip.stage.ducking,
        repair=clip.stage.repair,
    )


def sounding_frames(event: SoundEvent, clock: Clock, rate_hz: int) -> Span:
    """Returns the span of film frames in which an event is heard, rounded outwards to whole frames."""
    return clock.covering(Span(event.at, event.at + event.length), rate_hz)


def _span(frames: int, job: Job) -> int:
    return job.clock.samples(frames, job.sample_rate_hz)
