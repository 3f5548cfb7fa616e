"""Joins what a box shows at once: paragraphs of one region stand under each other, in the order of their file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from post.captions.model import Caption, CaptionRun


def shown_together(captions: Sequence[Caption]) -> list[Caption]:
    """Returns captions, with those of one box that overlap in time as one caption for each time that they share.

    Those without a box, or set in another way, stay as they are. What has no text comes first: it lies behind the rest.
    """
    groups: dict[object, list[Caption]] = {}
    for number, one in enumerate(captions):
        groups.setdefault(_way(one) if one.box else number, []).append(one)
    found = [each for group in groups.values() for each in (_joined(group) if len(group) > 1 else group)]
    return sorted(found, key=lambda one: (bool(one.runs), one.start))


def _way(one: Caption) -> object:
    """Returns everything that captions must share to be set as one."""
    return one.box, one.align, one.writing, one.direction, one.background, one.line, bool(one.runs)


def _joined(group: Sequence[Caption]) -> Iterator[Caption]:
    edges = sorted({edge for one in group for edge in (one.start, one.stop)})
    before: tuple[list[Caption], Caption] | None = None
    for start, stop in pairwise(edges):
        shown = [one for one in group if one.start <= start and one.stop >= stop]
        if before and (before[0] != shown or before[1].stop != start):
            yield before[1]
            before = None
        if shown:
            first = before[1].start if before else start
            before = shown, replace(shown[0], start=first, stop=stop, runs=tuple(_runs(shown)))
    if before:
        yield before[1]


def _runs(shown: Sequence[Caption]) -> Iterator[CaptionRun]:
    for number, one in enumerate(shown):
        if number and one.runs:
            yield CaptionRun("\n", size=one.runs[0].size)
        yield from one.runs
