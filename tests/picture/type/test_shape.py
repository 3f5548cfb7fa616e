"""Shaping and itemising: the right glyphs in the right order, or an error that names the character."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
import uharfbuzz as hb

from post.errors import JobError
from post.picture.type import FontSpec, Typeface
from post.picture.type.itemise import Direction, code_points, graphemes, line_breaks, paragraphs, scripts
from post.picture.type.shape import Glyph, Paragraph
from post.values.media import File

Media = Callable[[str], Path]


def file_of(path: Path) -> File:
    return File(hashlib.sha256(path.read_bytes()).hexdigest(), path.name, path)


def inter(size_px: float = 100.0, **how: object) -> Typeface:
    return Typeface(FontSpec(None, size_px, **how))  # type: ignore[arg-type]  # each test's own


def glyphs(text: str, *faces: Typeface, tracking_px: float = 0.0) -> tuple[Glyph, ...]:
    return Paragraph(text, faces or (inter(),), tracking_px=tracking_px).line(0, len(text)).glyphs


def by_harfbuzz(path: Path, text: str, size_px: float = 100.0) -> list[tuple[int, int, int]]:
    """Returns what HarfBuzz alone makes of a text of one script: (glyph, x, y) in 1/64 px."""
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(path))))
    font.scale = (round(size_px * 64),) * 2
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(font, buffer)
    out, pen = [], 0
    for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        out.append((info.codepoint, pen + at.x_offset, at.y_offset))
        pen += at.x_advance
    return out


@pytest.mark.media
@pytest.mark.parametrize(
    ("font", "text"),
    [
        ("NotoNaskhArabic-Regular.ttf", "السلام"),
        ("NotoNaskhArabic-Regular.ttf", "الجديدة"),
        ("NotoSansDevanagari-Regular.ttf", "क्षत्रिय"),
        ("NotoSansDevanagari-Regular.ttf", "हिन्दी"),
        ("DroidSansFallback.ttf", "今日"),
        ("NotoSans-Regular.ttf", "Tįėſﬀ"),
    ],
)
def test_a_word_has_the_glyphs_harfbuzz_gives_it(media: Media, font: str, text: str) -> None:
    path = media(f"fonts/{font}")
    made = glyphs(text, Typeface(FontSpec(file_of(path), 100)))
    assert [(g.id, g.x, g.y) for g in made] == by_harfbuzz(path, text)


@pytest.mark.parametrize(
    ("family", "language", "text"),
    [
        ("Inter", "en", "Ångström officially fi"),
        ("Noto Sans Arabic", "ar", "أخبار جديدة السلام"),
        ("Noto Sans Hebrew", "he", "שָׁלוֹם עולם"),
        ("Noto Sans Devanagari", "hi", "हिन्दी क्षत्रिय"),
        ("Noto Sans Thai", "th", "สวัสดีชาวโลกที่น้ำ"),
        ("Noto Sans Tamil", "ta", "தமிழ் செய்தி ஸ்ரீ"),
        ("Noto Sans CJK JP", "ja", "今日は天気です、東京タワー。"),
        ("Noto Sans CJK KR", "ko", "오늘의 뉴스"),
        ("Noto Sans CJK SC", "zh-Hans", "今天的新闻：直骨。"),
        ("Noto Emoji", "", "👩\u200d👩\u200d👧\u200d👦🇯🇵👍🏽❤️\u200d🔥1️⃣"),
    ],
)
def test_a_title_in_each_script_is_harfbuzzs_own_output_of_the_whole_run(
    family: str, language: str, text: str
) -> None:
    face = Typeface(FontSpec(None, 100, family=family))
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    if language:
        buffer.language = language
    hb.shape(face.font, buffer)
    expected, pen = [], 0
    for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        expected.append((info.codepoint, pen + at.x_offset, at.y_offset))
        pen += at.x_advance
    line = Paragraph(text, (face,), language=language).line(0, len(text))
    assert [(g.id, g.x, g.y) for g in line.glyphs] == expected
    assert all(g.id for g in line.glyphs)


def test_numbers_in_hebrew_run_rightward_between_words_that_run_leftward() -> None:
    faces = (inter(), Typeface(FontSpec(None, 100, family="Noto Sans Hebrew")))
    made = glyphs("שנת 2026 חדשות", *faces)
    runs = [glyphs(part, *faces) for part in ("חדשות", "2026", "שנת")]
    spaces = {(i, face.font.get_nominal_glyph(ord(" "))) for i, face in enumerate(faces)}
    shown = [(g.face, g.id) for g in made if (g.face, g.id) not in spaces]
    assert shown == [(g.face, g.id) for run in runs for g in run]
    assert [faces[0].font.glyph_to_string(g.id) for g in runs[1]] == ["two", "zero", "two", "six"]


@pytest.mark.media
def test_arabic_runs_leftward_and_its_numbers_rightward(media: Media) -> None:
    face = Typeface(FontSpec(file_of(media("fonts/NotoNaskhArabic-Regular.ttf")), 100))
    text = "عام 2026 جديد"
    made = glyphs(text, face, inter())
    digits = [face.font.get_nominal_glyph(ord(c)) or inter().font.get_nominal_glyph(ord(c)) for c in "2026"]
    ids = [g.id for g in made]
    at = next(i for i in range(len(ids)) if ids[i : i + 4] == digits)
    word = [g.id for g in glyphs("عام", face)]
    # The first word is right of the number, the last one left of it.
    assert ids[-len(word) :] == word
    assert 0 < at < len(ids) - len(word)


@pytest.mark.media
def test_typefaces_that_change_inside_leftward_text_still_run_leftward(media: Media) -> None:
    face = Typeface(FontSpec(file_of(media("fonts/NotoNaskhArabic-Regular.ttf")), 100))
    assert not face.covers("→")
    made = glyphs("ب→", face, inter())
    assert [g.face for g in made] == [1, 0]
    assert made[0].x < made[1].x


@pytest.mark.media
def test_arabic_letters_join(media: Media) -> None:
    face = Typeface(FontSpec(file_of(media("fonts/NotoNaskhArabic-Regular.ttf")), 100))
    alone, joined = glyphs("ب", face), glyphs("بب", face)
    assert {g.id for g in joined}.isdisjoint({g.id for g in alone})


@pytest.mark.media
def test_tracking_does_not_separate_joined_letters(media: Media) -> None:
    face = Typeface(FontSpec(file_of(media("fonts/NotoNaskhArabic-Regular.ttf")), 100))
    assert glyphs("سلام", face, tracking_px=20) == glyphs("سلام", face)


def test_tracking_is_added_between_letters_and_not_after_the_last() -> None:
    tight, loose = (Paragraph("HIH", (inter(),), tracking_px=px) for px in (0.0, 10.0))
    assert loose.width(0, 3) - tight.width(0, 3) == pytest.approx(20, abs=1 / 32)


@pytest.mark.parametrize(
    ("family", "text", "graphemes"),
    [
        ("Inter", "x\u0302q\u0302x", 3),  # no composed letters: marks are glyphs of their own
        ("Noto Sans Thai", "น้ำที่", 2),  # sara am has a width of its own
        ("Noto Sans Tamil", "செய்தி", 3),
        ("Noto Sans Hebrew", "שָׁלוֹם", 4),
        ("Noto Emoji", "👩\u200d👩\u200d👧🇯🇵", 2),
    ],
)
def test_tracking_lies_between_graphemes_and_not_inside_one(family: str, text: str, graphemes: int) -> None:
    face = Typeface(FontSpec(None, 100, family=family))
    tight, loose = glyphs(text, face), glyphs(text, face, tracking_px=10)
    assert [g.id for g in tight] == [g.id for g in loose]
    moved = [(b.x - a.x) // 640 for a, b in zip(tight, loose, strict=True)]
    assert moved == sorted(moved)
    assert sorted(set(moved)) == list(range(graphemes))
    by_cluster = {g.at: set[int]() for g in tight}
    for glyph, steps in zip(tight, moved, strict=True):
        by_cluster[glyph.at].add(steps)
    assert all(len(steps) == 1 for steps in by_cluster.values())


def test_type_is_placed_to_a_64th_of_a_pixel() -> None:
    xs = [g.x % 64 for g in glyphs("mmmmmmmm", inter(33.3))]
    assert len(set(xs)) > 4


@pytest.mark.parametrize(
    ("text", "named"),
    [("a\u0b85b", "U+0B85 TAMIL LETTER A"), ("x😀", "U+1F600 GRINNING FACE"), ("a\tb", "U+0009 control")],
)
def test_a_character_no_font_has_is_named(text: str, named: str) -> None:
    with pytest.raises(JobError) as fault:
        glyphs(text)
    assert named in str(fault.value)
    assert "Inter" in str(fault.value)


@pytest.mark.media
def test_characters_that_the_first_font_lacks_come_from_the_next(media: Media) -> None:
    face = Typeface(FontSpec(file_of(media("fonts/DroidSansFallback.ttf")), 100))
    assert {g.face for g in glyphs("今日Ω!", face, inter())} <= {0, 1}
    arabic = Typeface(FontSpec(file_of(media("fonts/NotoNaskhArabic-Regular.ttf")), 100))
    assert {g.face for g in glyphs("سلام AI", arabic, inter())} == {0, 1}


@pytest.mark.parametrize("text", ["e\u0301", "\u00e9", "a\u200db", "x\u00a0y", "1\u20112", "I\u200eI"])
def test_marks_joiners_and_odd_spaces_need_no_glyph_of_their_own(text: str) -> None:
    assert all(g.id for g in glyphs(text))


def test_decomposed_and_composed_letters_look_the_same() -> None:
    assert [g.id for g in glyphs("e\u0301")] == [g.id for g in glyphs("\u00e9")]


def test_utf16_positions_come_back_as_code_points() -> None:
    assert code_points("a😀b") == [0, 1, 1, 2, 3]
    assert graphemes("a😀e\u0301b") == [(0, 1), (1, 2), (2, 4), (4, 5)]
    assert line_breaks("😀 ab", "") == [2, 4]


def test_the_bidirectional_order_is_that_of_the_standard() -> None:
    # UAX 9: numbers inside Hebrew stay left to right; the runs are given from the left.
    text = "ab \u05d0\u05d1 12 \u05d2"
    assert Direction(text).visual(0, len(text)) == [(0, 3, False), (8, 10, True), (6, 8, False), (3, 6, True)]
    assert Direction("a😀 \u05d0").visual(0, 4) == [(0, 3, False), (3, 4, True)]


def test_common_characters_take_their_neighbours_script() -> None:
    assert scripts("!a, ب.") == ["Latn", "Latn", "Latn", "Latn", "Arab", "Arab"]
    assert scripts("12") == ["Latn", "Latn"]


def test_every_mandatory_break_breaks_the_line() -> None:
    assert paragraphs("a\r\nb\nc\u2028d") == ["a", "b", "c", "d"]


def test_thai_and_japanese_break_between_words() -> None:
    assert line_breaks("สวัสดีชาวโลก", "th") == [6, 9, 12]
    assert line_breaks("今日は天気です。", "ja@lw=phrase") == [3, 8]
    # Kinsoku: no line starts with a full stop or a small kana.
    assert 7 not in line_breaks("今日は天気です。", "ja")


def test_a_soft_hyphen_is_no_place_to_break() -> None:
    assert line_breaks("auto\u00admobile", "") == [11]


def test_an_axis_the_font_lacks_is_an_error() -> None:
    with pytest.raises(JobError, match=r"lacks this axis.*opsz, wght.*'wdth'"):
        inter(axes="wdth=75")


def test_an_axis_outside_its_range_is_an_error() -> None:
    with pytest.raises(JobError, match=r"wght axis; expected 100 to 900, got 950"):
        inter(weight=950.0)


def test_a_feature_the_font_lacks_is_an_error() -> None:
    with pytest.raises(JobError, match=r"lacks this feature.*tnum.*'swsh'"):
        inter(features="swsh")


def test_a_feature_the_font_has_changes_the_glyphs() -> None:
    plain, even = (glyphs("11", inter(features=f)) for f in ("", "tnum"))
    wide = glyphs("00", inter(features="tnum"))
    assert plain[0].id != even[0].id
    assert wide[1].x == even[1].x


@pytest.mark.parametrize("text", ["wdth:75", "toolong=1", "x"])
def test_an_invalid_opentype_setting_is_an_error(text: str) -> None:
    with pytest.raises(JobError, match="not an OpenType setting"):
        inter(axes=text)


@pytest.mark.media
def test_a_static_font_accepts_only_its_own_weight(media: Media) -> None:
    file = file_of(media("fonts/NotoSans-Regular.ttf"))
    Typeface(FontSpec(file, 50, weight=400))
    with pytest.raises(JobError, match=r"lacks this axis.*static font.*'wght'"):
        Typeface(FontSpec(file, 50, weight=700))


def test_weight_makes_letters_wider_and_heavier() -> None:
    widths = [Paragraph("Heavy", (inter(weight=w),)).width(0, 5) for w in (100.0, 400.0, 900.0)]
    assert widths == sorted(set(widths))


def test_a_file_that_is_no_font_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "no.ttf"
    path.write_bytes(b"this is no font at all" * 9)
    with pytest.raises(JobError, match=r"title\.font: not a font.*no\.ttf"):
        Typeface(FontSpec(file_of(path), 50, place="title"))
    with pytest.raises(JobError, match="cannot be read"):
        Typeface(FontSpec(File("0" * 64, "gone.ttf", tmp_path / "gone.ttf"), 50))
