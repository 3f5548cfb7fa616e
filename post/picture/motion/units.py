"""Takes type apart: whole, lines, words (what UAX 14 keeps together), or clusters (letters with their marks)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from post.picture.motion.moves import UNITS
from post.picture.type.block import TypeBlock
from post.picture.type.itemise import JOINED, graphemes, line_breaks, paragraphs, scripts
from post.picture.type.rasterise import PlacedLine
from post.picture.type.shape import Glyph


@dataclass(frozen=True)
class Unit:
    """A part of a block that moves by itself. rows: its glyphs, placed; line: its number; counts: by unit, the number
    of the part that it belongs to and how many there are; steps: letters between it and the line's anchor, for
    tracking; top, bottom: of its lines, pixels from the block's top."""

    rows: tuple[PlacedLine, ...]
    line: int
    counts: dict[str, tuple[int, int]]
    steps: float
    top: int
    bottom: int


def units_of(
    block: TypeBlock, finest: str, language: str, anchor: float, heights: tuple[int, int]
) -> list[Unit]:
    """Returns the block's parts in reading order. anchor: where lines keep their place as letters move apart, 0 left to
    1 right; heights: of a line, above and below its baseline, in whole pixels."""
    if finest == "whole":
        top, bottom = block.rows[0].baseline - heights[0], block.rows[-1].baseline + heights[1]
        return [Unit(block.rows, 0, dict.fromkeys(UNITS, (0, 1)), 0.0, top, bottom)]
    found = [_parts(row, finest, language) for row in block.rows]
    totals = [sum(len({part[i] for part in line}) for line in found) for i in (0, 1)]
    made, words, clusters = list[Unit](), 0, 0
    for number, (row, line) in enumerate(zip(block.rows, found, strict=True)):
        ranks = _ranks(line)
        for word, cluster, glyphs in line:
            counts = {
                "whole": (0, 1),
                "line": (number, len(block.rows)),
                "word": (words + word, totals[0]),
                "cluster": (clusters + cluster, totals[1]),
            }
            steps = ranks[cluster] - anchor * max(len(ranks) - 1, 0)
            rows = (replace(row, line=replace(row.line, glyphs=glyphs)),)
            made.append(
                Unit(rows, number, counts, steps, row.baseline - heights[0], row.baseline + heights[1])
            )
        words += len({part[0] for part in line})
        clusters += len({part[1] for part in line})
    return made


Part = tuple[int, int, tuple[Glyph, ...]]  # numbers of word and cluster in the line, and the glyphs


def _parts(row: PlacedLine, finest: str, language: str) -> list[Part]:
    """Returns a line's parts in reading order."""
    glyphs, text = row.line.glyphs, row.line.text
    if not glyphs:
        return []
    first = min(glyph.at for glyph in glyphs)  # a line starts with a letter: space at its ends is not set
    words, clusters = _spans(text, language)
    owners: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in glyphs:
        at = glyph.at - first
        word, cluster = _owner(words, at), _owner(clusters, at)
        key = {"line": (0, 0), "word": (word, 0), "cluster": (word, cluster)}[finest]
        owners.setdefault(key, []).append(glyph)
    # Parts are numbered without those that have no ink, such as spaces: `_spans` leaves them out.
    return [(word, cluster, tuple(part)) for (word, cluster), part in sorted(owners.items())]


def _owner(starts: Sequence[int], at: int) -> int:
    """Returns the number of the part that holds a code point; what comes before the first is part of it."""
    return max(sum(1 for start in starts if start <= at) - 1, 0)


def _ranks(line: Sequence[Part]) -> dict[int, int]:
    """Returns each cluster's place in the line from the left."""
    left = {cluster: min(glyph.x for glyph in glyphs) for _, cluster, glyphs in line}
    return {cluster: place for place, cluster in enumerate(sorted(left, key=left.__getitem__))}


@lru_cache(256)
def _spans(text: str, language: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Returns where words and clusters start, without those that are space alone. A word whose letters join is one
    cluster."""
    words = [span for span in pairwise([0, *line_breaks(text, language)]) if text[span[0] : span[1]].strip()]
    kinds, clusters = scripts(text), list[int]()
    for first, stop in words:
        if JOINED.intersection(kinds[first:stop]):
            clusters.append(first)
        else:
            part = text[first:stop]
            clusters += [first + at for at, end in graphemes(part) if part[at:end].strip()]
    return tuple(first for first, _ in words), tuple(clusters)


@lru_cache(256)
def most_parts(text: str, language: str, lines: int) -> dict[str, int]:
    """Returns how many parts of each unit a text has at most. lines: how many it may be broken into."""
    spans = [_spans(paragraph, language) for paragraph in paragraphs(text) if paragraph.strip()]
    return {
        "whole": 1,
        "line": lines,
        "word": sum(len(words) for words, _ in spans),
        "cluster": sum(len(clusters) for _, clusters in spans),
    }
