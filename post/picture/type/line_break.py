"""Breaks text into lines: as few as fit, and as even as possible."""

from __future__ import annotations

from collections.abc import Sequence

from post.picture.type.shape import Line, Paragraph

Spans = list[tuple[int, int]]


def flow(paragraphs: Sequence[Paragraph], width_px: float, most: int) -> list[Line]:
    """Returns lines no wider than `width_px`; a line is wider only if the text has no place to break.

    Each paragraph is broken into as few lines as possible. Then its lines are made as narrow as that number of
    lines allows, so that no single word is left on the last line. If all paragraphs together have more than
    `most` lines, this second step is left out.
    """
    cuts = [_greedy(paragraph, width_px) for paragraph in paragraphs]
    if sum(map(len, cuts)) <= most:
        cuts = [_balanced(p, cut, width_px) for p, cut in zip(paragraphs, cuts, strict=True)]
    return [p.line(*span) for p, cut in zip(paragraphs, cuts, strict=True) for span in cut]


def _balanced(paragraph: Paragraph, best: Spans, width_px: float) -> Spans:
    lo, hi = 0, int(width_px)
    while len(best) > 1 and hi - lo > 1:
        middle = (lo + hi) // 2
        cut = _greedy(paragraph, middle)
        if len(cut) == len(best) and all(paragraph.width(*span) <= middle for span in cut):
            best, hi = cut, middle
        else:
            lo = middle
    return best


def _greedy(paragraph: Paragraph, width_px: float) -> Spans:
    """Returns the spans of lines, each as long as `width_px` allows."""
    spans, first, last = list[tuple[int, int]](), 0, 0
    for at in paragraph.breaks:
        if last > first and paragraph.width(first, at) > width_px:
            spans.append((first, last))
            first = last
        last = at
    return [*spans, (first, last)]
