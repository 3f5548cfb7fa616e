"""Captions in the picture: their lines, their place, their runs' styles, and the word that is being said."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.captions.model import CaptionBox, CaptionRun
from post.errors import JobError
from post.picture.captions.caption import CaptionLayer
from post.picture.captions.content import read_content, write_content
from post.picture.captions.faces import RunType, open_faces
from post.picture.type.face import FontSpec
from post.picture.type.itemise import line_breaks
from post.stage import Raster
from post.values import Clock, Format
from post.values.array import Array
from post.values.media import File
from tests.made import fonts
from tests.picture.drawn import box
from tests.plan.captions.made import said

THIRD, ZERO = Fraction(1, 3), Fraction(0)
CLOCK = Clock(Fraction(24))
WIDE, TALL, SQUARE = (Format(*size, CLOCK, 48) for size in ((960, 540), (540, 960), (540, 540)))
LONG = (
    "We have always lived in the castle on the hill,\nand there we shall stay until the river has dried up."
)


def caption(*runs: str | CaptionRun, **knobs: object) -> CaptionLayer:
    more = {name: knobs.pop(name) for name in ("align", "box", "writing") if name in knobs}
    return CaptionLayer(content=write_content(said("0", "2", *runs, **more)), **knobs)  # type: ignore[arg-type]


def squares(folder: Path, text: str) -> File:
    """A font in which each letter of a text is a square, and nothing else has a glyph."""
    path = folder / "squares.ttf"
    path.write_bytes(fonts.font([b"", fonts.outline([fonts.SQUARE])], text))
    return File(hashlib.sha256(path.read_bytes()).hexdigest(), path.name, path)


def pixels(raster: Raster, colour: tuple[float, float, float]) -> Array:
    """Where a layer has that colour, and nothing shines through."""
    near = np.abs(raster.rgba[..., :3] - np.array(colour)).max(-1) < 0.02
    return np.asarray(near & (raster.rgba[..., 3] > 0.99))


def columns(raster: Raster, colour: tuple[float, float, float]) -> tuple[int, int]:
    """The first and the last column of a frame that a colour is seen in."""
    seen = np.flatnonzero(pixels(raster, colour).any(0)) + raster.left
    return int(seen[0]), int(seen[-1])


def test_content_is_read_as_it_was_written_but_for_its_place_in_its_file() -> None:
    one = said(
        "1.5",
        "3",
        "a ",
        CaptionRun("b", bold=True, at=Fraction(2)),
        box=CaptionBox(THIRD, THIRD, THIRD, THIRD),
    )
    back = read_content(write_content(one))
    assert (back.start, back.stop, back.where) == (ZERO, Fraction(3, 2), "")
    assert back.runs == (one.runs[0], CaptionRun("b", bold=True, at=Fraction(1, 2)))
    assert back.box == one.box


def test_its_own_lines_are_kept_where_they_fit() -> None:
    lines = caption("One line,\nanother").set(WIDE).block.lines
    assert [line.row.line.text for line in lines] == ["One line,", "another"]


def test_in_a_narrow_frame_the_words_are_laid_out_anew_and_none_is_lost() -> None:
    made = caption(LONG).set(TALL)
    lines = [line.row.line.text for line in made.block.lines]
    assert 2 < len(lines) <= 4
    assert " ".join(lines).split() == LONG.split()


def test_what_another_speaker_says_keeps_its_line() -> None:
    lines = [line.row.line.text for line in caption(f"- {LONG[:44]}\n- No.").set(TALL).block.lines]
    assert lines[-1] == "- No."


def test_japanese_breaks_between_phrases(tmp_path: Path) -> None:
    text = "犬はこんなにたくさんの雪を見たことがない、そして家に戻ろうとしない。"
    made = caption(text, font=squares(tmp_path, text), weight=0, language="ja", size=8).set(TALL)
    lines = [line.row.line.text for line in made.block.lines]
    assert len(lines) > 1
    assert "".join(lines) == text
    ends = [len("".join(lines[: number + 1])) for number in range(len(lines))]
    assert set(ends) <= set(line_breaks(text, "ja@lw=phrase"))
    assert set(line_breaks(text, "ja@lw=phrase")) < set(line_breaks(text, "ja"))


def test_a_caption_that_cannot_fit_is_refused() -> None:
    with pytest.raises(JobError, match="does not fit"):
        caption(LONG.replace("\n", " ") * 12).set(WIDE)


@pytest.mark.parametrize("canvas", [WIDE, TALL, SQUARE])
@pytest.mark.parametrize("plate", [True, False])
def test_a_caption_is_inside_the_safe_area_low_and_in_the_middle(canvas: Format, plate: bool) -> None:
    made = caption(LONG, plate=plate, outline=0.3)
    left, top, right, bottom = box(made.draw(canvas))
    area = made.safe.area(canvas, "caption")
    rim = 2  # ink of tall marks, which the line box does not hold, and the edge of the outline
    assert area.left - rim <= left
    assert right <= area.right + rim
    assert area.top <= top
    assert bottom <= area.bottom + rim
    assert abs((left + right) / 2 - canvas.width / 2) <= 2
    assert bottom >= area.bottom - 3 * rim


@settings(max_examples=30, deadline=None)
@given(
    st.text("ab cd\nef gé", min_size=1, max_size=120).filter(str.strip),
    st.sampled_from([WIDE, TALL, SQUARE]),
    st.sampled_from(["start", "center", "end"]),
    st.tuples(*[st.fractions(0, 1, max_denominator=20)] * 4),
    st.sampled_from(["top", "middle", "bottom"]),
)
def test_wherever_its_file_puts_it_it_is_inside_the_safe_area(
    text: str, canvas: Format, align: str, shares: tuple[Fraction, ...], against: str
) -> None:
    place = CaptionBox(shares[0], shares[1], shares[2], shares[3], against)  # type: ignore[arg-type]
    made = caption(text, align=align, box=place)
    try:
        found = made.set(canvas)
    except JobError:
        return
    area = made.safe.area(canvas, "caption")
    assert area.left <= found.box.left
    assert found.box.right <= area.right
    assert area.top <= found.box.top
    assert found.box.bottom <= area.bottom


def test_a_box_of_the_file_is_kept() -> None:
    place = CaptionBox(Fraction(1, 2), Fraction(1, 10), Fraction(2, 5), Fraction(3, 10), "top")
    made = caption("Upper right", box=place, align="left").set(WIDE)
    assert (made.box.left, made.box.top) == (480, 54)
    ended = caption("Upper right", box=place, align="end").set(WIDE)
    assert ended.box.right == 480 + 384


def test_start_is_the_right_side_of_hebrew(tmp_path: Path) -> None:
    place = CaptionBox(Fraction(0), Fraction(0), Fraction(1), Fraction(1))
    assert caption("Latin", box=place, align="start").set(WIDE).box.left == 48
    hebrew = caption("אחת", font=squares(tmp_path, "אחת "), weight=0, box=place, align="start").set(WIDE)
    assert hebrew.box.right == 960 - 48


def test_each_run_has_its_colour_in_its_place() -> None:
    drawn = caption("white ", CaptionRun("green", colour="#00ff00"), " white").draw(WIDE)
    white, green = columns(drawn, (1, 1, 1)), columns(drawn, (0, 1, 0))
    assert white[0] < green[0] < green[1] < white[1]
    plain = caption("white ", CaptionRun("green", colour="#00ff00"), " white", file_colours=False).draw(WIDE)
    assert not pixels(plain, (0, 1, 0)).any()


def test_colours_change_no_letter() -> None:
    parts = caption("a wo", CaptionRun("rd", colour="#00ff00"), " AVATAR", plate=False)
    whole = caption("a word AVATAR", plate=False)
    one, other = (np.asarray(each.draw(WIDE).rgba[..., 3]) for each in (parts, whole))
    assert one.shape == other.shape
    assert np.abs(one - other).max() < 0.2  # of two colours over each other, where letters touch


def test_bold_is_wider_and_italic_leans() -> None:
    kinds = (
        CaptionRun("illuminate", bold=b, italic=i) for b, i in ((False, False), (True, False), (False, True))
    )
    plain, bold, italic = (caption(kind).set(WIDE) for kind in kinds)
    assert bold.block.width > plain.block.width
    assert italic.block.faces[italic.block.lines[0].row.line.glyphs[0].face].name == "Inter Italic"


def test_a_font_without_an_italic_is_slanted_and_without_weights_is_thickened(tmp_path: Path) -> None:
    faces = open_faces(FontSpec(squares(tmp_path, "abc"), 40.0), {RunType(True, True)}, "abc", "")
    face = faces.faces[faces.order[RunType(True, True)][0]]
    assert face.font.synthetic_slant > 0.1
    assert face.font.synthetic_bold[0] > 0


def test_an_underline_lies_under_its_run_alone() -> None:
    plain, lined = (
        caption("one two").draw(WIDE),
        caption("one ", CaptionRun("two", underline=True)).draw(WIDE),
    )
    more = pixels(lined, (1, 1, 1)) & ~pixels(plain, (1, 1, 1))
    assert more.any()
    middle = lined.left + lined.rgba.shape[1] // 2
    assert np.flatnonzero(more.any(0))[0] + lined.left >= middle - 12


def test_a_run_with_a_background_has_it_behind_it() -> None:
    drawn = caption("one ", CaptionRun("two", background="#ff0000ff")).draw(WIDE)
    assert pixels(drawn, (1, 0, 0)).sum() > 100
    half = caption(CaptionRun("two", background="#ff000080"), plate=False).draw(WIDE)
    assert np.isclose(half.rgba[..., 3], 128 / 255, atol=0.01).sum() > 100


def test_a_word_is_another_colour_while_it_is_said() -> None:
    words = (CaptionRun("one "), CaptionRun("two ", at=Fraction(1, 2)), CaptionRun("three", at=Fraction(1)))
    made = caption(*words, highlight="#ffff00")
    moments = [made.pose(frame, 48, CLOCK).moment for frame in (0, 11, 12, 23, 24, 47)]
    assert moments == [None, None, (1,), (1,), (2,), (2,)]
    assert not pixels(made.draw(WIDE), (1, 1, 0)).any()
    two, three = (columns(made.draw_moment(WIDE, (number,)), (1, 1, 0)) for number in (1, 2))
    assert two[1] < three[0]
    assert caption(*words, follow=False).pose(24, 48, CLOCK).moment is None


def test_in_hebrew_the_first_word_said_stands_on_the_right(tmp_path: Path) -> None:
    letters = squares(tmp_path, "אחתשייםלו ")
    words = [
        CaptionRun(f"{word} ", at=Fraction(number, 2)) for number, word in enumerate(("אחת", "שתיים", "שלוש"))
    ]
    made = caption(*words, highlight="#ffff00", font=letters, weight=0)
    places = [columns(made.draw_moment(WIDE, (number,)), (1, 1, 0)) for number in range(3)]
    assert places[0][0] > places[1][1]
    assert places[1][0] > places[2][1]


def test_a_caption_comes_and_goes_with_its_fades() -> None:
    made = caption("Words", fade_in="2f", fade_out="2f")
    assert [round(made.pose(frame, 10, CLOCK).opacity, 2) for frame in (0, 1, 2, 9)] == [
        0.26,
        0.74,
        1.0,
        0.26,
    ]
    assert caption("Words").pose(0, 10, CLOCK).opacity == 1


@pytest.mark.parametrize("size", [(962, 542), (130, 78)])
def test_odd_sizes_work(size: tuple[int, int]) -> None:
    assert caption("Odd").draw(Format(*size, CLOCK, 1)).rgba.shape[1] > 10


@pytest.mark.parametrize("writing", ["vertical-rl", "vertical-lr"])
def test_columns_follow_each_other_the_way_their_file_says(tmp_path: Path, writing: str) -> None:
    letters = squares(tmp_path, "犬雪")
    made = caption("犬犬犬\n雪", writing=writing, font=letters, weight=0, language="ja", plate=False).set(
        WIDE
    )
    first, second = (line.box for line in made.block.lines)
    assert first.height > first.width
    assert (second.right <= first.left) == (writing == "vertical-rl")
    assert first.top <= second.top
    plated = caption(
        "犬犬犬\n雪", writing=writing, font=letters, weight=0, language="ja", plate_opacity=1.0
    ).draw(WIDE)
    assert pixels(plated, (0, 0, 0)).sum() > first.height * first.width / 4


def test_a_file_may_set_its_own_sizes() -> None:
    big = CaptionRun("big", size=Fraction(1, 10))
    plain, sized = (caption(big, " small", file_sizes=kept).set(WIDE).block for kept in (False, True))
    assert plain.height < sized.height


def test_a_ground_lies_behind_all_its_lines() -> None:
    one = said("0", "1", "A long line\nb", background="#0000ffff")
    drawn = CaptionLayer(content=write_content(one), plate=False).draw(WIDE)
    assert pixels(drawn, (0, 0, 1)).any(1).sum() > 50
