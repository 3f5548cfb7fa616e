"""Puts captions on the film's clock.

Times of a take go through each shot of it: through its ramps, and no further than its sound is heard. A shot that runs
backwards shows captions while their frames are seen, and times no words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from post.captions.model import Caption, CaptionTrack
from post.job.model import CaptionFile, Job
from post.plan.cut.sound_edits import heard_span
from post.values import Clock, Shot, round_half_up
from post.values.time import TimeMap

FINEST = 1_000_000  # times found in a ramp are to a microsecond
Range = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class FilmCaptions:
    """The captions of one file, in the film's seconds. late: those of a film's file that it ends before."""

    file: CaptionFile
    track: CaptionTrack
    late: tuple[Caption, ...] = ()


def captions_on_film(job: Job, shots: Sequence[Shot]) -> tuple[FilmCaptions, ...]:
    """Returns the captions of each file of the job, in the film's seconds, without what it does not show."""
    return tuple(_on_film(file, job, shots) for file in job.captions)


def _on_film(file: CaptionFile, job: Job, shots: Sequence[Shot]) -> FilmCaptions:
    end = job.clock.seconds(shots[-1].span.stop)
    if file.take:
        found = [each for part in _parts(job, shots, file.take) for each in _in_part(file, part, job.clock)]
        shown = sorted(found, key=lambda each: each.start)
        return FilmCaptions(file, replace(file.captions, captions=tuple(shown)))
    own = file.captions.captions
    shown = [replace(each, stop=min(each.stop, end)) for each in own if each.start < end]
    late = tuple(each for each in own if each.stop > end)
    return FilmCaptions(file, replace(file.captions, captions=tuple(shown)), late)


@dataclass(frozen=True, slots=True)
class _HeardPart:
    """A shot, and the film's frames in which its sound is heard; half a frame where a transition's middle is."""

    shot: Shot
    heard: Range


def _parts(job: Job, shots: Sequence[Shot], take: str) -> Iterator[_HeardPart]:
    """Yields the parts of the film in which a take is heard, or would be if it had sound."""
    edits = [_edit(job, shots, number) for number in range(1, len(shots))]
    first, last = Fraction(shots[0].span.first), Fraction(shots[-1].span.stop)
    starts, stops = [first, *(into for _, into in edits)], [*(out for out, _ in edits), last]
    for cut, shot, start, stop in zip(job.cut, shots, starts, stops, strict=True):
        if cut.take == take and not cut.sound.mute and start < stop:
            yield _HeardPart(shot, (start, stop))


def _edit(job: Job, shots: Sequence[Shot], number: int) -> Range:
    """Returns where the sound before a shot ends, and where its own begins: in the middle of their transition, or where
    a lead or a lag moves the edit."""
    going, coming = job.cut[number - 1], job.cut[number]
    middle = shots[number].span.first + Fraction(shots[number].transition, 2)
    lag = heard_span(going, shots[number - 1], job.clock).stop - shots[number - 1].span.stop
    lead = shots[number].span.first - heard_span(coming, shots[number], job.clock).first
    return middle + (lag or -lead), middle + (-lead or lag)


def _in_part(file: CaptionFile, part: _HeardPart, clock: Clock) -> Iterator[Caption]:
    """Yields the captions of a take that a part of the film shows."""
    found = _forward(file.captions.captions, part) if part.shot.time.direction == 1 else _seen(file, part)
    for caption in found:
        start, stop = (_exact(clock.seconds(edge)) for edge in (caption.start, caption.stop))
        runs = tuple(
            replace(run, at=None if run.at is None else _exact(clock.seconds(run.at))) for run in caption.runs
        )
        if start < stop:
            yield replace(caption, start=start, stop=stop, runs=runs)


def _forward(captions: Sequence[Caption], part: _HeardPart) -> Iterator[Caption]:
    """Yields captions in film frames, for a shot that runs forwards."""
    low, high = part.heard
    for caption in captions:
        start, stop = (_frame_of(edge, part) for edge in (caption.start, caption.stop))
        if start < high and stop > low:
            runs = tuple(
                replace(run, at=None if run.at is None else min(max(_frame_of(run.at, part), low), high))
                for run in caption.runs
            )
            yield replace(caption, start=max(start, low), stop=min(stop, high), runs=runs)


def _frame_of(seconds: Fraction, part: _HeardPart) -> Fraction:
    """Returns the film frame, with its fraction, in which a time of the take is heard.

    Where it is not heard, that is an end of the part, or beyond it."""
    time, first = part.shot.time, part.shot.span.first
    position = seconds * part.shot.take.picture.grid.rate
    if position < time(0):
        return first + _before(time, position, part)
    found = time.inverse(position)
    return part.heard[1] if found is None else first + found


def _before(time: TimeMap, position: Fraction, part: _HeardPart) -> Fraction:
    """Returns the frame, below 0, at which a shot's sound would be at a position that comes before its first frame."""
    speed = time.step * time.speed(0)
    return (position - time(0)) / speed if speed else part.heard[0] - part.shot.span.first - 1


def _seen(file: CaptionFile, part: _HeardPart) -> Iterator[Caption]:
    """Yields captions in film frames, while their source frames are seen: for a shot that also runs backwards."""
    shot, rate = part.shot, part.shot.take.picture.grid.rate
    frames = range(part.heard[0].__ceil__(), part.heard[1].__floor__())
    places = [shot.time(frame - shot.span.first) / rate for frame in frames]
    for caption in file.captions.captions:
        inside = [caption.start <= place < caption.stop for place in places]
        edges = [number for number, (a, b) in enumerate(pairwise([False, *inside, False])) if a != b]
        runs = tuple(replace(run, at=None) for run in caption.runs)
        for start, stop in zip(edges[::2], edges[1::2], strict=True):
            first = frames.start
            yield replace(caption, start=Fraction(first + start), stop=Fraction(first + stop), runs=runs)


def _exact(seconds: Fraction) -> Fraction:
    """Returns a time as it is where it is a plain number, else to a microsecond."""
    return seconds if seconds.denominator <= FINEST else Fraction(round_half_up(seconds * FINEST), FINEST)
