"""Computes what a part of the type looks like at a time: where, how large, how visible, how soft."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from post.picture.motion.easing import eased
from post.picture.motion.moves import UNITS, Move, TypeMotion, read_distance
from post.values.time import Clock

NOT_MOVING = -1  # in a moment: the type has come, or does not go yet


@dataclass(frozen=True, slots=True)
class State:
    """Of a unit. dx, dy: pixels from rest; scale: 1 is rest; opacity: 0..1; blur: sigma in pixels; tracking: pixels
    added between letters; reveals: (side, share that is uncovered, softness); clip: whether it is cut to its line."""

    dx: float = 0.0
    dy: float = 0.0
    scale: float = 1.0
    opacity: float = 1.0
    blur: float = 0.0
    tracking: float = 0.0
    reveals: tuple[tuple[str, float, float], ...] = ()
    clip: bool = False


REST = State()


@dataclass(frozen=True, slots=True)
class TitleMoment:
    """A frame of a motion. since: frames since the type came; left: frames after this one until it is gone; each
    NOT_MOVING where no move depends on it; length: of all, where `while` moves, else 0."""

    since: int
    left: int
    length: int = 0

    @property
    def plain(self) -> tuple[int, ...]:
        """Returns it as a pose holds it."""
        return self.since, self.left, self.length


@dataclass(frozen=True, slots=True)
class TypeScale:
    """What distances are of. short: the frame's shorter side; em: the type's size; in pixels."""

    short: int
    em: float


Counts = dict[str, tuple[int, int]]  # by unit: the number of the part, from 0, and how many there are
WHOLE: Counts = dict.fromkeys(UNITS, (0, 1))  # type that is one part


def moment_of(
    motion: TypeMotion, frame: int, length: int, most: dict[str, int], clock: Clock
) -> TitleMoment | None:
    """Returns what a frame of a title looks like; None where it is at rest. most: the parts of each unit, at most."""
    since = frame if motion.into and frame < frames_of(motion.into, most, clock) else NOT_MOVING
    left = length - 1 - frame
    left = left if motion.out and left < frames_of(motion.out, most, clock) else NOT_MOVING
    if motion.during:
        return TitleMoment(frame, length - 1 - frame, length)
    return None if since == left == NOT_MOVING else TitleMoment(since, left)


def frames_of(move: Move, most: dict[str, int], clock: Clock) -> int:
    """Returns the frames that a move takes with all its parts."""
    length, stagger = _timing(move, clock)
    return math.ceil(length + stagger * max(most[move.by] - 1, 0))


def state_at(
    motion: TypeMotion,
    moment: TitleMoment,
    counts: Counts,
    scale: TypeScale,
    clock: Clock,
    shift: Fraction = Fraction(0),
) -> State:
    """Returns the state of a unit. shift: added to the time, in frames."""
    state = REST
    if motion.into and moment.since != NOT_MOVING:
        share = _share(motion.into, moment.since + shift, counts[motion.into.by], clock)
        state = _moved(state, motion.into, _leaving(motion.into, share), scale)
    if motion.out and moment.left != NOT_MOVING:
        number, count = counts[motion.out.by]
        # Counted from the end: what goes last has the least delay there.
        left = _share(motion.out, moment.left - shift, (count - 1 - number, count), clock)
        state = _moved(state, motion.out, _coming(motion.out, 1 - left), scale)
    if motion.during and moment.length > 1:
        share = (moment.since + shift) / Fraction(moment.length - 1)
        state = _moved(state, motion.during, _coming(motion.during, share), scale)
    return replace(state, opacity=min(max(state.opacity, 0.0), 1.0))


@lru_cache(256)
def _timing(move: Move, clock: Clock) -> tuple[Fraction, Fraction]:
    """Returns the length and the stagger of a move, in frames."""
    length, stagger = move.seconds(clock)
    return length * clock.rate, stagger * clock.rate


def _share(move: Move, frames: Fraction | int, part: tuple[int, int], clock: Clock) -> Fraction:
    """Returns the share of a part's own time that has passed after `frames`.

    A move of n frames has n steps between its ends, as a fade has: every frame of it shows something on the way.
    """
    length, stagger = _timing(move, clock)
    number, count = part
    number = number if move.order == "forward" else count - 1 - number
    passed = frames - number * stagger
    if length == 0:
        return Fraction(passed >= 0)
    return (passed + 1) / (length + 1)


@lru_cache(256)
def _way(move: Move, scale: TypeScale) -> tuple[float, float]:
    """Returns how far a move goes, in pixels to the right and down."""
    dx, dy = (read_distance(each, "motion").pixels(scale.short, scale.em) for each in (move.dx, move.dy))
    return dx, dy


def _coming(move: Move, share: Fraction) -> tuple[float, float]:
    """Returns the share of a move that is done after a share of its time, and that of its opacity."""
    done = eased(move.ease, share)
    return done, eased(move.fade, share) if move.fade else done


def _leaving(move: Move, share: Fraction) -> tuple[float, float]:
    done, faded = _coming(move, share)
    return 1 - done, 1 - faded


def _moved(state: State, move: Move, shares: tuple[float, float], scale: TypeScale) -> State:
    """Returns a state with a share of a move, and one of its opacity: 0 is rest, 1 the whole of it."""
    share, faded = shares
    dx, dy = _way(move, scale)
    reveal = () if move.reveal == "none" else ((move.reveal, 1 - share, move.softness / 100),)
    return State(
        state.dx + dx * share,
        state.dy + dy * share,
        max(state.scale * (1 + (move.scale / 100 - 1) * share), 0.0),
        state.opacity * (1 + (move.opacity - 1) * faded),
        max(state.blur + move.blur / 100 * scale.short * share, 0.0),
        state.tracking + move.tracking / 1000 * scale.em * share,
        (*state.reveals, *reveal),
        state.clip or move.clip,
    )
