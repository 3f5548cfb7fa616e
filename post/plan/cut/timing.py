"""Times one shot by itself: its time map, its length, and how many frames its take has for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from post.errors import JobError
from post.job.model import Cut
from post.knob import duration_frames, duration_seconds
from post.picture.retime import SPEEDS, is_speed
from post.values import Clock, Take, TimeMap
from post.values.time import exact

# The factor that `fit` finds is written as a fraction of numbers up to this, else with so many decimals.
LARGEST_PART, DECIMALS = 10**9 - 1, 18


@dataclass(frozen=True, slots=True)
class TakeRange:
    """The part of its take that a shot may use: source frames from `first` up to, without, `stop`."""

    first: Fraction
    stop: Fraction


@dataclass(frozen=True, slots=True)
class ShotTiming:
    """A shot, timed by itself.

    cut: with the factor over its speeds that `fit` asks for; time: its map; length: its frames in the film; held: those
    of them that hold its last frame; available: how many frames its take has for it at its speed, the held ones too,
    None for no end.
    """

    cut: Cut
    extent: TakeRange
    time: TimeMap
    length: int
    held: int
    available: int | None

    @property
    def lacking(self) -> int:
        """How many frames its take lacks."""
        return 0 if self.available is None else max(0, self.length - self.available)


def time_shot(cut: Cut, take: Take, clock: Clock) -> ShotTiming:
    """Returns a shot's timing. Its take may be too short for it, which `lacking` says.

    Raises JobError for a shot outside its take, without frames, without an end, or that cannot be fitted to a length.
    """
    extent = take_range(cut, take, clock)
    cut = _fitted(cut, take, extent, clock)
    endless = take.picture.after_end != "stops" and not cut.stop
    time = _map(cut, take, extent, clock)
    held = duration_frames(cut.retime.freeze, clock)
    moving = None if endless and asked_length(cut) else time.leaves(extent.first, extent.stop)
    available = None if moving is None else moving + held
    length = duration_frames(asked_length(cut), clock) if asked_length(cut) else available
    if length is None:
        raise JobError(
            "the shot never ends: its speed stays at 0",
            where=cut.where,
            expected="a length, or another key after which it moves on",
            got=f"speed {cut.retime.speed!r}",
            fix="write `length: 2s`",
        )
    if length - held < 1:
        expected = "at least one frame" + (" that moves before those that are held" if held else "")
        raise JobError("the shot has no frames", where=cut.where, expected=expected, got=length - held)
    stays = replace(time, held=Fraction(length - held - 1)) if held else time
    return ShotTiming(cut, extent, stays, length, held, available)


def asked_length(cut: Cut) -> str:
    """Returns how long the shot is asked to last, as a duration, or "" where its take says."""
    return cut.retime.lasts if cut.retime.is_fitted else cut.length


def take_range(cut: Cut, take: Take, clock: Clock) -> TakeRange:
    """Returns the part of its take that a shot may use. Raises JobError if there is no such part."""
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
            expected=f"within the {in_seconds(length, grid)} of take {take.name!r}",
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


def in_seconds(frames: int, clock: Clock) -> str:
    """Returns a length as errors say it: in seconds and in frames."""
    return f"{float(clock.seconds(frames)):.3f} s ({frames} frame{'' if frames == 1 else 's'})"


def _map(cut: Cut, take: Take, extent: TakeRange, clock: Clock) -> TimeMap:
    """Returns the map of a shot, which starts at its end where the clip runs backwards first.

    A frame shows what its own time begins with, also backwards: so the first one lies before the end by what passes in
    it, and a take of constant speed shows the same frames both ways.
    """
    time = TimeMap(extent.first, take.picture.grid.rate / clock.rate, cut.retime.keys(clock))
    moving = first_speed(time)
    if moving >= 0:
        return time
    return replace(time, start=max(extent.first, extent.stop + time.step * moving))


def first_speed(time: TimeMap) -> Fraction:
    """Returns the speed that a map starts with; the first one that is not 0, if there is one."""
    return time.speed(0) or next((key.speed for key in time.keys if key.at >= 0 and key.speed), Fraction(0))


def _fitted(cut: Cut, take: Take, extent: TakeRange, clock: Clock) -> Cut:
    """Returns the shot with the factor over its speeds by which its range lasts as long as `fit` says.

    Raises JobError where no factor does.
    """
    if not cut.retime.is_fitted or take.picture.stands_still:
        return cut
    retime = replace(cut.retime, scale="1")
    moving = duration_frames(retime.lasts, clock) - duration_frames(retime.freeze, clock)
    time = TimeMap(Fraction(0), take.picture.grid.rate / clock.rate, retime.keys(clock))
    covered = _covered(time, max(moving, 1))
    if not time.direction or not covered:
        raise JobError(
            "cannot be fitted to a length",
            where=cut.where,
            expected="speeds that all run one way",
            got=f"speed {retime.speed!r}",
            fix="write `length` in place of `fit`",
        )
    written = _written_factor((extent.stop - extent.first) / covered)
    found = [abs(key.speed) * exact(written) for key in time.keys]
    if not all(is_speed(speed) for speed in found):
        raise JobError(
            "cannot be fitted to that length",
            where=cut.where,
            expected=f"speeds of {SPEEDS}",
            got=f"{float(min(filter(None, found))):.3g} to {float(max(found)):.3g} for `fit: {retime.lasts}`",
            fix="fit it to another length, or use another part of the take",
        )
    return replace(cut, retime=replace(retime, scale=written))


def _covered(time: TimeMap, frames: int) -> Fraction:
    """Returns how many source frames pass in a shot of that many frames, with the last one's own time."""
    if first_speed(time) >= 0:
        return abs(time(frames))
    return max(abs(time(frames)), abs(time(frames - 1)) + time.step * abs(first_speed(time)))


def _written_factor(factor: Fraction) -> str:
    """Returns a factor as a job can hold it: exact, or less by up to 1e-18, so that no frame lacks."""
    if max(factor.numerator, factor.denominator) <= LARGEST_PART:
        return f"{factor.numerator}/{factor.denominator}"
    whole, rest = divmod((factor * 10**DECIMALS).__floor__(), 10**DECIMALS)
    return f"{whole}.{rest:0{DECIMALS}d}"


def _require_length(cut: Cut, take: Take) -> None:
    """Raises JobError for a shot of a picture that stands still which does not say how long it lasts."""
    if asked_length(cut) or cut.stop:
        return
    raise JobError(
        "a still has no length of its own",
        where=cut.where,
        expected=f"`length`: how long take {take.name!r} is shown",
        fix="write `length: 2s`",
    )
