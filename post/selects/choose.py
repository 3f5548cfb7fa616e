"""Reads what a user chose, checks it against the takes, and makes it what is written into the cut."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from post.errors import AnswerprintError, JobError, Problems, unknown
from post.job.editing.selects import Select
from post.job.model import Cut, Job
from post.knob import Knob, duration_seconds
from post.picture.retime import Retime
from post.plan.shots import plan_shots
from post.selects.measured import MeasuredTake
from post.values import Clock, Span, round_half_up

OPTION, DOTS = "--choose", ".."
_TIME = Knob("a time in the take", "duration")


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice as it is written. start, stop: durations in the take, "" for its best usable range."""

    shot: str
    take: str
    start: str = ""
    stop: str = ""


def read_choice(text: str) -> Choice:
    """Returns the choice that `BEAT=TAKE[@IN..OUT]` makes. Raises JobError for any other text."""
    shot, equals, rest = (part.strip() for part in text.partition("="))
    take, at, times = (part.strip() for part in rest.rpartition("@")) if DOTS in rest else (rest, "", "")
    if not equals or not shot or not take:
        raise JobError(
            "not a choice", where=OPTION, expected="BEAT=TAKE or BEAT=TAKE@IN..OUT, such as open=dog@0.5s..2s",
            got=repr(text),
        )  # fmt: skip
    if not at:
        return Choice(shot, take)
    start, _, stop = times.partition(DOTS)
    return Choice(shot, take, *(str(_TIME.read(each.strip(), OPTION)) for each in (start, stop)))


def resolve_choices(
    choices: Sequence[Choice], job: Job, takes: Sequence[MeasuredTake], known: Sequence[str]
) -> tuple[Select, ...]:
    """Returns what to write for each choice. known: the beats and shots that a choice may name.

    Raises Problems with a fault for each choice that names none, or another take than there is, or a range that is not
    in the take or lies over a cut in it, or that its shot's transitions or speed have no room in.
    """
    named = {each.ref.name: each for each in takes}
    faults, found = list[AnswerprintError](), list[Select]()
    for place, choice in enumerate(choices):
        try:
            _check_names(choice, choices[:place], known, named)
            found.append(_select(choice, named[choice.take], job.clock))
        except JobError as fault:
            faults.append(fault)
    if faults:
        raise faults[0] if len(faults) == 1 else Problems(faults)
    _refuse_misfits(job, named, found)
    return tuple(found)


def _check_names(
    choice: Choice, before: Sequence[Choice], known: Sequence[str], takes: Mapping[str, MeasuredTake]
) -> None:
    if any(choice.shot == each.shot for each in before):
        raise JobError("chosen twice", where=OPTION, got=choice.shot, fix="keep one")
    if choice.shot not in known:
        raise unknown(choice.shot, known, OPTION, "beat or shot")
    if choice.take not in takes:
        raise unknown(choice.take, takes, OPTION, "take")


def known_shots(job: Job) -> tuple[str, ...]:
    """Returns what a choice may name: the brief's beats, those that takes say they are made for, and the shots."""
    said = (take.beat for take in job.takes if take.beat)
    return tuple(dict.fromkeys((*(beat.id for beat in job.beats), *said, *(cut.name for cut in job.cut))))


def brief_order(job: Job) -> dict[str, int]:
    """Returns the place in the brief of each beat, and of each take that was made for one."""
    said = (take.beat for take in job.takes if take.beat)
    beats = {
        beat: place for place, beat in enumerate(dict.fromkeys((*(each.id for each in job.beats), *said)))
    }
    return {**{take.name: beats[take.beat] for take in job.takes if take.beat}, **beats}


