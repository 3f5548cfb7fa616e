"""Moves edits of sound away from those of the picture: a shot's sound leads its picture, or lags behind its end (J and
L cuts).

The edit moves, as it does in an editor's timeline: the neighbour's own sound ends earlier, or starts later, and the two
meet there as they would at the cut; in a transition they cross over for as long as it lasts. Where one shot lags and
the next one leads, both are heard, and cross over for as long as they overlap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from post.errors import AnswerprintError, JobError, Problems
from post.job.model import Cut, Job
from post.knob import duration_frames
from post.plan.cut.timing import in_seconds
from post.values import Clock, Shot, SoundEvent, Span


@dataclass(frozen=True, slots=True)
class ShotSound:
    """A shot with its own sound, None where it has none."""

    cut: Cut
    shot: Shot
    event: SoundEvent | None


def heard_span(cut: Cut, shot: Shot, clock: Clock) -> Span:
    """Returns the film's frames in which a shot's own sound is heard: its picture's, with its lead and its lag."""
    return Span(shot.span.first - _lead(cut, clock), shot.span.stop + _lag(cut, clock))


def move_edits(
    job: Job, shots: Sequence[Shot], events: Sequence[SoundEvent | None]
) -> list[SoundEvent | None]:
    """Returns the shots' own sounds, in order, with their edits where leads and lags put them.

    Raises Problems with one fault for each lead and lag that does not fit: at an end of the film, longer than the
    shot beside it, or where the take has no sound.
    """
    faults = list(_at_ends(job))
    sounds = [ShotSound(*each) for each in zip(job.cut, shots, events, strict=True)]
    for number in range(1, len(sounds)):
        try:
            sounds[number - 1 : number + 1] = _moved(job, *sounds[number - 1 : number + 1])
        except JobError as fault:
            faults.append(fault)
    faults += [] if faults else _over_a_shot(sounds, job)
    if faults:
        raise Problems(faults)
    return [each.event for each in sounds]


def _lead(cut: Cut, clock: Clock) -> int:
    return 0 if cut.sound.mute else duration_frames(cut.sound.lead, clock)


def _lag(cut: Cut, clock: Clock) -> int:
    return 0 if cut.sound.mute else duration_frames(cut.sound.lag, clock)


def _at_ends(job: Job) -> list[AnswerprintError]:
    """Returns the faults of a lead before the film and of a lag after it."""
    first, last = job.cut[0], job.cut[-1]
    found = (
        (first, _lead(first, job.clock), "the first shot's sound has a lead, but no shot comes before it"),
        (last, _lag(last, job.clock), "the last shot's sound has a lag, but no shot comes after it"),
    )
    fix = "remove it, or put a shot there"
    return [JobError(fault, where=cut.where, fix=fix) for cut, frames, fault in found if frames]


def _over_a_shot(sounds: Sequence[ShotSound], job: Job) -> Iterator[AnswerprintError]:
    """Yields a fault for each lag or lead by which the shots beside another one are heard at once."""
    clock, rate_hz = job.clock, job.sample_rate_hz
    for before, own, after in zip(sounds, sounds[1:], sounds[2:], strict=False):
        out, into = before.event, after.event
        # Ends that meet are rounded to samples one by one.
        if out is None or into is None or out.at + out.length <= into.at + 1:
            continue
        if _lag(before.cut, clock):
            fault = f"the lag of the sound reaches the shot after {own.shot.name!r}"
            where, name, end = before.cut.where, "lag", f"it to end before {after.shot.name!r} begins"
        else:
            fault = f"the lead of the sound reaches the shot before {own.shot.name!r}"
            where, name, end = after.cut.where, "lead", f"it to begin after {before.shot.name!r} ends"
        over = in_seconds(clock.frames(Fraction(out.at + out.length - into.at, rate_hz)), clock)
        yield JobError(fault, where=where, expected=end, got=f"{over} of both", fix=f"make `{name}` shorter")


