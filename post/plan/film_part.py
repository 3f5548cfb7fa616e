"""A part of a film, asked for before there is a film: a range, or one frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

from post.errors import JobError
from post.job.model import Cut, Job
from post.knob import Knob, duration_seconds
from post.plan.shots import plan_shots
from post.values import Clock, Shot, Span, Take, round_half_up

DOTS = ".."
_TIME = Knob("a time in the film", "duration")


@dataclass(frozen=True, slots=True)
class FilmPart:
    """A part of a film as it is asked for. first, stop: film times such as "4s" or "96f"; stop: "" for the one
    frame that is shown at `first`; option: what asked for it, for errors."""

    first: str
    stop: str
    option: str

    def frames(self, clock: Clock, length: int) -> Span:
        """Returns its frames in a film of `length` frames: of a range, the edges nearest to its times.

        Raises JobError where it is empty, or not in the film.
        """
        rate = clock.rate
        if not self.stop:
            first = (duration_seconds(self.first, clock) * rate).__floor__()
            span = Span(first, first + 1)
        else:
            first, stop = (
                round_half_up(duration_seconds(text, clock) * rate) for text in (self.first, self.stop)
            )
            if stop <= first:
                raise JobError(
                    "does not end after it starts",
                    where=self.option,
                    expected="FROM..TO, at least one frame",
                    got=f"{self.first}{DOTS}{self.stop}",
                )
            span = Span(first, stop)
        if span.stop > length:
            raise JobError(
                "outside the film",
                where=self.option,
                expected=f"up to {float(clock.seconds(length)):.3f} s ({length} frames)",
                got=self.stop or self.first,
            )
        return span


def read_range(text: str, option: str) -> FilmPart:
    """Returns the range that `FROM..TO` asks for. Raises JobError for any other text."""
    first, dots, stop = text.partition(DOTS)
    if not dots or not first.strip() or not stop.strip():
        raise JobError("not a range", where=option, expected="FROM..TO, such as 4s..8s", got=repr(text))
    return FilmPart(_time(first, option), _time(stop, option), option)


def read_moment(text: str, option: str) -> FilmPart:
    """Returns the one frame that is shown at a time. Raises JobError for a text that is not a time."""
    return FilmPart(_time(text, option), "", option)


def _time(text: str, option: str) -> str:
    return str(_TIME.read(text.strip(), option))


def without_unseen(job: Job, takes: dict[str, Take], part: FilmPart) -> tuple[Job, set[str]]:
    """Returns the job without what is only decided by measuring shots that the part does not show; and the names of
    the takes that it shows.

    A shot that another one is matched to keeps its own match, and so do all that are matched together. Raises Problems
    where the cut does not fit its takes.
    """
    shots = plan_shots(job, takes)
    seen = shown_shots(shots, part.frames(job.clock, shots[-1].span.stop))
    needed = _with_references(job.cut, {shot.name for shot in seen})
    names = {shot.name for shot in seen}
    cut = tuple(
        replace(
            each,
            match=each.match if each.name in needed else None,
            repairs=each.repairs if each.name in names else (),
        )
        for each in job.cut
    )
    return replace(job, cut=cut), {shot.take.name for shot in seen}


def shown_shots(shots: tuple[Shot, ...], span: Span) -> tuple[Shot, ...]:
    """Returns the shots that are seen in some frames of the film."""
    return tuple(shot for shot in shots if shot.span.meets(span))


def _with_references(cut: tuple[Cut, ...], names: set[str]) -> set[str]:
    """Returns those shots, those that are matched together with them (to the same reference), the shots that these are
    matched to, and so on."""
    goals = {each.name: (each.match.to, each.match.file, each.match.house) for each in cut if each.match}
    found, waiting = set[str](), list(names)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        if name in goals:
            waiting += [other for other, goal in goals.items() if goal == goals[name]]
            waiting += [goals[name][0]] if goals[name][0] else []
    return found
