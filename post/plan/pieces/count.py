"""Counts a shot's frames by what they show, so that the same frame has the same number wherever a film shows it.

A shot at one speed is counted along its take:    frame of the take / frames of it that pass in one of the film
A shot whose speed changes is counted from its own start, since every frame of it depends on that.

Numbers rise by one from frame to frame. So a shot that starts later or ends earlier, or lies elsewhere in the film,
numbers the frames that are left as before; and no number comes twice in a shot, whatever stands still in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from post.picture.kernel.noise import NUMBER_BITS
from post.values import Shot, Span, TimeMap


@dataclass(frozen=True, slots=True)
class FrameCount:
    """The numbers of a shot's frames. stream: the take, and how it runs; span: the numbers, which may be below 0."""

    stream: str
    span: Span


def count_of(shot: Shot) -> FrameCount:
    """Returns the numbers of a shot's frames."""
    time, take = shot.time, shot.take.file.sha256
    pace = _pace(time)
    if pace:
        first = (time(0) / pace).__floor__()
        return FrameCount(f"{take} {pace}", Span(first, first + len(shot.span)))
    keys = " ".join(f"{key.at}:{key.speed}:{key.ease}" for key in time.keys)
    return FrameCount(f"{take} {time.start} {time.step} {keys}", Span(0, len(shot.span)))


def _pace(time: TimeMap) -> Fraction:
    """Returns the frames of its take that pass in one of a shot until it is held; 0 where that changes or is none."""
    speeds = {key.speed for key in time.keys}
    return time.step * speeds.pop() if len(speeds) == 1 else Fraction(0)


def seeds_of(shots: Sequence[Shot], number: int) -> Iterator[int]:
    """Yields the seed of each frame of a shot: of its grain, its dither, and of all else that is random in it.

    A frame that a later shot shows again has another seed than there. The later one keeps its own, whatever is put
    before it: that is how openings of a film differ.
    """
    count = count_of(shots[number])
    later = [other.span for other in map(count_of, shots[number + 1 :]) if other.stream == count.stream]
    streams = [_stream_seed(count.stream, again) for again in range(len(later) + 1)]
    for at in count.span:
        again = sum(at in span for span in later)
        yield streams[again] << NUMBER_BITS | at & ((1 << NUMBER_BITS) - 1)


def _stream_seed(stream: str, again: int) -> int:
    """Returns 32 bits for a way of showing a take that is shown that many times more."""
    return int.from_bytes(hashlib.sha256(f"{stream} {again}".encode()).digest()[:4], "big")
