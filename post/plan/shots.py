"""Lays out the cut on the film's clock: each shot's length, its start, and the source frames it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from post.errors import AnswerprintError, JobError, Problems
from post.job.model import Cut, Job
from post.knob import duration_frames
from post.plan.cut.fixes import HandleFix, fixes_of_overlap, fixes_of_shortage, is_taken
from post.plan.cut.handles import make_handles
from post.plan.cut.timing import in_seconds, time_shot
from post.values import Clock, Shot, Span, Take, round_half_up
from post.values.plan.place import WEIGHT_STEPS, Place

# An in-between this near to a source frame is that frame: nobody sees so small a step, and it stays as sharp as it is.
COPIED_WITHIN = Fraction(3, 100)


def plan_shots(job: Job, takes: Mapping[str, Take]) -> tuple[Shot, ...]:
    """Returns the job's shots in order, each overlapping the one before by its transition. takes: by name.

    A shot that is too short is made longer where the job says `handles: auto`, if it lacks half at most. Raises
    Problems with one fault for each other shot whose take is too short or whose transition does not fit.
    """
    return lay_out_shots(make_handles(job, takes)[0], takes)


def lay_out_shots(job: Job, takes: Mapping[str, Take]) -> tuple[Shot, ...]:
    """Returns the shots of a job whose handles are made, as `plan_shots` does."""
    faults: list[AnswerprintError] = []
    shots: list[Shot] = []
    for number, cut in enumerate(job.cut):
        # After a shot that is wrong, its neighbour's transition cannot be checked.
        before = shots[-1] if shots and not faults else None
        try:
            shots.append(_shot(job.cut, number, (takes[cut.take], job.clock), (before, bool(faults))))
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
    last = (picture.length if shot.until is None else min(shot.until, picture.length)) - 1
    pick = PICKED.get(shot.sampling, _in_between)
    place = position % picture.length if picture.after_end == "repeats" else position
    return _off_cuts(pick(place, last), shot.cuts)


def _shot(cuts: Sequence[Cut], number: int, of: tuple[Take, Clock], after: tuple[Shot | None, bool]) -> Shot:
    """Returns a shot. after: the shot before it, and whether that cannot be known."""
    cut, (take, clock), (before, unknown) = cuts[number], of, after
    timed = time_shot(cut, take, clock)
    if timed.lacking:
        raise JobError(
            "the take is too short",
            where=cut.where,
            expected=f"at most {in_seconds(timed.length - timed.lacking, clock)} from take {take.name!r} at this speed",
            got=in_seconds(timed.length, clock),
            fix=_advice(
                fixes_of_shortage(cuts, number, take, timed, clock),
                number,
                cuts,
                taken=is_taken(timed.lacking, timed.length),
            ),
        )
    overlap = 0 if unknown else _overlap(cuts, number, clock, (timed.length, before))
    first = before.span.stop - overlap if before else 0
    ending = _ending(cut, clock, timed.length - overlap)
    span = Span(first, first + timed.length)
    until = timed.extent.stop.__ceil__() if cut.stop and take.picture.after_end == "stops" else None
    return Shot(
        cut.name, take, span, timed.time, cut.retime.sampling, overlap, ending, until=until,
        shutter=cut.retime.shutter,
    )  # fmt: skip


def _overlap(cuts: Sequence[Cut], number: int, clock: Clock, of: tuple[int, Shot | None]) -> int:
    """The frames a shot shares with the one before. Two transitions of one shot may touch, not overlap."""
    cut, (length, before) = cuts[number], of
    frames = duration_frames(cut.transition_length, clock) if cut.transition else 0
    if not frames:
        return 0
    # The first shot comes out of black, or out of the transition's colour.
    room = min(length, len(before.span) - before.transition) if before else length
    if frames > room:
        raise JobError(
            "the transition is longer than its shots",
            where=cut.where,
            expected=f"at most {in_seconds(room, clock)}",
            got=in_seconds(frames, clock),
            fix=_advice(
                fixes_of_overlap(cuts, number, frames, room),
                number,
                cuts,
                taken=is_taken(frames - room, frames),
            ),
        )
    return frames


def _ending(cut: Cut, clock: Clock, room: int) -> int:
    """The frames of the film's own fade out, which may touch the last shot's transition, not overlap it."""
    frames = duration_frames(cut.ending_length, clock) if cut.ending else 0
    if frames > room:
        raise JobError(
            "the ending is longer than the last shot",
            where=cut.where,
            expected=f"at most {in_seconds(room, clock)}",
            got=in_seconds(frames, clock),
        )
    return frames


def _advice(fixes: Sequence[HandleFix], number: int, cuts: Sequence[Cut], *, taken: bool) -> str:
    """Returns what could be done, the least change first, with the YAML to write. taken: `handles: auto` does it."""
    ways = "; ".join(fix.text(number, cuts) for fix in fixes)
    auto = (
        "or `handles: auto`, which takes the first" if taken else "`handles: auto` makes up for half at most"
    )
    return f"{ways}; {auto}" if ways else ""


def _nearest(position: Fraction, last: int) -> tuple[int, Fraction]:
    return min(max(round_half_up(position), 0), last), Fraction(0)


def _between(position: Fraction, last: int) -> tuple[int, Fraction]:
    steps = max(round_half_up(position * WEIGHT_STEPS), 0)
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
