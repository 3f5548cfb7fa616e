"""WebVTT as captions: styles resolved, words timed, speakers named, places where a browser puts them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from post.captions.model import Caption, CaptionBox, CaptionRun
from post.captions.webvtt.track import read_webvtt
from post.errors import Problems


def one(text: str, settings: str = "", head: str = "") -> Caption:
    (caption,) = read_webvtt(f"WEBVTT\n\n{head}00:01.000 --> 00:02.000 {settings}\n{text}", "a.vtt").captions
    return caption


def style(rules: str) -> str:
    return f"STYLE\n{rules}\n\n"


def test_words_are_said_at_their_times() -> None:
    caption = one("One <00:01.250>two <00:01.500><b>three</b>")
    assert caption.runs == (
        CaptionRun("One "),
        CaptionRun("two ", at=Fraction(5, 4)),
        CaptionRun("three", bold=True, at=Fraction(3, 2)),
    )


def test_voices_name_the_speaker_and_the_second_one_is_the_run_s() -> None:
    caption = one("<v Ann>Hi\n<v.loud Bo &amp; Co>Ho")
    assert caption.speaker == "Ann"
    assert [(run.text, run.speaker) for run in caption.runs] == [("Hi\n", ""), ("Ho", "Bo & Co")]


@pytest.mark.parametrize(
    ("rules", "text", "expected"),
    [
        ("", "<c.red.bg_blue>A</c>", CaptionRun("A", colour="#ff0000", background="#0000ff")),
        ("::cue { color: rgb(1 2 3 / 50%) }", "A", CaptionRun("A", colour="#01020380")),
        ("::cue(.x) { color: #0f0 }", "<i.x>A", CaptionRun("A", italic=True, colour="#00ff00")),
        ("::cue(b) { font-weight: normal }", "<b>A", CaptionRun("A")),
        ('::cue(v[voice="Ann"]) { color: aqua }', "<v Ann>A", CaptionRun("A", colour="#00ffff")),
        ('::cue(v[voice="Ann"]) { color: aqua }', "<v Bo>A", CaptionRun("A")),
        ("::cue(i b) { color: red }", "<i><b>A", CaptionRun("A", bold=True, italic=True, colour="#ff0000")),
        (
            "::cue(:lang(en)) { color: red }",
            "<lang en-GB>A",
            CaptionRun("A", colour="#ff0000", language="en-GB"),
        ),
        ("::cue(c.a) { color: red } ::cue(c) { color: lime }", "<c.a>A", CaptionRun("A", colour="#ff0000")),
        ("::cue(c), ::cue(u) { text-decoration: underline }", "<c>A", CaptionRun("A", underline=True)),
    ],
)
def test_styles_are_resolved(rules: str, text: str, expected: CaptionRun) -> None:
    assert one(text, head=style(rules) if rules else "").runs == (expected,)


def test_what_css_does_more_is_told_with_its_line() -> None:
    text = "WEBVTT\n\nSTYLE\n::cue {\n  font-family: x;\n}\n::cue(:past) { color: red }\n@import url(x);\n"
    lost = read_webvtt(f"{text}\n00:01.000 --> 00:02.000 line:101%\nA", "a.vtt").lost
    assert lost == (
        "a.vtt:4: STYLE font-family: x",
        "a.vtt:7: STYLE selector ::cue(:past)",
        "a.vtt:4: STYLE @import url(x)",
        "a.vtt:10: setting line:101%",
    )


F = Fraction
LINE = F(533, 10000)


@pytest.mark.parametrize(
    ("settings", "box"),
    [
        ("", None),
        ("align:start", None),
        ("line:-1", None),
        ("line:0", CaptionBox(F(0), F(0), F(1), F(1), "top")),
        ("line:2", CaptionBox(F(0), 2 * LINE, F(1), 1 - 2 * LINE, "top")),
        ("line:-3", CaptionBox(F(0), F(0), F(1), 1 - 2 * LINE, "bottom")),
        ("line:10%", CaptionBox(F(0), F(1, 10), F(1), F(9, 10), "top")),
        ("line:90%,end", CaptionBox(F(0), F(0), F(1), F(9, 10), "bottom")),
        ("position:30% size:80%", CaptionBox(F(0), F(0), F(3, 5), F(1), "bottom")),
        ("position:30%,line-left size:80%", CaptionBox(F(3, 10), F(0), F(7, 10), F(1), "bottom")),
        ("position:30% align:end", CaptionBox(F(0), F(0), F(3, 10), F(1), "bottom")),
        ("vertical:lr line:10%", CaptionBox(F(1, 10), F(0), F(9, 10), F(1), "top")),
        ("vertical:rl line:0", CaptionBox(F(0), F(0), F(1), F(1), "top")),
    ],
)
def test_a_cue_stands_where_a_browser_puts_it(settings: str, box: CaptionBox | None) -> None:
    assert one("A", settings).box == box


def test_dropped_cues_are_refused_with_their_line_and_left_out_if_asked() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:0x.000\nA\n\nB\n\n00:03.000 --> 00:04.000\nC\n"
    with pytest.raises(Problems) as caught:
        read_webvtt(text, "a.vtt")
    assert [fault.where for fault in caught.value.faults] == ["a.vtt:3", "a.vtt:6"]
    track = read_webvtt(text, "a.vtt", lenient=True)
    assert [caption.text for caption in track.captions] == ["C"]
    assert [words.partition(": ")[0] for words in track.lost] == ["a.vtt:3", "a.vtt:6"]


def test_white_space_is_shown_as_a_browser_does() -> None:
    assert one("  One   two \n <i> three</i>  ").text == "One two\nthree"
