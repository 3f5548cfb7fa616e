"""Type is taken apart where its script allows it, in reading order."""

from __future__ import annotations

import pytest

from post.picture.motion.units import most_parts, units_of
from post.picture.type.block import TextSpec, TypeBlock, set_type
from post.picture.type.face import FontSpec


def block(text: str, lines: int = 4, width: float = 2000) -> TypeBlock:
    return set_type(TextSpec(text, width, lines), [FontSpec(None, 40)])


@pytest.mark.parametrize(
    ("text", "words", "clusters"),
    [
        ("Winter is coming", 3, 14),
        ("e\u0301te\u0301 a\u030a", 2, 4),  # a letter with its mark is one
        ("مرحبا بالعالم", 2, 2),  # letters that join stay together
        ("नमस्ते दुनिया", 2, 2),
        ("รักษ์โลก", 2, 6),
        ("two-part word\nand more", 5, 19),
    ],
)
def test_a_text_has_so_many_parts(text: str, words: int, clusters: int) -> None:
    most = most_parts(text, "", 4)
    assert (most["word"], most["cluster"]) == (words, clusters)


@pytest.mark.parametrize(("finest", "count"), [("whole", 1), ("line", 2), ("word", 5), ("cluster", 19)])
def test_a_block_is_taken_apart_without_losing_a_glyph(finest: str, count: int) -> None:
    made = block("Winter is coming\nand it")
    units = units_of(made, finest, "", 0.0, (30, 10))
    assert len(units) == count
    glyphs = sorted((g.x, g.id) for unit in units for row in unit.rows for g in row.line.glyphs)
    assert glyphs == sorted((g.x, g.id) for row in made.rows for g in row.line.glyphs)


def test_parts_are_numbered_in_reading_order_over_all_lines() -> None:
    units = units_of(block("one two\nthree"), "word", "", 0.0, (30, 10))
    assert [unit.counts["word"] for unit in units] == [(0, 3), (1, 3), (2, 3)]
    assert [unit.counts["line"] for unit in units] == [(0, 2), (0, 2), (1, 2)]
    left = [min(g.x for row in unit.rows for g in row.line.glyphs) for unit in units]
    assert left[0] < left[1]


def test_letters_draw_apart_from_where_lines_are_aligned() -> None:
    for anchor, steps in ((0.0, [0, 1, 2]), (0.5, [-1, 0, 1]), (1.0, [-2, -1, 0])):
        units = units_of(block("abc"), "cluster", "", anchor, (30, 10))
        assert [unit.steps for unit in units] == steps
