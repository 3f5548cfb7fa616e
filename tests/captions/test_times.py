"""Times are exact in every format: frames, ticks, dropped numbers, hundredths and karaoke."""

from __future__ import annotations

from fractions import Fraction

import pytest

from post.captions.model import ENDLESS, CaptionTrack
from post.captions.read import read_caption_bytes
from post.captions.timed_text import scenes
from post.errors import Problems
from tests.captions.made import ASS, SCC, TTML, stl

NTSC = Fraction(30000, 1001)


def read(text: str | bytes, rate: Fraction | None = None) -> CaptionTrack:
    return read_caption_bytes(text.encode() if isinstance(text, str) else text, "a", rate=rate)


def spans(track: CaptionTrack) -> list[tuple[Fraction, Fraction]]:
    return [(caption.start, caption.stop) for caption in track.captions]


def ttml(paragraph: str, head: str = "") -> str:
    return (
        f'<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" {head}>'
        f"<body><div>{paragraph}</div></body></tt>"
    )


def test_frames_and_ticks_of_ttml() -> None:
    rate = NTSC
    assert spans(read(TTML)) == [(36 / rate, 2 + 15 / rate), (Fraction(3), Fraction(9, 2))]


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(25), NTSC, Fraction(24000, 1001)])
def test_a_film_s_rate_counts_the_frames_of_a_ttml_file_that_says_none(rate: Fraction) -> None:
    assert spans(read(ttml('<p begin="12f" end="48f">A</p>'), rate)) == [(12 / rate, 48 / rate)]
    says = read(ttml('<p begin="12f" end="48f">A</p>', 'ttp:frameRate="30"'), rate)
    assert spans(says) == [(Fraction(12, 30), Fraction(48, 30))]


def test_times_of_ttml_count_from_what_they_lie_in() -> None:
    track = read(
        ttml('<div begin="10s" end="20s"><p begin="1s" dur="2s">A</p><p begin="8s" dur="5s">B</p></div>')
    )
    assert spans(track) == [(Fraction(11), Fraction(13)), (Fraction(18), Fraction(20))]


def test_ttml_without_an_end_is_endless() -> None:
    assert spans(read(ttml('<p begin="1s">A</p>'))) == [(Fraction(1), ENDLESS)]


@pytest.mark.parametrize("times", ['begin="1x" end="2s"', 'begin="3s" end="2s"', 'begin="00:61:00" end="2h"'])
def test_wrong_times_of_ttml_are_refused_with_their_line(times: str) -> None:
    text = ttml(f'\n<p begin="0s" end="1s">A</p>\n<p {times}>B</p>')
    with pytest.raises(Problems) as caught:
        read(text)
    assert [fault.where for fault in caught.value.faults] == ["a:3"]
    lenient = read_caption_bytes(text.encode(), "a", lenient=True)
    assert [caption.text for caption in lenient.captions] == ["A"]
    assert lenient.lost[0].startswith("a:3: ")


@pytest.mark.parametrize("window", [1, 2, 7])
def test_paragraphs_that_overlap_are_the_same_however_many_are_read_at_once(
    window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = "".join(
        f'<p begin="{i}s" end="{i + 1 + i % 4 * 7}s">{i}<span begin="1s"> more</span></p>' for i in range(40)
    )
    whole = read(ttml(f'{body}</div><div begin="3s">{body}'))
    monkeypatch.setattr(scenes, "WINDOW", window)
    assert read(ttml(f'{body}</div><div begin="3s">{body}')) == whole
    assert len(whole.captions) > 80


def test_dropped_numbers_of_scc_are_frames_that_never_were() -> None:
    """A word of two bytes takes a frame: a caption that is swapped in by the 7th word is shown 6 frames later."""
    (pop_on, roll_up) = read(SCC).captions
    assert (pop_on.start, pop_on.text) == ((59 * 30 + 28 + 6) / NTSC, "ABCD")
    assert pop_on.stop == (62 * 30 + 2 - 2) / NTSC
    assert roll_up.text == "AB"
    assert [caption.where for caption in (pop_on, roll_up)] == ["a:3", "a:7"]


def test_hundredths_and_karaoke_of_ass() -> None:
    (first, _) = read(ASS).captions
    assert (first.start, first.stop) == (Fraction(1), Fraction(5, 2))
    assert [(run.text, run.at) for run in first.runs] == [
        ("One ", Fraction(1)),
        ("two\n", Fraction(3, 2)),
        ("three", Fraction(3, 2)),
    ]


def test_stl_counts_from_its_programme_s_start() -> None:
    assert spans(read(stl())) == [(Fraction(1), Fraction(62, 25)), (Fraction(3), Fraction(4))]


@pytest.mark.parametrize(
    ("first", "last"),
    [((10, 0, 5, 25), (10, 0, 6, 0)), ((10, 0, 5, 0), (10, 0, 4, 0)), ((9, 0, 0, 0), (10, 0, 1, 0))],
)
def test_wrong_times_of_stl_are_refused_by_block(
    first: tuple[int, int, int, int], last: tuple[int, int, int, int]
) -> None:
    data = stl((("One", (10, 0, 1, 0), (10, 0, 2, 0)), ("Two", first, last)))
    with pytest.raises(Problems) as caught:
        read(data)
    assert [fault.where for fault in caught.value.faults] == ["a:2"]


def test_wrong_times_of_ass_are_refused_with_their_line() -> None:
    with pytest.raises(Problems) as caught:
        read(ASS.replace("0:00:03.00", "0:00:0x.00"))
    assert [fault.where for fault in caught.value.faults] == ["a:15"]


TABLES = [
    (b"00", b"\xc2e\xc8u", "éü"),
    (b"01", "Мир".encode("iso8859_5"), "Мир"),
    (b"02", "سلا".encode("iso8859_6"), "سلا"),
    (b"03", "Ναι".encode("iso8859_7"), "Ναι"),
    (b"04", "שלו".encode("iso8859_8"), "שלו"),
]


@pytest.mark.parametrize(("table", "written", "text"), TABLES)
def test_every_code_table_of_stl_is_read(table: bytes, written: bytes, text: str) -> None:
    data = stl((("X" * len(written), (10, 0, 1, 0), (10, 0, 2, 0)),))
    data = data[:12] + table + data[14:].replace(b"X" * len(written), written)
    assert [caption.text.strip() for caption in read(data).captions] == [text]
