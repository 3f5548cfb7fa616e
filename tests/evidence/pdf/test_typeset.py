"""Lines of text for a PDF: they fit, nothing is lost, other scripts are shaped, and no letter becomes a box."""

from __future__ import annotations

import re
from io import BytesIO
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from post.evidence.pdf.typeset import REGULAR, STRONG, Typesetter
from post.printable import printable_text

WIDTH = 180.0


@pytest.mark.parametrize("font", [REGULAR, STRONG])
@pytest.mark.parametrize(
    "text",
    [
        "The gate is met for wide-16x9, frames 0 to 86.",
        "ab" * 32,
        "Ελληνικά και Москва",
        "صباح هادئ فوق الميناء، والكاميرا تتحرك ببطء نحو المنارة",
        "東京の朝、カメラがゆっくりと動く。東京の朝、カメラがゆっくりと動く。",
        "हिन्दी में एक संकेत जो काफी लंबा है",
        "Tiếng Việt được e\u0301",
    ],
)
def test_lines_fit_and_hold_all_of_the_text(text: str, font: str) -> None:
    found = Typesetter().lines(text, 9, WIDTH, font)
    assert all(line.width <= WIDTH + 0.01 for line in found)
    assert re.sub(r"\s", "", "".join(line.text for line in found)) == re.sub(r"\s", "", text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_set_or_told_by_its_numbers(text: str) -> None:
    setter = Typesetter()
    shown = printable_text(text)
    found = setter.lines(shown, 9, WIDTH)
    canvas = Canvas(BytesIO())
    for line in found:
        line.draw(canvas, 50, 50)
    said = re.sub(r"\s", "", "".join(line.text for line in found))
    for char in setter.missing:
        assert f"[U+{ord(char):04X}]" in said
    assert unnumbered(said) == unnumbered(re.sub(r"\s", "", shown))


def unnumbered(text: str) -> str:
    """Returns a text with the letters that its numbers stand for."""
    return normalize("NFC", re.sub(r"\[U\+([0-9A-F]+)\]", lambda number: chr(int(number[1], 16)), text))


def test_a_letter_keeps_its_place_where_only_its_mark_has_no_font() -> None:
    setter = Typesetter()
    (line,) = setter.lines("11\u1cf7", 9, WIDTH)
    assert line.text == "11[U+1CF7]"
    assert setter.missing == {"\u1cf7"}


def test_a_letter_without_a_font_is_its_number_and_is_remembered() -> None:
    setter = Typesetter()
    (line,) = setter.lines("x \U00012000 y", 9, WIDTH)
    assert line.text == "x [U+12000] y"
    assert setter.missing == {"\U00012000"}


def test_a_space_that_no_font_has_is_a_space() -> None:
    (line,) = Typesetter().lines("0\u16800", 9, WIDTH)
    assert line.text == "0 0"


def test_arabic_runs_from_right_to_left_and_joins() -> None:
    (line,) = Typesetter().lines("صورة", 9, WIDTH)
    assert line.outlines is not None
    first = min(line.outlines.glyphs, key=lambda glyph: glyph.x)
    assert first.at == 3  # the last letter stands leftmost
    isolated = [Typesetter().lines(letter, 9, WIDTH)[0].width for letter in "صورة"]
    assert line.width < sum(isolated)


def test_outlines_carry_their_letters() -> None:
    canvas = Canvas(BytesIO(), pageCompression=0)
    (line,) = Typesetter().lines("東京", 9, WIDTH)
    line.draw(canvas, 50, 50)
    drawn = "\n".join(canvas._code)
    assert "/ActualText <FEFF67714EAC>" in drawn
    assert drawn.count("BDC") == drawn.count("EMC") == 1


def test_the_two_weights_are_two_fonts() -> None:
    Typesetter()
    widths = [pdfmetrics.stringWidth("Evidence report", name, 9) for name in (REGULAR, STRONG)]
    assert widths[0] < widths[1]
    names = {pdfmetrics.getFont(name).face.name for name in (REGULAR, STRONG)}
    assert len(names) == 2
