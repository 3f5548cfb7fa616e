"""Crosses the sound of two shots over in their transition, by a curve that keeps its perceived level.

Unlike sounds add their power, like ones their pressure. So the usual equal-power curve is right for two recordings, and
makes 3 dB too much of one sound that goes on; the equal-gain curve is right for that, and makes 3 dB too little of two.
The curve here is between them by the measured coefficient of correlation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from post.sound.ends import SHOTS
from post.values.array import Array
from post.values.plan import Crossing, SoundEvent


@dataclass(frozen=True, slots=True)
class CrossingSide:
    """The sound of one shot in a transition: (samples, channels) float32 of the bus, at its gain, without this fade.

    event: whose sound it is; at: sample of the bus at which the transition starts; opens: it is the incoming shot's.
    """

    event: SoundEvent
    at: int
    opens: bool
    sound: Array


@dataclass(frozen=True, slots=True)
class CrossedEnds:
    """How many samples at an event's start and end cross with the sound of the shot before and after; 0 is none."""

    start: int = 0
    stop: int = 0


def find_crossings(events: Sequence[SoundEvent]) -> list[CrossedEnds]:
    """Returns, for each event, what of it crosses: where a shot's fade out is all of the next one's fade in."""
    found = [CrossedEnds() for _ in events]
    shots = sorted((k for k, event in enumerate(events) if event.role == SHOTS), key=lambda k: events[k].at)
    for going, coming in pairwise(shots):
        length = _crossing(events[going], events[coming])
        found[going] = CrossedEnds(found[going].start, length)
        found[coming] = CrossedEnds(length, 0)
    return found


def _crossing(going: SoundEvent, coming: SoundEvent) -> int:
    length = going.at + going.length - coming.at
    fades = going.fade_out, coming.fade_in
    longest_click = max(going.declick, coming.declick, 1)
    return length if fades == (length, length) and length >= longest_click else 0


def join_crossings(
    sides: Sequence[CrossingSide],
) -> Iterator[tuple[Crossing | None, list[tuple[CrossingSide, Array]]]]:
    """Yields each transition of a film: how it crossed, and its sides, each with what is to be added to its bus.

    A side that has lost its other one, whose file has no sound there, fades by the equal-power curve: no crossing.
    """
    going = {side.at: side for side in sides if not side.opens}
    coming = {side.at: side for side in sides if side.opens}
    for at in sorted(going.keys() | coming.keys()):
        pair = [side for side in (going.get(at), coming.get(at)) if side is not None]
        if len(pair) == 2 and len(pair[0].sound) == len(pair[1].sound):
            alike = likeness(pair[0].sound, pair[1].sound)
            gains = crossing_gains(pair[0].sound, pair[1].sound)
            joined = [(side, side.sound * gain[:, None]) for side, gain in zip(pair, gains, strict=True)]
            yield Crossing(at, len(pair[0].sound), round(alike, 3)), joined
            continue
        for side in pair:
            fall, rise = equal_power(len(side.sound))
            yield None, [(side, side.sound * (rise if side.opens else fall)[:, None])]


def equal_power(samples: int) -> tuple[Array, Array]:
    """Returns the gains of the outgoing and the incoming sound, whose squares add up to 1: float64 of `samples`."""
    turn = np.pi / 2 * (np.arange(samples) + 0.5) / max(samples, 1)
    return np.cos(turn), np.sin(turn)


def likeness(going: Array, coming: Array) -> float:
    """Returns the coefficient of correlation of two sounds, (samples, channels), 0..1; below 0 it is 0.

    Sounds that are opposed would need more than all of both to keep their level.
    """
    a, b = (np.asarray(sound, np.float64) for sound in (going, coming))
    power = float(np.sqrt(np.sum(a * a) * np.sum(b * b)))
    return float(np.clip(np.sum(a * b) / power, 0, 1)) if power else 0.0


def crossing_gains(going: Array, coming: Array) -> tuple[Array, Array]:
    """Returns the gains of two sounds that cross over, each float64 of their length.

    They are the equal-power ones over the root of how much more power the sum has than its parts. Between like sounds
    of one level they add up to 1.
    """
    fall, rise = equal_power(len(going))
    powers = [float(np.mean(np.square(sound, dtype=np.float64))) for sound in (going, coming)]
    parts = fall**2 * powers[0] + rise**2 * powers[1]
    more = 2 * likeness(going, coming) * fall * rise * np.sqrt(powers[0] * powers[1])
    over = np.sqrt(1 + np.divide(more, parts, out=np.zeros_like(parts), where=parts > 0))
    return fall / over, rise / over
