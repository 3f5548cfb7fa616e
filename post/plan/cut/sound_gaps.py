"""Finds the gaps between the shots' own sounds that a plan knows: they are filled with room tone."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from post.sound.tone import SHORTEST_S, is_room
from post.values import Clock, Mix, SoundEvent, Span, round_half_up


def gap_frames(mix: Mix, clock: Clock) -> tuple[Span, ...]:
    """Returns the spans of frames, rounded outwards, in which no shot has sound of its own and no ambience is laid.

    They are the shots without sound or muted, and those parts of shots that their file's sound does not reach; a file
    that is silent on the way is known only when its sound is read.
    """
    if mix.tone is None:
        return ()
    shortest = round(SHORTEST_S * mix.rate_hz)
    found = list[Span]()
    for first, stop in _gaps(mix):
        if stop - first < shortest:
            continue
        span = clock.covering(Span(first, stop), mix.rate_hz)
        if found and span.first <= found[-1].stop:
            span = Span(found.pop().first, span.stop)
        found.append(span)
    return tuple(found)


def _gaps(mix: Mix) -> Iterator[tuple[int, int]]:
    """Yields (first, stop) of the samples between the sounds, in order."""
    until = 0
    for first, stop in sorted(_sounding(mix, event) for event in mix.events if is_room(event)):
        if first > until:
            yield until, min(first, mix.length)
        until = max(until, stop)
    if until < mix.length:
        yield until, mix.length


def _sounding(mix: Mix, event: SoundEvent) -> tuple[int, int]:
    """Returns (first, stop) of the film's samples in which an event has sound: at its own speed, what its file has."""
    first, stop = event.at, event.at + event.length
    if event.map is None and not event.loop:
        own, offset = event.sound, round_half_up(event.offset * mix.rate_hz)
        starts = round_half_up(own.start * mix.rate_hz)
        ends = starts + round_half_up(Fraction(own.samples * mix.rate_hz, own.rate_hz))
        first, stop = max(first, event.at - offset + starts), min(stop, event.at - offset + ends)
    return max(0, first), min(mix.length, stop)