def _select(choice: Choice, take: MeasuredTake, clock: Clock) -> Select:
    if not choice.stop:
        return _best(choice, take, clock)
    start, stop = (duration_seconds(each, clock) for each in (choice.start, choice.stop))
    picture = take.take.picture
    if stop <= start or round_half_up((stop - start) * clock.rate) < 1:
        raise _fault(choice, "does not end after it starts", "at least one frame of the film")
    length = picture.grid.seconds(picture.length)
    if picture.after_end == "stops" and stop > length:
        raise _fault(choice, "outside the take", f"up to {_shown(length)}")
    frames = round_half_up((stop - start) * clock.rate)
    first, step = start * picture.grid.rate, picture.grid.rate / clock.rate
    cuts = [at for at in take.cuts if _shows_both(at, first, frames, step)]
    if cuts:
        at = ", ".join(_shown(picture.grid.seconds(each)) for each in cuts)
        parts = " or ".join(_range(each, take) for each in take.usable) or "another take"
        raise _fault(
            choice, "lies over a cut inside the take", f"a part between cuts: {parts}", f"a cut at {at}"
        )
    return Select(choice.shot, choice.take, *(_text(each, clock) for each in (start, stop, stop - start)))


def _best(choice: Choice, take: MeasuredTake, clock: Clock) -> Select:
    """Returns the best usable range of a take, in whole frames of the film."""
    best, grid = take.best, take.take.picture.grid
    if best is None:
        raise _fault(choice, "has no part that a shot can use", "a range, such as @0s..2s", take.ref.name)
    step = grid.rate / clock.rate
    first = math.ceil(grid.seconds(best.first) * clock.rate)
    frames = math.floor(grid.seconds(best.stop) * clock.rate) - first
    # The nearest source frame is shown: of a clip with fewer frames than the film, the next one too early.
    inner = best.stop < take.take.picture.length
    while inner and frames > 1 and round_half_up((first + frames - 1) * step) >= best.stop:
        frames -= 1
    if frames < 1:
        raise _fault(choice, "has no part that a shot can use", "a range, such as @0s..2s", take.ref.name)
    start, length = clock.seconds(first), clock.seconds(frames)
    return Select(choice.shot, choice.take, *(_text(each, clock) for each in (start, start + length, length)))


def _shows_both(cut: int, first: Fraction, frames: int, step: Fraction) -> bool:
    """Returns whether film frames show a take on both sides of a cut. first: the source position of the first one;
    step: from one to the next."""
    return round_half_up(first) < cut <= round_half_up(first + (frames - 1) * step)


def _refuse_misfits(job: Job, takes: Mapping[str, MeasuredTake], selects: Sequence[Select]) -> None:
    """Raises Problems where a shot with its new take would be refused, as one that is shorter than its transitions."""
    chosen = {each.shot: each for each in selects}
    cut = tuple(_with(each, chosen[each.name]) if each.name in chosen else each for each in job.cut)
    opened = {name: each.take for name, each in takes.items()}
    if all(each.take in opened for each in cut):
        plan_shots(replace(job, cut=cut), opened)


def _with(cut: Cut, select: Select) -> Cut:
    """Returns a shot with its select, as it will be read from the job."""
    chosen = replace(cut, take=select.take, start=select.start)
    mine, usual = cut.retime, Retime()
    if all(getattr(mine, key) == getattr(usual, key) for key in ("speed", "freeze", "reverse", "lasts")):
        return replace(chosen, stop="", length=select.length)
    return replace(chosen, stop=select.stop, length="")


def _text(seconds: Fraction, clock: Clock) -> str:
    """Returns a time as people write it: in seconds where three digits hold it, else in frames of the film."""
    if (seconds * 1000).denominator == 1:
        return f"{float(seconds):.3f}".rstrip("0").rstrip(".") + "s"
    return f"{round_half_up(seconds * clock.rate)}f"


def _shown(seconds: Fraction) -> str:
    return f"{float(seconds):.3f} s"


def _range(span: Span, take: MeasuredTake) -> str:
    grid = take.take.picture.grid
    return f"{_shown(grid.seconds(span.first))} to {_shown(grid.seconds(span.stop))}"


def _fault(choice: Choice, what: str, expected: str, got: str = "") -> JobError:
    asked = f"{choice.shot}={choice.take}" + (f"@{choice.start}{DOTS}{choice.stop}" if choice.stop else "")
    return JobError(
        what, where=f"{OPTION} {asked}", expected=expected, got=got or f"{choice.start}{DOTS}{choice.stop}"
    )
