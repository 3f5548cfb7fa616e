"""The time of a clip as editors count it, from its media's start: where the clip begins, and its time map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from post.handoff.media import media_start
from post.handoff.time_keys import PositionKey, positions_of
from post.handoff.timeline import Timeline, TimelineClip
from post.values.time import Span
from post.values.timecode import nominal_rate


@dataclass(frozen=True, slots=True)
class LocalTime:
    """start: the clip's own time at its first record frame, in seconds; keys: its time map in seconds, () for none."""

    start: Fraction
    keys: tuple[PositionKey, ...] = ()


def local_time(timeline: Timeline, clip: TimelineClip) -> LocalTime:
    """Returns a clip's local time. That of a retimed clip begins where its map, drawn out, reaches its media's start.

    What has no media starts at an hour, as in Final Cut Pro.
    """
    clock = timeline.clock
    if clip.media.make or clip.media.still:
        return LocalTime(clock.seconds(nominal_rate(clock.rate) * 3600))
    base = media_start(clip.media)
    if not clip.retimed:
        return LocalTime(base + clip.source)
    shown = timeline.shown(clip)
    span = Span(shown.first - clip.record.first, shown.stop - clip.record.first)
    if clip.speeds:
        drawn = positions_of(clip.speeds, clip.source, _whole_span(timeline, clip, span), clock)
    elif len(clip.positions) == 1:
        drawn = tuple(PositionKey(Fraction(at), clip.positions[0].source) for at in (span.first, span.stop))
    else:
        drawn = _drawn_out(clip.positions, clip.media.length)
    first = drawn[0].at
    return LocalTime(
        clock.seconds(-first),
        tuple(
            replace(
                key,
                at=clock.seconds(key.at - first),
                source=base + key.source,
                lead=clock.seconds(key.lead),
                lag=clock.seconds(key.lag),
            )
            for key in drawn
        ),
    )


def _whole_span(timeline: Timeline, clip: TimelineClip, span: Span) -> Span:
    """Returns the frames in which a clip's speeds run through its media: they go on at their first and last speed.

    span: its frames that are seen. Frames whose media time would lie outside the media are left out.
    """
    first, last, clock = clip.speeds[0], clip.speeds[-1], timeline.clock
    before, after = 0, 0
    if first.speed > 0 and span.first <= first.at:
        before = max(0, (clip.at(span.first, clock) * clock.rate / first.speed).__floor__())
    if last.speed > 0 and span.stop >= last.at and clip.media.length is not None:
        rest = clip.media.length - clip.at(span.stop, clock)
        after = max(0, (rest * clock.rate / last.speed).__floor__())
    return Span(span.first - before, span.stop + after)


def _drawn_out(keys: Sequence[PositionKey], length: Fraction | None) -> tuple[PositionKey, ...]:
    """Returns keys whose first and last lines go on to the media's ends, by whole frames, so that ends can be trimmed.

    length: the media's, in seconds.
    """
    first, second, before, last = keys[0], keys[1], keys[-2], keys[-1]
    head, tail = list[PositionKey](), list[PositionKey]()
    slope = (second.source - first.source) / (second.at - first.at)
    if slope > 0 and (frames := (first.source / slope).__floor__()) > 0:
        head.append(PositionKey(first.at - frames, first.source - frames * slope))
    end = (last.source - before.source) / (last.at - before.at)
    if end > 0 and length is not None and (frames := ((length - last.source) / end).__floor__()) > 0:
        tail.append(PositionKey(last.at + frames, last.source + frames * end))
    return _straightened((*head, *keys, *tail))


def _straightened(keys: Sequence[PositionKey]) -> tuple[PositionKey, ...]:
    """Returns keys without those that lie on the line between their neighbours."""
    kept = [keys[0]]
    for key, after in pairwise(keys[1:]):
        before = kept[-1]
        line = before.source + (after.source - before.source) * (key.at - before.at) / (after.at - before.at)
        if key.source != line:
            kept.append(key)
    return (*kept, keys[-1])
