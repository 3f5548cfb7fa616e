"""Finds what could be done about a shot that its take is too short for, and about a transition that is too long.

Each fix costs what it changes, as a share: a transition by half of what it loses; a shot's start by a third of its
move; a slower speed by what it loses, twice where pictures are shown again and not made; a shorter shot by twice its
loss, for all that follows moves; held frames three times, for a picture that stops is seen at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any

from post.errors import JobError
from post.job.model import Cut
from post.knob import duration_frames, duration_seconds, knobs_of, public_knobs
from post.picture.retime import SLOWEST, Retime
from post.plan.cut.timing import ShotTiming, time_shot
from post.values import Clock, File, Take, round_half_up

# How frames between two are made, the best first.
BETWEEN = tuple(word for word in ("flow", "blend") if word in knobs_of(Retime)["sampling"].choices)
TAILS_S = (Fraction(1, 2), Fraction(1), Fraction(2))  # over how much of its end a shot may slow down
MADE, STOPPED = Fraction(3, 100), Fraction(1, 20)  # what made frames, and any held ones, cost at the least


MOST_TAKEN = Fraction(
    1, 2
)  # of a shot or a transition: what `handles: auto` makes up for; beyond, people decide


@dataclass(frozen=True, slots=True)
class HandleFix:
    """A way to make shots as long as the cut needs them.

    what: in words; cost: what it changes, 0 is nothing; edits: the keys to write, as (number of the shot, key, value).
    """

    what: str
    cost: Fraction
    edits: tuple[tuple[int, str, str], ...]

    def text(self, own: int, cuts: Sequence[Cut]) -> str:
        """Returns it as an error lists it, with the YAML to write. own: the number of the shot that the error names."""
        parts = []
        for number in dict.fromkeys(number for number, _, _ in self.edits):
            keys = ", ".join(f"{key}: {value}" for at, key, value in self.edits if at == number)
            fitted = " in place of `length`" if any(key == "fit" for _, key, _ in self.edits) else ""
            parts.append(f"`{keys}`{fitted}" + ("" if number == own else f" in shot {cuts[number].name}"))
        return f"{self.what} ({float(self.cost):.2f}): {' and '.join(parts)}"


def fixes_of_shortage(
    cuts: Sequence[Cut], number: int, take: Take, timed: ShotTiming, clock: Clock
) -> list[HandleFix]:
    """Returns what could be done about a shot whose take is too short, the least change first."""
    found = [
        *_shorter_transition(cuts, number, timed, clock),
        *_earlier_start(number, timed, clock),
        *_slower(number, take, timed, clock),
        *_slower_tail(number, timed, clock),
        *_held(number, timed),
        HandleFix(
            "shorten the shot",
            Fraction(2 * timed.lacking, timed.length),
            ((number, "length", f"{timed.length - timed.lacking}f"),),
        ),
    ]
    return sorted((fix for fix in found if _fits(fix, cuts, number, take, clock)), key=lambda fix: fix.cost)


def fixes_of_overlap(cuts: Sequence[Cut], number: int, asked: int, room: int) -> list[HandleFix]:
    """Returns what could be done about a transition of `asked` frames where its shots have `room`, best first."""
    if room < 1:
        return []
    loss = Fraction(asked - room, 2 * asked)
    return [
        HandleFix("shorten the transition", loss, ((number, "transition", _transition(cuts[number], room)),))
    ]


def is_taken(lacking: int, of: int) -> bool:
    """Returns whether `handles: auto` makes up for so many frames that a shot or a transition of `of` frames lacks."""
    return lacking <= MOST_TAKEN * of


def apply_fix(cuts: Sequence[Cut], fix: HandleFix) -> tuple[Cut, ...]:
    """Returns the cut with the keys of a fix, as if the job said them."""
    changed = list(cuts)
    for number, key, value in fix.edits:
        changed[number] = _with_key(changed[number], key, value)
    return tuple(changed)


def _with_key(cut: Cut, key: str, value: str) -> Cut:
    if key == "length":
        return replace(cut, length=value)
    if key == "in":
        return replace(cut, start=value)
    if key == "transition":
        return replace(cut, transition_length=value.rpartition("length: ")[2].rstrip("}"))
    if key == "fit":
        return replace(cut, length="", retime=replace(cut.retime, lasts=value))
    asked: dict[str, Any] = {key: value.strip('"')}
    return replace(cut, retime=replace(cut.retime, **asked))


def _fits(fix: HandleFix, cuts: Sequence[Cut], number: int, take: Take, clock: Clock) -> bool:
    """Returns whether the shot is long enough after a fix."""
    try:
        return not time_shot(apply_fix(cuts, fix)[number], take, clock).lacking
    except JobError:
        return False


def _transition(cut: Cut, frames: int) -> str:
    """Returns a shot's transition of another length, as a job writes it."""
    stage, length = cut.transition, f"{frames}f"
    if stage is None:
        return length
    usual = {f.name: f.default for f in fields(stage)}  # type: ignore[arg-type]  # a dataclass once declared
    values = [(key, getattr(stage, key)) for key in public_knobs(type(stage))]
    turned = "".join(f"{key}: {_yaml(value)}, " for key, value in values if value != usual[key])
    return (
        length
        if stage.name == "dissolve" and not turned
        else f"{{stage: {stage.name}, {turned}length: {length}}}"
    )


