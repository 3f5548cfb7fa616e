"""Glyphs in colour: each table's colours in their places, laid over the picture as other ink is."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from post.errors import JobError
from post.picture.type import FontSpec, TextSpec, TypeBlock, set_type
from post.picture.type import rasterise as inking
from post.picture.type.face import with_fallback
from post.picture.type.paint import Shadow, TypePaint, paint
from post.values.array import Array
from post.values.media import File
from tests.made import colour_fonts, fonts

SMILE = "\U0001f600"
SIZE = 128.0


def block(tmp_path: Path, whole: bytes, text: str = SMILE, size_px: float = SIZE) -> TypeBlock:
    path = tmp_path / "colour.ttf"
    path.write_bytes(whole)
    file = File(hashlib.sha256(whole).hexdigest(), path.name, path)
    return set_type(TextSpec(text, 4000, 1), with_fallback(FontSpec(file, size_px, place="title")))


def painted(made: TypeBlock, colour: tuple[float, float, float] = (0.0, 1.0, 0.0)) -> Array:
    return paint(made, TypePaint(colour))[0]


def test_a_layer_has_the_palettes_colour_and_the_outlines_coverage(tmp_path: Path) -> None:
    made = block(tmp_path, colour_fonts.layered(SMILE))
    plain = block(tmp_path, fonts.font([b"", fonts.outline([fonts.SQUARE])], SMILE))
    assert made.ink.coverage.shape == plain.ink.coverage.shape
    assert np.abs(made.ink.coverage - plain.ink.coverage).max() < 2 / 255
    rgba, left, top = paint(made, TypePaint((0.0, 1.0, 0.0)))
    assert rgba[made.ink.top - top + 30, made.ink.left - left + 30].tolist() == [1, 0, 0, 1]


def test_a_layer_without_a_colour_of_its_own_has_the_texts(tmp_path: Path) -> None:
    made = block(tmp_path, colour_fonts.layered(SMILE, (colour_fonts.TEXT,)))
    rgba = painted(made, (0.2, 0.4, 0.6))
    inside = rgba[rgba[..., 3] > 0.999]
    assert len(inside) > 3000
    assert np.abs(inside[:, :3] - (0.2, 0.4, 0.6)).max() < 1e-6


def test_the_upper_layer_hides_the_lower(tmp_path: Path) -> None:
    made = block(tmp_path, colour_fonts.layered(SMILE, (colour_fonts.RED, colour_fonts.BLUE)))
    rgba = painted(made)
    inside = rgba[rgba[..., 3] > 0.999]
    assert np.abs(inside - (0, 0, 1, 1)).max() < 1e-6


def test_a_gradient_runs_from_its_first_colour_to_its_last(tmp_path: Path) -> None:
    made = block(tmp_path, colour_fonts.graded(SMILE))
    row = painted(made)[made.ink.top + made.ink.coverage.shape[0] // 2]
    row = row[row[:, 3] > 0.999]
    share = (np.arange(len(row)) + 0.5) / (SIZE / 2)
    assert np.abs(row[:, 2] - share).max() < 0.03
    assert np.abs(row[:, 0] - (1 - share)).max() < 0.03


@pytest.mark.parametrize("table", ["sbix", "cbdt"])
@pytest.mark.parametrize("size_px", [32.0, 128.0, 301.7])
def test_a_png_stands_on_the_baseline_in_its_own_colours(tmp_path: Path, table: str, size_px: float) -> None:
    whole = getattr(colour_fonts, table)(SMILE, colour_fonts.two_halves())
    made = block(tmp_path, whole, size_px=size_px)
    rgba, left, top = paint(made, TypePaint((0.0, 1.0, 0.0)))
    middle = round(made.rows[0].baseline - size_px / 2) - top
    quarter = [round(size_px * share) - left for share in (0.25, 0.75)]
    assert rgba[middle, quarter[0]] == pytest.approx((1, 0, 0, 1), abs=1e-5)
    assert rgba[middle, quarter[1]] == pytest.approx((0, 0, 1, 128 / 255), abs=1e-5)
    area = float(made.ink.coverage.sum())
    assert area == pytest.approx(size_px**2 * (1 + 128 / 255) / 2, rel=0.02)
    bottom = made.ink.top + made.ink.coverage.shape[0]
    assert bottom == pytest.approx(made.rows[0].baseline, abs=1 + size_px / 64)


def test_letters_beside_a_picture_keep_the_texts_colour_and_their_coverage(tmp_path: Path) -> None:
    whole = colour_fonts.sbix(SMILE, colour_fonts.two_halves())
    both, alone = (
        block(tmp_path, whole, f"I{SMILE}"),
        set_type(TextSpec("I", 4000, 1), [FontSpec(None, SIZE)]),
    )
    height, width = alone.ink.coverage.shape
    assert both.ink.picture is not None
    row, column = alone.ink.top - both.ink.top, alone.ink.left - both.ink.left
    there = np.s_[row : row + height, column : column + width]
    assert np.array_equal(both.ink.coverage[there], alone.ink.coverage)
    assert not both.ink.picture[there].any()


def test_a_drawing_in_tiles_is_the_same_drawing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for whole in (colour_fonts.graded(SMILE), colour_fonts.cbdt(SMILE, colour_fonts.two_halves())):
        made = block(tmp_path, whole, SMILE * 3)
        with monkeypatch.context() as patch:
            patch.setattr(inking, "TILE", 48)
            tiled = inking.draw(made.faces, made.rows)
        assert tiled.picture is not None
        assert np.abs(tiled.picture - made.ink.picture).max() < 2 / 255
        assert np.abs(tiled.coverage - made.ink.coverage).max() < 2 / 255


def test_a_picture_casts_the_shadow_of_its_ink(tmp_path: Path) -> None:
    made = block(tmp_path, colour_fonts.layered(SMILE))
    rgba, left, top = paint(made, TypePaint((1.0, 1.0, 1.0), None, Shadow(1.0, 3.0, 8)))
    below = rgba[made.ink.top + made.ink.coverage.shape[0] + 4 - top, made.ink.left + 30 - left]
    assert below[3] > 0.2
    assert below[:3].tolist() == [0, 0, 0]


def test_an_svg_glyph_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(JobError, match=r"title\.text: .*SVG.*U\+1F600 GRINNING FACE.*colour\.ttf"):
        block(tmp_path, colour_fonts.svg(SMILE))


def test_a_broken_png_is_a_fault_of_the_font(tmp_path: Path) -> None:
    png = colour_fonts.two_halves()
    for broken in (png[:60], png[:30] + b"\xff" * 40 + png[70:], b"\x89PNG\r\n\x1a\nno picture at all"):
        with pytest.raises(JobError, match=r"title\.font: a picture in the font cannot be read.*glyph 1"):
            block(tmp_path, colour_fonts.cbdt(SMILE, broken))


def test_emoji_are_of_a_font_of_emoji_and_letters_are_not(tmp_path: Path) -> None:
    """Fonts of emoji have digits, for keycaps, and hearts, which Inter has as text."""
    whole = colour_fonts.layered(SMILE + "1\u2764")
    made = block(tmp_path, whole, f"1 {SMILE} \u2764\ufe0f \u2764")
    used = [made.faces[glyph.face].name for glyph in made.rows[0].line.glyphs]
    assert used == ["Inter", "Inter", "colour.ttf", "Inter", "colour.ttf", "Inter", "Inter"]


def test_letters_beside_emoji_have_the_weight_that_is_asked_for(tmp_path: Path) -> None:
    """Emoji have none: a weight is no reason to refuse their font, and theirs is none for Inter to follow."""
    path = tmp_path / "colour.ttf"
    path.write_bytes(colour_fonts.layered(SMILE))
    for asked, had in ((0, 600), (800, 800)):
        cuts = with_fallback(FontSpec(File("0" * 64, path.name, path), 50, asked))
        assert [round(face.weight) for face in set_type(TextSpec("שא", 900, 1), cuts).faces[1:]] == [
            had,
            min(had, 700),
        ]
