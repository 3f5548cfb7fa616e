"""Lines, and the ink they make."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import uharfbuzz as hb

from post.errors import JobError
from post.picture.type import FontSpec, TextSpec, TypeBlock, Typeface, set_type
from post.picture.type import rasterise as inking
from post.picture.type.line_break import flow
from post.picture.type.shape import Paragraph
from post.values.media import File
from tests.made import fonts

LOREM = "The quick brown fox jumps over the lazy dog and runs away"


def block(
    text: str, size_px: float = 60.0, width_px: float = 5000, lines: int = 9, **how: object
) -> TypeBlock:
    return set_type(TextSpec(text, width_px, lines, **how), [FontSpec(None, size_px)])  # type: ignore[arg-type]


def test_a_solid_letter_covers_its_outlines_area() -> None:
    made = block("I", 200)
    face = made.faces[0]
    extents = face.font.get_glyph_extents(face.font.get_nominal_glyph(ord("I")))
    # The I of Inter is one rectangle.
    area = extents.width * -extents.height / 64**2
    assert made.ink.coverage.sum() == pytest.approx(area, rel=0.002)
    assert made.ink.coverage.max() == 1


@pytest.mark.parametrize("size_px", [14.3, 30.0, 75.6])
def test_coverage_is_that_of_a_16_times_finer_drawing(size_px: float) -> None:
    made = block("Ragm&8", size_px)
    fine = 16
    draw = hb.RasterDraw()
    draw.scale_factor = (64 / fine, 64 / fine)
    for glyph in made.rows[0].line.glyphs:
        draw.transform = (1, 0, 0, 1, glyph.x, glyph.y - made.rows[0].baseline * 64)
        draw.draw_glyph(made.faces[0].font, glyph.id)
    height, width = made.ink.coverage.shape
    draw.extents = hb.RasterExtents(
        made.ink.left * fine, -(made.ink.top + height) * fine, width * fine, height * fine, width * fine
    )
    codes = np.frombuffer(draw.render().buffer, np.uint8).reshape(height * fine, width * fine)[::-1]
    mean = (codes > 127).reshape(height, fine, width, fine).mean((1, 3))
    assert np.abs(mean - made.ink.coverage).max() < 0.1
    assert np.abs(mean - made.ink.coverage).mean() < 0.01


def test_a_drawing_in_tiles_is_the_same_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    made = block(LOREM, 80)
    monkeypatch.setattr(inking, "TILE", 64)
    tiled = inking.draw(made.faces, made.rows)
    assert np.array_equal(tiled.coverage, made.ink.coverage)


def test_type_wider_than_4096_px_is_drawn_whole() -> None:
    small, large = block(LOREM, 60), block(LOREM, 300, 20000)
    assert large.ink.coverage.shape[1] > 4096 * 1.5
    assert large.ink.coverage.sum() / 25 == pytest.approx(small.ink.coverage.sum(), rel=0.02)
    assert large.ink.coverage[:, 4500:].any()


def test_a_step_of_a_64th_of_a_pixel_moves_the_ink_by_as_much() -> None:
    made = block("o", 40)
    row = made.rows[0]
    centres = []
    for step in range(0, 64, 8):
        moved = inking.PlacedLine(row.line, row.left + step / 64, row.baseline)
        ink = inking.draw(made.faces, (moved,))
        weights = ink.coverage.sum(0)
        centres.append(ink.left + (weights * np.arange(weights.size)).sum() / weights.sum())
    steps = [b - a for a, b in pairwise(centres)]
    assert steps == pytest.approx([0.125] * 7, abs=0.01)


def test_flat_letters_end_on_a_whole_pixel() -> None:
    made = block("HHH", 61.7)
    bottom = made.ink.top + made.ink.coverage.shape[0]
    assert bottom == made.rows[0].baseline
    assert made.ink.coverage[-1].max() == 1


def test_lines_fit_and_keep_every_word() -> None:
    paragraph = Paragraph(LOREM, (Typeface(FontSpec(None, 50)),))
    lines = flow([paragraph], 500, 9)
    assert all(line.width <= 500 for line in lines)
    assert " ".join(line.text for line in lines) == LOREM


def test_lines_are_as_few_as_fit_and_even() -> None:
    paragraph = Paragraph("one two three four five six", (Typeface(FontSpec(None, 50)),))
    whole = paragraph.width(0, len(paragraph.text))
    lines = flow([paragraph], whole * 0.9, 2)
    assert len(lines) == 2
    # Greedy would leave "six" alone.
    assert min(line.width for line in lines) > 0.8 * max(line.width for line in lines)


def test_a_letter_wider_than_its_advance_makes_the_line_break_earlier() -> None:
    text = "jig jig"
    roomy = block(text, 200)
    measure = roomy.width
    assert roomy.inked_width > measure  # the foot of the j
    made = block(text, 200, measure)
    assert len(made.rows) == 2
    assert made.inked_width <= measure


def test_given_line_breaks_are_kept() -> None:
    assert [row.line.text for row in block("one\ntwo three\n\nfour").rows] == ["one", "two three", "", "four"]


def test_leading_is_in_ems_and_whole_pixels() -> None:
    rows = block("a\nb\nc", 50.3, leading=1.5).rows
    assert [b.baseline - a.baseline for a, b in pairwise(rows)] == [75, 75]


@pytest.mark.parametrize(("align", "share"), [("left", 0.0), ("center", 0.5), ("right", 1.0)])
def test_lines_align(align: str, share: float) -> None:
    made = block("wide line here\ni", align=align)
    short = made.rows[1]
    assert short.left == pytest.approx((made.width - short.line.width) * share)


def test_a_word_too_wide_says_by_how_much_and_what_size_fits() -> None:
    with pytest.raises(JobError) as fault:
        block("Donaudampfschifffahrt", 100, 600)
    said = str(fault.value)
    percent = int(said.split("at ")[-1].split(" %")[0])
    assert "px too wide" in said
    assert block("Donaudampfschifffahrt", percent, 600).width <= 600
    with pytest.raises(JobError):
        block("Donaudampfschifffahrt", percent + 1.5, 600)


def test_too_many_lines_is_an_error() -> None:
    with pytest.raises(JobError, match=r"needs more lines.*at most 2 .*got 4"):
        block(LOREM, 60, 500, 2)


@pytest.mark.parametrize("text", ["\u200b", "\u200e\u2060"])
def test_text_without_ink_is_an_error(text: str) -> None:
    with pytest.raises(JobError, match="nothing to see"):
        block(text)


def test_a_tight_box_has_the_height_of_capitals() -> None:
    made = set_type(TextSpec("HE", 500, 1), [FontSpec(None, 100)], tight=True)
    assert made.ink.top == 0
    assert made.ink.coverage.shape[0] == made.height


def test_letters_that_reach_further_than_any_frame_are_refused(tmp_path: Path) -> None:
    """A letter may be two thousand times as large as its size says; its ink would be 38 GB."""
    far = 32_767
    path = tmp_path / "far.ttf"
    path.write_bytes(fonts.font([b"", fonts.outline([[(0, 0), (0, far), (far, far), (far, 0)]])], em=16))
    file = File("0" * 64, path.name, path)
    with pytest.raises(
        JobError, match=r"title\.font: its letters reach further than any frame; .*got \d{6}x\d{5} pix"
    ):
        set_type(TextSpec("Salt", 9_000, 1), [FontSpec(file, 48, place="title")])


def test_an_axis_whose_tag_is_no_text_is_a_fault_of_the_font(tmp_path: Path) -> None:
    path = tmp_path / "odd.ttf"
    whole = fonts.font([b"", fonts.outline([fonts.SQUARE])], axes=1)
    path.write_bytes(whole.replace(b"wght", b"\x97ght"))
    with pytest.raises(JobError, match=r"title\.font: not a font; .*got odd\.ttf, a tag that is no text"):
        Typeface(FontSpec(File("0" * 64, path.name, path), 48, place="title"))
