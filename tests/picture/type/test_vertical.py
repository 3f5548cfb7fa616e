"""Vertical writing: what stands, what lies, what stands in pairs, and where columns are."""

from __future__ import annotations

import numpy as np
import pytest
import uharfbuzz as hb

from post.errors import JobError
from post.picture.type import FontSpec, TextSpec, TypeBlock, Typeface, set_type
from post.picture.type.colour import UPRIGHT
from post.picture.type.vertical import QUARTER_TURN

SIZE = 64.0


def block(text: str, length: float = 900, lines: int = 9, **how: object) -> TypeBlock:
    copy = TextSpec(text, length, lines, language="ja", vertical=True, **how)  # type: ignore[arg-type]
    return set_type(copy, [FontSpec(None, SIZE)])


def mincho() -> Typeface:
    return Typeface(FontSpec(None, SIZE, family="Noto Sans CJK JP"))


def test_a_column_is_what_harfbuzz_makes_of_it_from_top_to_bottom() -> None:
    text = "「東京」は、今日ー晴れ。"
    face = mincho()
    made = set_type(
        TextSpec(text, 2000, 1, language="ja", vertical=True),
        [FontSpec(None, SIZE, family="Noto Sans CJK JP")],
    )
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction, buffer.language = "ttb", "ja"
    hb.shape(face.font, buffer)
    expected, pen = [], 0
    for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        expected.append((info.codepoint, at.x_offset, pen + at.y_offset))
        pen += at.y_advance
    assert [(g.id, g.x, g.y) for g in made.rows[0].line.glyphs] == expected
    assert made.height == round(-pen / 64)


def test_brackets_and_long_marks_have_their_vertical_form() -> None:
    level = set_type(TextSpec("「ー", 900, 1, language="ja"), [FontSpec(None, SIZE)])
    stood = block("「ー")
    assert {g.id for g in level.rows[0].line.glyphs}.isdisjoint({g.id for g in stood.rows[0].line.glyphs})


def test_latin_words_lie_on_their_side_in_the_columns_middle() -> None:
    made = block("日HOH日")
    word = [g for g in made.rows[0].line.glyphs if g.turn == QUARTER_TURN]
    assert len(word) == 3
    assert [g.y for g in word] == sorted((g.y for g in word), reverse=True)
    flat = set_type(TextSpec("HOH", 900, 1), [FontSpec(None, SIZE)])
    middle = made.ink.coverage[round(SIZE * 1.2) : round(SIZE * 1.2) + flat.width - 20]
    columns = np.flatnonzero(middle.sum(0)) + made.ink.left
    cap = made.faces[0].cap_height
    assert columns[0] == pytest.approx(made.width / 2 - cap / 2, abs=1.5)
    assert columns[-1] + 1 == pytest.approx(made.width / 2 + cap / 2, abs=1.5)


def test_a_word_that_lies_has_the_ink_of_one_that_stands() -> None:
    level, stood = set_type(TextSpec("Rag", 900, 1), [FontSpec(None, SIZE)]), block("Rag")
    assert stood.ink.coverage.sum() == pytest.approx(level.ink.coverage.sum(), rel=1e-3)
    assert stood.ink.coverage.shape == pytest.approx(level.ink.coverage.shape[::-1], abs=1)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("12月", 1),
        ("3月", 0),
        ("2026年", 0),
        ("11月30日", 2),
        ("本当!?", 1),
        ("12.5度", 0),
        ("A12型", 0),
        ("12%", 0),
    ],
)
def test_two_digits_or_marks_stand_side_by_side(text: str, pairs: int) -> None:
    made = block(text)
    glyphs = made.rows[0].line.glyphs
    narrowed = [g for g in glyphs if g.turn[1:] == (0.0, 0.0, 1.0) and g.face == 0]
    by_row: dict[int, int] = {}
    for glyph in narrowed:
        by_row[glyph.y] = by_row.get(glyph.y, 0) + 1
    assert [n for n in by_row.values() if n == 2] == [2] * pairs
    assert made.ink.coverage.shape[1] <= SIZE + 1


def test_emoji_stand_upright() -> None:
    made = block("日👍🏽1️⃣🇯🇵")
    glyphs = [g for g in made.rows[0].line.glyphs if made.faces[g.face].name == "Noto Emoji"]
    assert len(glyphs) >= 3
    assert all(g.turn == UPRIGHT for g in glyphs)


def test_columns_run_from_right_to_left_a_leading_apart() -> None:
    made = block("一\n二\n三", leading=1.5)
    assert [row.left for row in made.rows] == [made.width - 32 - 96 * i for i in range(3)]
    assert made.width == 64 + 2 * 96


@pytest.mark.parametrize(("align", "share"), [("left", 0.0), ("center", 0.5), ("right", 1.0)])
def test_short_columns_stand_at_the_top_the_middle_or_the_foot(align: str, share: float) -> None:
    made = block("東京都\n日", align=align)
    assert made.rows[1].baseline == pytest.approx(2 * SIZE * share, abs=1)


def test_a_column_is_as_long_as_is_allowed_and_no_longer() -> None:
    made = block("今日は天気です。明日も晴れるでしょう。", 320)
    assert made.inked_height <= 320
    with pytest.raises(JobError, match=r"the text is \d+ px too long for the safe area"):
        block("Donaudampfschifffahrt", 320)
    with pytest.raises(JobError, match="needs more lines"):
        block("今日は天気です。明日も晴れるでしょう。", 320, 2)


def test_ellipses_and_dashes_beside_han_are_of_its_font() -> None:
    made = block("映像……")
    assert {made.faces[g.face].name for g in made.rows[0].line.glyphs} == {"Noto Sans CJK JP"}


def test_text_that_runs_leftward_is_refused() -> None:
    with pytest.raises(JobError, match=r"text\.writing: text that runs from right to left"):
        block("日 שלום")
