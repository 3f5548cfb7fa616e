"""Breaking text into lines: as few as fit, as even as they can be."""

from __future__ import annotations

from collections.abc import Sequence

from post.picture.type.shape import Line, Paragraph


def flow(paragraphs: Sequence[Paragraph], width_px: float) -> list[Line]:
    """Lines no wider than `width_px` where the text has a place to break; else one that sticks out.

    Each paragraph takes the fewest lines it can, and then the narrowest measure that keeps their
    number, so that no single word is left over.
    """
    return [line for paragraph in paragraphs for line in _balanced(paragraph, width_px)]


def _balanced(paragraph: Paragraph, width_px: float) -> list[Line]:
    best = _greedy(paragraph, width_px)
    lo, hi = 0, int(width_px)
    while len(best) > 1 and hi - lo > 1:
        middle = (lo + hi) // 2
        cut = _greedy(paragraph, middle)
        if len(cut) == len(best) and all(paragraph.width(*span) <= middle for span in cut):
            best, hi = cut, middle
        else:
            lo = middle
    return [paragraph.line(*span) for span in best]


def _greedy(paragraph: Paragraph, width_px: float) -> list[tuple[int, int]]:
    """Each line as long as fits."""
    spans, first, last = list[tuple[int, int]](), 0, 0
    for at in paragraph.breaks:
        if last > first and paragraph.width(first, at) > width_px:
            spans.append((first, last))
            first = last
        last = at
    return [*spans, (first, last)]
