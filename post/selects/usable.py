"""Finds the parts of a take that a shot can use, and what stands in the way of the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from post.measure.defects import FLASH_FRAMES, Defects
from post.plan.warnings import LEAST_PICTURE
from post.values.time import Span

LEAST_S = Fraction(1, 2)  # a shorter part is no shot


@dataclass(frozen=True, slots=True)
class Defect:
    """A run of frames that a broken generation shows. kind: "frozen" | "black" | "flash" | "faint"."""

    kind: str
    span: Span


def defects_in(found: Defects, length: int, *, codes: bool = False) -> tuple[Defect, ...]:
    """Returns the defects of a take, in the order of their frames.

    length: of the take, in frames; codes: its picture is log or HDR, whose codes say nothing of its contrast.
    """
    runs = [Defect("frozen", Span(*run)) for run in found.still]
    runs += [Defect("black", Span(*run)) for run in found.black]
    # A flash is over within so many frames.
    runs += [Defect("flash", Span(at, min(at + FLASH_FRAMES, length))) for at in found.flashes]
    if found.contrast < LEAST_PICTURE and not codes:
        runs.append(Defect("faint", Span(0, length)))
    return tuple(sorted(runs, key=lambda each: (each.span.first, each.span.stop, each.kind)))


def usable_spans(
    length: int, rate: Fraction, cuts: Sequence[int], defects: Sequence[Defect]
) -> tuple[Span, ...]:
    """Returns the spans of frames between cuts and defects that are long enough for a shot, in order.

    length: of the take, in frames; rate: frames a second; cuts: the first frame of each new shot in it. A take that is
    faint is so from end to end: that is told, and takes no frames away.
    """
    blocked = sorted((each.span for each in defects if each.kind != "faint"), key=lambda each: each.first)
    edges = (0, *cuts, length)
    parts = (part for first, stop in pairwise(edges) for part in _without(Span(first, stop), blocked))
    return tuple(part for part in parts if len(part) >= LEAST_S * rate)


def _without(span: Span, blocked: Sequence[Span]) -> Iterator[Span]:
    """Yields what is left of a span. blocked: spans by their first frame, which may overlap."""
    at = span.first
    for each in blocked:
        if each.first >= span.stop:
            break
        if each.first > at:
            yield Span(at, each.first)
        at = max(at, each.stop)
    if at < span.stop:
        yield Span(at, span.stop)
