"""Lists every stage at work in a film, in house order, with the frames it works on: what the film declares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from post.job.model import Cut, Deliver, Job
from post.knob import duration_seconds
from post.picture.made import Made
from post.picture.scale import Scale
from post.picture.trim import Trim
from post.plan.between.shutter import exposures
from post.plan.segments import ShotTreatment
from post.plan.shots import source_frames
from post.plan.sound import sounding_frames
from post.sound.stages import NO_FADE
from post.stage import call_of
from post.values import Format, LayerPlacement, Mix, Placed, Shot, Span, StageCall
from post.values.place import SYNTHESISED


@dataclass(frozen=True, slots=True)
class Draft:
    """One deliverable, planned except for its declarations. film_stages: those on the whole film's picture."""

    job: Job
    deliver: Deliver
    film: Format
    shots: tuple[Shot, ...]
    treatments: tuple[ShotTreatment, ...]
    layers: tuple[LayerPlacement, ...]
    film_stages: tuple[StageCall, ...]
    mix: Mix

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
        yield Placed(_own_sound(cut, shot, draft), shot.span, shot.name)
    if treatment.fade is not None:
        into = Span(shot.span.first, shot.span.first + shot.transition)
        yield Placed(treatment.fade, into, shot.name)


def _shot_calls(cut: Cut, shot: Shot, treatment: ShotTreatment, film: Format) -> Iterator[StageCall]:
    """Yields the stages at work on one shot, without those that leave it as it was."""
    picture, window = shot.take.picture, treatment.window
    if picture.kind == "made":
        yield call_of(Made(make=picture.codec, fill=picture.fill))
    trimmed = duration_seconds(cut.start, film.clock) or shot.time(len(shot.span)) < picture.length
    if trimmed and not picture.stands_still:
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
        call = call_of(replace(cut.retime, speed="1", sampling=shot.sampling))
        yield Placed(call, Span(made[0], made[-1] + 1), shot.name)


def _own_sound(cut: Cut, shot: Shot, draft: Draft) -> StageCall:
    """Returns the stage of a shot's own sound. Where it goes on unbroken at both ends of the shot, nothing is faded."""
    mix, clock = draft.mix, draft.job.clock
    edits = {
        edge for event in mix.events if event.role == "clip" for edge in (event.at, event.at + event.length)
    }
    ends = {clock.samples(edge, mix.rate_hz) for edge in (shot.span.first, shot.span.stop)}
    return call_of(cut.sound if ends & edits else replace(cut.sound, declick=NO_FADE))


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
    for clip, event in zip([*job.music, *job.effects], events, strict=True):
        span = sounding_frames(event, job.clock, mix.rate_hz).common(draft.whole)
        yield Placed(call_of(clip.stage), span)
