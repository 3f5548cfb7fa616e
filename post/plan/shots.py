"""Lays out the cut on the film's clock: each shot's length, its start, and the source frames it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from post.errors import AnswerprintError, JobError, Problems
from post.job.model import Cut, Job
from post.knob import duration_frames, duration_seconds
from post.values import Clock, Shot, Span, Take, TimeMap, round_half_up
from post.values.place import WEIGHT_STEPS, Place

# An in-between this near to a source frame is that frame: nobody sees so small a step, and it stays as sharp as it is.
COPIED_WITHIN = Fraction(3, 100)


@dataclass(frozen=True, slots=True)
class TakeRange:
    """The part of its take that a shot may use: source frames from `first` up to, without, `stop`."""

    first: Fraction
    stop: Fraction


def plan_shots(job: Job, takes: Mapping[str, Take]) -> tuple[Shot, ...]:
    """Returns the job's shots in order, each overlapping the one before by its transition. takes: by name.

    Raises Problems with one fault for each shot whose take is too short or whose transition does not fit.
    """
    faults: list[AnswerprintError] = []
    shots: list[Shot] = []
    for cut in job.cut:
        # After a shot that is wrong, its neighbour's transition cannot be checked.
        checked = replace(cut, transition=None) if faults else cut
        try:
            shots.append(_shot(checked, takes[cut.take], job.clock, shots[-1] if shots else None))
        except JobError as fault:
            faults.append(fault)
    if faults:
        raise Problems(faults)
    return tuple(shots)


def source_frames(shot: Shot, span: Span) -> tuple[tuple[int, Fraction], ...]:
    """Returns, for each film frame of `span`, a source frame and the weight (0..1) of the frame after it.

    Frames are numbered on the take's own grid; at a source frame, and where nothing is made between two, the weight is
    0. Nothing is made between two frames with a cut between them: the nearer one is shown.
    """
    return tuple(source_place(shot, shot.time(frame - shot.span.first)) for frame in span)


def source_place(shot: Shot, position: Fraction) -> Place:
    """Returns a position on the take's grid as a source frame and the weight of the frame after it."""
    picture = shot.take.picture
    pick = PICKED.get(shot.sampling, _in_between)
    place = position % picture.length if picture.after_end == "repeats" else position
    return _off_cuts(pick(place, picture.length - 1), shot.cuts)


def _shot(cut: Cut, take: Take, clock: Clock, before: Shot | None) -> Shot:
    extent = _extent(cut, take, clock)
    time = TimeMap(extent.first, take.picture.grid.rate / clock.rate, cut.retime.keys(clock))
    endless = take.picture.after_end != "stops" and not cut.stop
    available = _frames_until(time, extent.stop)
    length = duration_frames(cut.length, clock) if cut.length else available
    if length < 1:
        raise JobError("the shot has no frames", where=cut.where, expected="at least one frame", got=length)
    if length > available and not endless:
        raise JobError(
            "the take is too short",
            where=cut.where,
            expected=f"at most {_seconds(available, clock)} from take {take.name!r} at this speed",
            got=_seconds(length, clock),
            fix="shorten the shot, slow it down, or start it earlier in the take",
        )
    overlap = _overlap(cut, clock, length, before)
    first = before.span.stop - overlap if before else 0
    return Shot(
        cut.name,
        take,
        Span(first, first + length),
        time,
        cut.retime.sampling,
        overlap,
        shutter=cut.retime.shutter,
    )


def _extent(cut: Cut, take: Take, clock: Clock) -> TakeRange:
    grid, length = take.picture.grid, take.picture.length
    first = duration_seconds(cut.start, clock) * grid.rate
    stop = duration_seconds(cut.stop, clock) * grid.rate if cut.stop else Fraction(length)
    if take.picture.stands_still:
        _require_length(cut, take)
        return TakeRange(first, max(stop, first + 1))
    if not 0 <= first < length or (stop > length and take.picture.after_end == "stops"):
        raise JobError(
            "outside the take",
            where=cut.where,
            expected=f"within the {_seconds(length, grid)} of take {take.name!r}",
            got=f"{cut.start} to {cut.stop or 'its end'}",
        )
    if stop <= first:
        raise JobError(
            "the shot does not end after it starts",
            where=cut.where,
            expected="out after in",
            got=f"in {cut.start}, out {cut.stop}",
        )
    return TakeRange(first, stop)


def _require_length(cut: Cut, take: Take) -> None:
    """Raises JobError for a shot of a picture that stands still which does not say how long it lasts."""
    if cut.length or cut.stop:
        return
    raise JobError(
        "a still has no length of its own",
        where=cut.where,
        expected=f"`length`: how long take {take.name!r} is shown",
        fix="write `length: 2s`",
    )


def _overlap(cut: Cut, clock: Clock, length: int, before: Shot | None) -> int:
    """The frames a shot shares with the one before. Two transitions of one shot may touch, not overlap."""
    frames = duration_frames(cut.transition_length, clock) if cut.transition else 0
    if not frames:
        return 0
    if before is None:
        raise JobError(
            "the first shot has a transition, but no shot comes before it",
            where=cut.where,
            fix="remove it, or put a shot before it",
        )
    room = min(length, len(before.span) - before.transition)
    if frames > room:
        raise JobError(
            "the transition is longer than its shots",
            where=cut.where,
            expected=f"at most {_seconds(room, clock)}",
            got=_seconds(frames, clock),
        )
    return frames


def _frames_until(time: TimeMap, stop: Fraction) -> int:
    """How many film frames show source positions before `stop`: by doubling, then halving, as no speed is 0."""
    high = 1
    while time(high) < stop:
        high *= 2
    low = high // 2
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if time(middle) < stop else (low, middle)
    return low


def _nearest(position: Fraction, last: int) -> tuple[int, Fraction]:
    return min(round_half_up(position), last), Fraction(0)


def _between(position: Fraction, last: int) -> tuple[int, Fraction]:
    steps = round_half_up(position * WEIGHT_STEPS)
    frame, weight = divmod(steps, WEIGHT_STEPS)
    if frame >= last:
        return last, Fraction(0)
    return frame, Fraction(weight, WEIGHT_STEPS)


def _in_between(position: Fraction, last: int) -> tuple[int, Fraction]:
    frame, weight = _between(position, last)
    if weight <= COPIED_WITHIN:
        return frame, Fraction(0)
    return (frame + 1, Fraction(0)) if weight >= 1 - COPIED_WITHIN else (frame, weight)


PICKED = {"nearest": _nearest, "blend": _between}


def _off_cuts(place: tuple[int, Fraction], cuts: tuple[int, ...]) -> tuple[int, Fraction]:
    """Returns the nearer frame for a place between two frames with a cut between them, any other place as it is."""
    frame, weight = place
    if not weight or frame + 1 not in cuts:
        return place
    return frame + (weight * 2 >= 1), Fraction(0)


def _seconds(frames: int, clock: Clock) -> str:
    return f"{float(clock.seconds(frames)):.3f} s ({frames} frames)"
