"""Motion blur of a shot that runs faster than it was shot: the places of its take that a film frame is the mean of."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from fractions import Fraction

from post.plan.shots import source_frames, source_place
from post.values import Shot, Span, round_half_up
from post.values.plan.place import Place

CIRCLE = 360  # degrees: a shutter that is open for the whole of a frame
EACH, MOST = 4, 16  # places to a source frame that passes while the shutter is open; and at most


def exposures(shot: Shot, span: Span) -> tuple[tuple[Place, ...], ...]:
    """Returns, for each film frame of `span`, the places that it is the mean of: none where it is one picture.

    Returns () where no frame of the shot has any. At the speed of the take it has its own blur; what is added is that
    of the speed above it.
    """
    if not shot.shutter or shot.take.picture.stands_still:
        return ()
    made = tuple(tuple(_exposure(shot, frame)) for frame in span)
    return made if any(made) else ()


def _exposure(shot: Shot, frame: int) -> Iterator[Place]:
    at = frame - shot.span.first
    half = Fraction(1, 2)
    passed = abs(shot.time(at + half) - shot.time(at - half)) - abs(shot.time.step)
    open_for = passed * shot.shutter / CIRCLE  # source frames
    count = min(MOST, round_half_up(open_for * EACH))
    if count < 2:
        return
    ((number, weight),) = source_frames(shot, Span(frame, frame + 1))
    own, first = bisect(shot.cuts, number + weight), _first_place(shot)
    for part in range(count):
        place = shot.time(at) + open_for * (Fraction(2 * part + 1, 2 * count) - half)
        number, weight = source_place(shot, max(place, first))
        if bisect(shot.cuts, number + weight) == own:
            yield number, weight


def _first_place(shot: Shot) -> Fraction:
    """Returns the place of its take from which on a shot shows it; the take's start where it turns round."""
    ends = shot.time(0), shot.time(len(shot.span) - 1)
    return max(Fraction(0), min(ends)) if shot.time.direction else Fraction(0)
