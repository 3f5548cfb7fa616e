"""ASS: styles, overrides and places are read; what moves, draws or outlines is told as lost."""

from __future__ import annotations

from fractions import Fraction

import pytest

from post.captions.ass import read_ass
from post.captions.model import Caption, CaptionBox, CaptionRun, CaptionTrack
from tests.captions.made import ASS

HEAD = ASS.partition("Comment:")[0]
F = Fraction


def track(text: str, style: str = "Default", margins: str = "0,0,0", head: str = HEAD) -> CaptionTrack:
    return read_ass(f"{head}Dialogue: 0,0:00:01.00,0:00:02.00,{style},,{margins},,{text}\n", "a.ass")


def one(text: str, style: str = "Default", margins: str = "0,0,0") -> Caption:
    (caption,) = track(text, style, margins).captions
    return caption


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A\\NB\\nC\\hD, E", [("A\nB C\u00a0D, E", "", False)]),
        ("{\\i1}A{\\i0}B", [("A", "", True), ("B", "", False)]),
        (
            "{\\c&H0000FF&}A{\\1c&HFF0000&}B{\\r}C",
            [("A", "#ff0000", False), ("B", "#0000ff", False), ("C", "", False)],
        ),
        ("{a comment}A", [("A", "", False)]),
        ("{\\i1\\rSign}A", [("A", "#ffff00", False)]),
    ],
)
def test_overrides_change_what_follows(text: str, expected: list[tuple[str, str, bool]]) -> None:
    assert [(run.text, run.colour, run.italic) for run in one(text).runs] == expected


def test_a_style_sets_size_font_weight_and_plate() -> None:
    assert one("A", "Sign").runs == (
        CaptionRun(
            "A", bold=True, colour="#ffff00", background="#0000007f", size=F(36, 720), family=("Inter",)
        ),
    )


@pytest.mark.parametrize(
    ("text", "margins", "box"),
    [
        ("A", "0,0,0", None),
        ("A", "0,0,144", CaptionBox(F(1, 128), F(0), 1 - F(1, 64), F(4, 5), "bottom")),
        ("{\\an8}A", "128,128,72", CaptionBox(F(1, 10), F(1, 10), F(4, 5), F(9, 10), "top")),
        ("{\\a6}A", "128,128,72", CaptionBox(F(1, 10), F(1, 10), F(4, 5), F(9, 10), "top")),
        ("{\\an7\\pos(128,72)}A", "0,0,0", CaptionBox(F(1, 10), F(1, 10), F(9, 10), F(9, 10), "top")),
        ("{\\an5\\pos(320,540)}A", "0,0,0", CaptionBox(F(0), F(1, 2), F(1, 2), F(1, 2), "middle")),
        ("{\\pos(960,360)}A", "0,0,0", CaptionBox(F(1, 2), F(0), F(1, 2), F(1, 2), "bottom")),
    ],
)
def test_places(text: str, margins: str, box: CaptionBox | None) -> None:
    assert one(text, margins=margins).box == box


def test_what_is_not_held_is_told_with_its_line() -> None:
    lost = track("{\\move(1,2,3,4)\\blur2}A{\\p1}m 0 0 l 9 9{\\p0}").lost
    assert [words.partition(": ")[2] for words in lost[1:]] == [
        "{\\move(1,2,3,4)}",
        "{\\blur2}",
        "drawing",
    ]
    assert {words.split(":")[1] for words in lost[1:]} == {"13"}


def test_ssa_of_the_first_kind_is_read() -> None:
    text = (
        "[Script Info]\nScriptType: v4.00\n\n[V4 Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, "
        "SecondaryColour, TertiaryColour, BackColour, Bold, Italic, BorderStyle, Outline, Shadow, Alignment, MarginL, "
        "MarginR, MarginV, AlphaLevel, Encoding\nStyle: Default,Arial,20,65535,255,0,0,0,0,1,2,0,6,40,40,30,0,0\n\n"
        "[Events]\nFormat: Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: Marked=0,0:00:01.00,0:00:02.00,Default,,0000,0000,0000,,Hi, all\n"
    )
    (caption,) = read_ass(text, "a.ssa").captions
    assert (caption.text, caption.runs[0].colour) == ("Hi, all", "#ffff00")
    assert caption.box is not None
    assert caption.box.against == "top"