def _moved(job: Job, going: ShotSound, coming: ShotSound) -> tuple[ShotSound, ShotSound]:
    """Returns two shots that meet, with the edit of their sound moved."""
    clock, rate = job.clock, job.sample_rate_hz
    lag, lead = _lag(going.cut, clock), _lead(coming.cut, clock)
    if not lag and not lead:
        return going, coming
    _check_room(going, coming, (lag, lead), clock)
    first, stop = coming.shot.span.first, going.shot.span.stop
    # In samples, by as many at both ends: where they crossed over for the whole of a transition, they still do.
    earlier = clock.samples(first, rate) - clock.samples(first - lead, rate)
    later = clock.samples(stop + lag, rate) - clock.samples(stop, rate)
    ends, starts = (later if lag else -earlier), (-earlier if lead else later)
    out, into = going.event, coming.event
    if out is not None:
        out = _laid(out, out.at, out.at + out.length + ends, rate)
    if into is not None:
        into = _laid(into, into.at + starts, into.at + into.length, rate)
    if out is not None and into is not None and lag and lead:
        overlap = out.at + out.length - into.at
        out = replace(out, fade_out=max(out.fade_out, overlap))
        into = replace(into, fade_in=max(into.fade_in, overlap))
    if lag:
        _check_sound(going, out, ("lag", lag), job)
    if lead:
        _check_sound(coming, into, ("lead", lead), job)
    for side, event, by in ((going, out, coming.cut), (coming, into, going.cut)):
        if event is not None and event.length < 1:
            raise JobError(
                f"the lead or lag leaves nothing of the sound of {side.shot.name!r}",
                where=by.where,
                fix="make it shorter",
            )
    return replace(going, event=out), replace(coming, event=into)


def _laid(event: SoundEvent, at: int, stop: int, rate_hz: int) -> SoundEvent:
    """Returns an event that is heard between other samples of the film; its sound stays where it is in the film."""
    by, length = at - event.at, stop - at
    if event.map is None:
        return replace(event, at=at, length=length, offset=event.offset + Fraction(by, rate_hz))
    time, start = event.map, event.map(by)
    keys = tuple(replace(key, at=key.at - by) for key in time.keys)
    held = None if time.held is None else time.held - by
    moved = replace(time, start=start, keys=keys, held=held)
    return replace(event, at=at, length=length, offset=start / rate_hz, map=moved)


def _check_room(going: ShotSound, coming: ShotSound, asked: tuple[int, int], clock: Clock) -> None:
    """Raises JobError for a lag or a lead that reaches beyond the shot beside it, or into the one after that."""
    rooms = (len(coming.shot.span), len(going.shot.span) - going.shot.transition)
    for side, other, frames, room, name in (
        (going, coming, asked[0], rooms[0], "lag"),
        (coming, going, asked[1], rooms[1], "lead"),
    ):
        most = room - coming.shot.transition
        if frames > most:
            raise JobError(
                f"the {name} of the sound is longer than the shot beside it",
                where=side.cut.where,
                expected=f"at most {in_seconds(most, clock)} of {other.shot.name!r}",
                got=in_seconds(frames, clock),
            )


def _check_sound(side: ShotSound, event: SoundEvent | None, asked: tuple[str, int], job: Job) -> None:
    """Raises JobError where a take has no sound for a lead or a lag."""
    name, frames = asked
    sound = side.shot.take.sound
    if event is None or sound is None:
        raise JobError(
            f"its sound has a {name}, but the take has no sound", where=side.cut.where, fix=f"remove `{name}`"
        )
    rate = job.sample_rate_hz
    begins, ends = max(Fraction(0), sound.start), sound.start + Fraction(sound.samples, sound.rate_hz)
    outside = event.offset if name == "lead" else _place(event, event.length, rate)
    by = job.clock.samples(frames, rate)
    cut = _place(event, by if name == "lead" else event.length - by, rate)
    if not begins - Fraction(1, rate) <= outside <= ends + Fraction(1, rate):
        other = "start the shot later in its take" if name == "lead" else "end the shot earlier in its take"
        raise JobError(
            f"the take has no sound for this {name}",
            where=side.cut.where,
            expected=f"sound between {float(begins):.3f} s and {float(ends):.3f} s of take {side.shot.take.name!r}",
            got=f"{in_seconds(frames, job.clock)}, which reads to {float(outside):.3f} s",
            fix=f"{other}, or make `{name}` shorter",
        )
    if outside == cut:
        raise JobError(
            f"the picture stands still where its sound has a {name}: nothing would be heard",
            where=side.cut.where,
            fix=f"remove `{name}`, or let the shot move there",
        )


def _place(event: SoundEvent, sample: int, rate_hz: int) -> Fraction:
    """Returns the time in its take, in seconds, of a sample of an event."""
    if event.map is None:
        return event.offset + Fraction(sample, rate_hz)
    return event.map(sample) / rate_hz