def _yaml(value: object) -> str:
    """Returns a knob's value as a job writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, File):
        return f'"{value.here}"'
    if isinstance(value, float):
        return f"{value:g}"
    return f'"{value}"' if str(value).startswith("#") else str(value)


def _shorter_transition(
    cuts: Sequence[Cut], number: int, timed: ShotTiming, clock: Clock
) -> Iterator[HandleFix]:
    """Yields the shot and the transition after it, both shorter: nothing that follows moves."""
    after = cuts[number + 1] if number + 1 < len(cuts) else None
    if after is None or after.transition is None:
        return
    overlap = duration_frames(after.transition_length, clock)
    if overlap > timed.lacking:
        edits = (
            (number, "length", f"{timed.length - timed.lacking}f"),
            (number + 1, "transition", _transition(after, overlap - timed.lacking)),
        )
        yield HandleFix("shorten the transition after it", Fraction(timed.lacking, 2 * overlap), edits)


def _earlier_start(number: int, timed: ShotTiming, clock: Clock) -> Iterator[HandleFix]:
    """Yields the shot from an earlier place in its take on."""
    speed = timed.cut.retime.keys(clock)[0].speed
    if len(timed.cut.retime.keys(clock)) > 1 or speed <= 0:
        return
    first = (duration_seconds(timed.cut.start, clock) * clock.rate - timed.lacking * speed).__floor__()
    if first >= 0:
        cost = Fraction(timed.lacking, 3 * timed.length)
        yield HandleFix("start it earlier in the take", cost, ((number, "in", f"{first}f"),))


def _slower(number: int, take: Take, timed: ShotTiming, clock: Clock) -> Iterator[HandleFix]:
    """Yields the whole shot slower: with the pictures it has, and with pictures made between them."""
    lasts = f"{timed.length}f"
    try:
        slow = time_shot(_with_key(timed.cut, "fit", lasts), take, clock)
    except JobError:
        return
    loss = 1 - Fraction(slow.cut.retime.scale)
    if timed.cut.retime.sampling == "nearest":
        yield HandleFix("slow it down", 2 * loss, ((number, "fit", lasts),))
        made = ((number, "fit", lasts), (number, "sampling", BETWEEN[0]))
        yield HandleFix("slow it down with frames made between", loss + MADE, made)
    else:
        yield HandleFix("slow it down", loss, ((number, "fit", lasts),))


def _slower_tail(number: int, timed: ShotTiming, clock: Clock) -> Iterator[HandleFix]:
    """Yields the shot slowing down towards its end, over the shortest time in which it can."""
    keys, moving = timed.cut.retime.keys(clock), timed.length - timed.held
    speed = keys[0].speed
    if len(keys) > 1 or speed <= 0 or timed.cut.retime.is_fitted:
        return
    passed = (timed.extent.stop - timed.extent.first) / timed.time.step  # source, in film frames at speed 1
    for tail in (round_half_up(seconds * clock.rate) for seconds in TAILS_S):
        if tail >= moving:
            return
        last = 2 * (passed - speed * (moving - tail)) / tail - speed
        last = Fraction((last * 1000).__floor__(), 1000)
        if last >= max(SLOWEST, speed / 4):
            text = f'"0f:{float(speed):g}, {moving - tail}f:{float(speed):g}, {moving}f:{float(last):g}"'
            cost = Fraction(timed.lacking, timed.length) * (1 + (speed - last) / speed)
            yield HandleFix("slow its end", cost, ((number, "speed", text),))
            return


def _held(number: int, timed: ShotTiming) -> Iterator[HandleFix]:
    """Yields the shot with its last frame held."""
    cost = STOPPED + Fraction(3 * timed.lacking, timed.length)
    yield HandleFix("hold its last frame", cost, ((number, "freeze", f"{timed.held + timed.lacking}f"),))
