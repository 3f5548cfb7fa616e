"""SRT: what players agree on is read; times that are missing or wrong are refused with their line."""

from __future__ import annotations

from fractions import Fraction

import pytest

from post.captions.model import CaptionRun
from post.captions.read import read_caption_bytes
from post.captions.srt import read_srt
from post.errors import JobError, Problems


def spans(text: str) -> list[tuple[float, float, str]]:
    return [(float(c.start), float(c.stop), c.text) for c in read_srt(text, "a.srt").captions]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_read(end: str) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,500\nOne\nline\n\n2\n00:00:03,000 --> 00:00:04,000\nTwo\n"
    assert spans(text.replace("\n", end)) == [(1, 2.5, "One\nline"), (3, 4, "Two")]


@pytest.mark.parametrize("times", ["0:1,0 --> 0:2,0", "00:00:01.000 --> 00:00:02.000", "0:0:1 -> 0:0:2"])
def test_times_of_other_makers_are_read(times: str) -> None:
    assert spans(f"{times}\nA") == [(1, 2, "A")]


def test_a_missing_blank_line_and_one_in_the_text_are_read() -> None:
    text = "1\n00:00:01,0 --> 00:00:02,0\nOne\n2\n00:00:03,0 --> 00:00:04,0\nTwo\n\nstill two\n\n\n"
    assert spans(text) == [(1, 2, "One"), (3, 4, "Two\n\nstill two")]


def test_captions_out_of_order_are_put_in_order_and_may_overlap() -> None:
    text = "2\n00:00:03,0 --> 00:00:09,0\nTwo\n\n1\n00:00:01,0 --> 00:00:04,0\nOne"
    assert spans(text) == [(1, 4, "One"), (3, 9, "Two")]


def test_tags_set_style_and_place() -> None:
    text = '0:1,0 --> 0:2,0\n{\\an8}<i>A <font color="#ff0000">b</font></i> &amp; 2 < 3'
    (caption,) = read_srt(text, "a.srt").captions
    assert caption.runs == (
        CaptionRun("A ", italic=True),
        CaptionRun("b", italic=True, colour="#ff0000"),
        CaptionRun(" & 2 < 3"),
    )
    assert caption.box is not None
    assert caption.box.against == "top"


def test_what_the_model_does_not_hold_is_told_with_its_line() -> None:
    track = read_srt("0:1,0 --> 0:2,0 X1:10 X2:20\n{\\fad(1,2)}<blink>A</blink>", "a.srt")
    assert track.captions[0].text == "A"
    assert [words.partition(": ")[0] for words in track.lost] == ["a.srt:1"] * len(track.lost)
    assert len(track.lost) == 3


WRONG = [
    ("1\n00:00:01,000 --> 00:0x:02,000\nA", "a.srt:2"),
    ("1\n00:00:01,000 --> 00:00:02,000\nA\n\n2\nB\n", "a.srt:5"),
    ("1\n00:00:02,000 --> 00:00:01,000\nA", "a.srt:2"),
    ("1\n00:00:02,000 --> 00:00:02,000\nA", "a.srt:2"),
    ("1\n00:00:02,000 -->\nA", "a.srt:2"),
    ("1\n00:99:02,000 --> 01:40:00,000\nA", "a.srt:2"),
    ("Hello\n\n1\n00:00:01,000 --> 00:00:02,000\nA", "a.srt:1"),
]


@pytest.mark.parametrize(("text", "where"), WRONG)
def test_what_cannot_be_read_is_refused_where_it_stands(text: str, where: str) -> None:
    with pytest.raises(Problems) as caught:
        read_srt(text, "a.srt")
    assert [fault.where for fault in caught.value.faults] == [where]
    lenient = read_srt(text, "a.srt", lenient=True)
    assert any(words.startswith(f"{where}: ") for words in lenient.lost)


CHINESE = "1\n00:00:01,000 --> 00:00:02,000\n宇宙守护神\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_that_show_themselves_are_read(encoding: str) -> None:
    (caption,) = read_caption_bytes(CHINESE.encode(encoding), "a.srt").captions
    assert (caption.text, caption.start) == ("宇宙守护神", Fraction(1))


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("gb2312", "宇宙"), ("big5", "宇宙"), ("cp1252", "Être"), ("mac_roman", "Être"), ("iso2022_jp", "日本")],
)
def test_encodings_that_do_not_are_read_once_named(encoding: str, text: str) -> None:
    data = CHINESE.replace("宇宙守护神", text).encode(encoding)
    with pytest.raises(JobError, match="encoding:") as caught:
        read_caption_bytes(data, "a.srt")
    assert caught.value.where == "a.srt:3"
    assert read_caption_bytes(data, "a.srt", encoding=encoding).captions[0].text == text


def test_a_wrong_encoding_is_refused() -> None:
    with pytest.raises(JobError, match="unknown encoding"):
        read_caption_bytes(CHINESE.encode(), "a.srt", encoding="klingon")
    with pytest.raises(JobError, match="SHIFT_JIS") as caught:
        read_caption_bytes(CHINESE.encode("gb18030"), "a.srt", encoding="shift_jis")
    assert caught.value.where == "a.srt:3"
