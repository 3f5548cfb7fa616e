"""Lists every stage at work in a film, in house order, with the frames it works on: what the film declares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from post.job.model import Cut, Deliver, Job
from post.knob import duration_seconds
from post.picture.made import Made
from post.picture.retime import Retime
from post.picture.scale import Scale
from post.picture.trim import Trim
from post.plan.between.shutter import exposures
from post.plan.cut.sound_edits import heard_span
from post.plan.cut.sound_gaps import gap_frames
from post.plan.cut.timing import first_speed
from post.plan.segments import ShotTreatment
from post.plan.shots import source_frames
from post.plan.sound import sounding_frames
from post.sound.stages import NO_TIME, TAPE
from post.stage import call_of
from post.values import Format, LayerPlacement, Mix, Placed, Shot, Span, StageCall
from post.values.plan.place import SYNTHESISED


@dataclass(frozen=True, slots=True)
class Draft:
    """One deliverable, planned except for its declarations. film_stages: those on the whole film's picture;
    captions: what those that are burnt in declare."""

    job: Job
    deliver: Deliver
    film: Format
    shots: tuple[Shot, ...]
    treatments: tuple[ShotTreatment, ...]
    layers: tuple[LayerPlacement, ...]
    film_stages: tuple[StageCall, ...]
    mix: Mix
    captions: tuple[Placed, ...] = ()

    @property
    def whole(self) -> Span:
        """All frames of the film."""
        return Span(0, self.film.length)


def placed_stages(draft: Draft) -> tuple[Placed, ...]:
    """Returns the stages in house order: each shot's, grain, layers, film, sound, loudness, encoder."""
    return tuple(_placed(draft))


def _placed(draft: Draft) -> Iterator[Placed]:
    for cut, shot, treatment in zip(draft.job.cut, draft.shots, draft.treatments, strict=True):
        yield from _on_shot(cut, shot, treatment, draft)
    yield from _grains(draft)
    yield from (Placed(layer.call, layer.span) for layer in draft.layers)
    yield from draft.captions
    yield from (Placed(call, draft.whole) for call in draft.film_stages)
    yield from _sounds(draft)
    if draft.mix.events:
        yield Placed(call_of(draft.deliver.loudness), draft.whole)
    yield Placed(call_of(draft.deliver.encode), draft.whole)


def _on_shot(cut: Cut, shot: Shot, treatment: ShotTreatment, draft: Draft) -> Iterator[Placed]:
    for call in _shot_calls(cut, shot, treatment, draft.film):
        yield Placed(call, shot.span, shot.name)
        if call.stage == cut.retime.name:
            yield from _made_frames(cut, shot)
    if shot.take.sound and not shot.take.sound.silent:
        heard = heard_span(cut, shot, draft.job.clock).common(draft.whole)
        yield Placed(_own_sound(cut, shot, draft), heard, shot.name)
    if treatment.fade is not None:
        into = Span(shot.span.first, shot.span.first + shot.transition)
        yield Placed(treatment.fade, into, shot.name)
    if treatment.ending is not None:
        yield Placed(treatment.ending, Span(shot.span.stop - shot.ending, shot.span.stop), shot.name)


def _is_whole(cut: Cut, shot: Shot, film: Format) -> bool:
    """Returns whether a shot goes from one end of its take to the other, either way."""
    time = replace(shot.time, held=None)
    moving = len(shot.span) if shot.time.held is None else shot.time.held + 1
    if first_speed(time) < 0:
        return not cut.stop and time(moving) < 0
    return not duration_seconds(cut.start, film.clock) and time(moving) >= shot.take.picture.length


def _shot_calls(cut: Cut, shot: Shot, treatment: ShotTreatment, film: Format) -> Iterator[StageCall]:
    """Yields the stages at work on one shot, without those that leave it as it was."""
    picture, window = shot.take.picture, treatment.window
    if picture.kind == "made":
        yield call_of(Made(make=picture.codec, fill=picture.fill))
    if not _is_whole(cut, shot, film) and not picture.stands_still:
        yield call_of(Trim(start=cut.start, length=f"{len(shot.span)}f"))
    yield from treatment.repairs
    if not picture.stands_still:  # its speed has no effect
        made = shot.sampling in SYNTHESISED  # which is declared by itself, of the frames that are made
        yield call_of(replace(cut.retime, sampling="nearest" if made else shot.sampling, shutter=0))
    if window.width != 1 or window.height != 1:
        yield treatment.reframe
    width, height = picture.shown
    if width != film.width or height != film.height:
        yield call_of(Scale(width=film.width, height=film.height))
    yield from (*treatment.colour, *treatment.effects)


def _made_frames(cut: Cut, shot: Shot) -> Iterator[Placed]:
    """Yields how the shot's frames between source frames are made, over the frames from the first to the last."""
    if shot.sampling not in SYNTHESISED:
        return
    places = zip(shot.span, source_frames(shot, shot.span), strict=True)
    blurred = zip(shot.span, exposures(shot, shot.span), strict=False)
    made = sorted(
        {frame for frame, (_, weight) in places if weight} | {frame for frame, each in blurred if each}
    )
    if made:
        call = call_of(
            Retime(sampling=shot.sampling, shutter=cut.retime.shutter)
        )  # the speed is declared apart
        yield Placed(call, Span(made[0], made[-1] + 1), shot.name)


def _own_sound(cut: Cut, shot: Shot, draft: Draft) -> StageCall:
    """Returns the stage of a shot's own sound, as it is at work.

    Where it goes on unbroken at both ends of the shot, nothing is faded; at the take's own speed, nothing is stretched.
    """
    clock, rate = draft.job.clock, draft.mix.rate_hz
    heard = heard_span(cut, shot, clock)
    first, stop = clock.samples(heard.first, rate), clock.samples(heard.stop, rate)
    unbroken = any(
        event.file == shot.take.file and event.at < first and stop < event.at + event.length
        for event in draft.mix.events
        if event.role == "clip"
    )
    sound = replace(cut.sound, declick=NO_TIME) if unbroken else cut.sound
    return call_of(replace(sound, pitch=TAPE) if shot.time.constant == 1 else sound)


def _grains(draft: Draft) -> Iterator[Placed]:
    """Yields one grain for the whole film if every shot has the same, else each shot's own."""
    grains = [treatment.grain for treatment in draft.treatments]
    if len(set(grains)) == 1:
        yield from (Placed(grain, draft.whole) for grain in grains[:1] if grain)
        return
    shots = zip(draft.shots, grains, strict=True)
    yield from (Placed(grain, shot.span, shot.name) for shot, grain in shots if grain)


def _sounds(draft: Draft) -> Iterator[Placed]:
    job, mix = draft.job, draft.mix
    events = [event for event in mix.events if event.role != "clip"]
    for clip, event in zip(job.sounds, events, strict=True):
        span = sounding_frames(event, job.clock, mix.rate_hz).common(draft.whole)
        yield Placed(call_of(clip.stage), span)
    yield from (Placed(call_of(job.tone), span) for span in gap_frames(mix, job.clock))
    if mix.room:
        yield Placed(call_of(job.room), draft.whole)
