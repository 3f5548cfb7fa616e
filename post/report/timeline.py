"""Describes a planned film as a timeline: what is on in which frames, as rows of bars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Literal

from post.plan.layers import layer_name
from post.plan.sound import sounding_frames
from post.sound.stages import KEEP, TAPE
from post.stage import LayerStage, find
from post.values import Clock, Plan, Rendition, Shot, SoundEvent, Span, round_half_up

Pace = Literal["normal", "slow", "fast", "transition"]
# Speeds this near to 1 are shown as 1.
SAME_SPEED = Fraction(1, 100)
# Rows of the shots' own sound, by what a retime does to its pitch: nothing where there is none.
OWN_SOUND = {"the shots' own": "", "own, like tape": TAPE, "own, pitch kept": KEEP}


@dataclass(frozen=True, slots=True)
class Bar:
    """A run of frames in a row. pace: of a shot, how it runs there; all else is "normal"."""

    span: Span
    pace: Pace = "normal"


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One thing in the film. group: "shots", "layers" or "sound"; note: its length, and what is special about it."""

    group: str
    name: str
    bars: tuple[Bar, ...]
    note: str


def timeline_rows(plan: Plan) -> tuple[TimelineRow, ...]:
    """Returns a row for each shot, layer and sound of a plan. All its films have the same timeline."""
    film, clock = plan.renditions[0], plan.clock
    return (
        *(_shot_row(shot, clock) for shot in film.shots),
        *_layer_rows(film, clock),
        *_sound_rows(film, clock),
    )


def _shot_row(shot: Shot, clock: Clock) -> TimelineRow:
    into = shot.span.first + shot.transition
    overlap = (Bar(Span(shot.span.first, into), "transition"),) if shot.transition else ()
    ending = Span(shot.span.stop - shot.ending, shot.span.stop)
    leaving = (Bar(ending, "transition"),) if shot.ending else ()
    bars = (*overlap, *_paced(shot, Span(into, ending.first)), *leaving)
    return TimelineRow("shots", shot.name, bars, f"{seconds(len(shot.span), clock)}{_speeds(shot)}")


def _paced(shot: Shot, span: Span) -> Iterator[Bar]:
    """Yields a shot's frames as runs of one pace: at its own speed, slower, or faster."""
    for pace, frames in groupby(span, key=lambda frame: _pace(shot, frame - shot.span.first)):
        run = list(frames)
        yield Bar(Span(run[0], run[-1] + 1), pace)


def _pace(shot: Shot, frame: int) -> Pace:
    speed = (shot.time(frame + 1) - shot.time(frame)) / shot.time.step
    if abs(abs(speed) - 1) <= SAME_SPEED:
        return "normal"
    return "slow" if abs(speed) < 1 else "fast"


def _speeds(shot: Shot) -> str:
    """Returns a shot's speed, or the two of its ramp, or the range of several; nothing where it runs as it was made."""
    speeds = [float(key.speed) for key in shot.time.keys]
    if set(speeds) == {1.0}:
        return "" if shot.time.held is None else " held"
    if len(set(speeds)) == 1:
        return f" {speeds[0]:.3g}x"
    if len(speeds) == 2:
        return f" {speeds[0]:.3g}>{speeds[1]:.3g}x"
    between = "-" if min(speeds) >= 0 else ".."
    return f" {min(speeds):.3g}{between}{max(speeds):.3g}x"


def _layer_rows(film: Rendition, clock: Clock) -> Iterator[TimelineRow]:
    for placed in film.placed:
        if find(placed.call.stage).does == LayerStage.does:
            name, span = layer_name(LayerStage.from_call(placed.call)), placed.span
            yield TimelineRow("layers", name, (Bar(span),), seconds(len(span), clock))


def _sound_rows(film: Rendition, clock: Clock) -> Iterator[TimelineRow]:
    """Yields one row for the shots' own sound, then one for each sound beside them."""
    mix, whole = film.mix, Span(0, film.format.length)

    def bar(event: SoundEvent) -> Bar:
        return Bar(sounding_frames(event, clock, mix.rate_hz).common(whole))

    shots = [event for event in mix.events if event.role == "clip"]
    for name, pitch in OWN_SOUND.items():
        bars = tuple(bar(event) for event in shots if (event.pitch if event.map else "") == pitch)
        if bars:
            yield TimelineRow("sound", name, bars, f"{len(bars)} of {len(film.shots)} shots")
    yield from _split_edits(film, shots, clock)
    for event in mix.events:
        if event.role != "clip":
            one = bar(event)
            note = seconds(len(one.span), clock) + (" loop" if event.loop else "")
            yield TimelineRow("sound", f"{event.role} {event.file.name}", (one,), note)


def _split_edits(film: Rendition, shots: Sequence[SoundEvent], clock: Clock) -> Iterator[TimelineRow]:
    """Yields a row of the frames between edits of the picture and those of its sound, where there are any."""
    edits = [shot.span.first for shot in film.shots]
    bars = list[Bar]()
    for event in shots:
        at = round_half_up(Fraction(event.at, film.mix.rate_hz) * clock.rate)
        nearest = min(edits, key=lambda edit: abs(edit - at))
        if at != nearest:
            bars.append(Bar(Span(min(at, nearest), max(at, nearest))))
    if bars:
        yield TimelineRow("sound", "J and L cuts", tuple(bars), f"{len(bars)} of {len(edits) - 1} edits")


def seconds(frames: int, clock: Clock) -> str:
    """Returns a time in seconds, to a hundredth."""
    return f"{float(clock.seconds(frames)):.2f} s"
