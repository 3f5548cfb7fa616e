"""Written captions are read again as they were, as far as the format holds them; what it does not is told."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from post.captions.model import Caption, CaptionBox, CaptionRun, CaptionTrack
from post.captions.read import read_caption_bytes
from post.captions.write.captions import WORDS, write_captions
from post.errors import JobError

LETTERS = st.sampled_from([*"abc<>&-'\"{}\\12", "é", "宇", "ع", "\u200f", "🙂", "--> ", "<b>", "&amp;"])
WORD = st.lists(LETTERS, min_size=1, max_size=6).map("".join).map(lambda word: word.replace("{\\", "{"))
TEXT = st.lists(WORD, min_size=1, max_size=5).map(lambda words: " ".join(" ".join(words).split()) or "a")
COLOUR = st.sampled_from(["", "#ff0000", "#12ab00", "#ffff00"])
RUN = st.builds(
    CaptionRun, TEXT, bold=st.booleans(), italic=st.booleans(), underline=st.booleans(), colour=COLOUR
)
TIME = st.integers(0, 100_000_000)


@st.composite
def tracks(draw: st.DrawFn) -> CaptionTrack:
    captions = []
    for i in range(draw(st.integers(1, 4))):
        start = Fraction(draw(TIME), 1000)
        stop = start + Fraction(draw(st.integers(1, 9000)), 1000)
        captions.append(Caption(start, stop, tuple(draw(st.lists(RUN, min_size=1, max_size=3))), f"t:{i}"))
    return CaptionTrack(tuple(sorted(captions, key=lambda each: each.start)))


def seen(caption: Caption) -> tuple[object, ...]:
    """What the three formats all hold: times, and every letter with its style."""
    style = [(r.bold, r.italic, r.underline, r.colour, letter) for r in caption.runs for letter in r.text]
    return caption.start, caption.stop, style


@pytest.mark.parametrize("name", ["vtt", "srt", "imsc"])
@given(track=tracks())
def test_what_is_written_is_read_again(name: str, track: CaptionTrack) -> None:
    written = write_captions(track, name)
    again = read_caption_bytes(written.text.encode(), "a", name)
    assert [seen(each) for each in again.captions] == [seen(each) for each in track.captions]
    assert set(written.lost) <= {WORDS["box"], WORDS["id"]}
    assert write_captions(track, name) == written


ODD = st.text(st.characters(codec="utf-8"), max_size=40)


@pytest.mark.parametrize("name", ["vtt", "srt", "imsc"])
@given(text=ODD, ruby=ODD, speaker=ODD, language=ODD, name_=ODD, start=st.fractions(-5, 400_000))
def test_no_text_makes_a_file_that_is_refused(
    name: str, text: str, ruby: str, speaker: str, language: str, name_: str, start: Fraction
) -> None:
    run = CaptionRun(text, ruby=ruby, language=language, speaker=speaker)
    caption = Caption(
        start, start + Fraction(1, 3000), (run, CaptionRun("end")), "t", speaker=speaker, id=name_
    )
    written = write_captions(CaptionTrack((caption,), language), name)
    (again,) = read_caption_bytes(written.text.encode(), "a", name).captions
    if again.text != caption.text:
        assert WORDS["text"] in written.lost


BOXES = [
    CaptionBox(Fraction(1, 10), Fraction(1, 5), Fraction(4, 5), Fraction(4, 5), "top"),
    CaptionBox(Fraction(0), Fraction(0), Fraction(1), Fraction(3, 4), "bottom"),
    CaptionBox(Fraction(1, 4), Fraction(0), Fraction(1, 2), Fraction(1, 2), "middle"),
]


@pytest.mark.parametrize("name", ["vtt", "imsc"])
@pytest.mark.parametrize("box", BOXES)
def test_places_and_alignment_are_held(name: str, box: CaptionBox) -> None:
    caption = Caption(Fraction(1), Fraction(2), (CaptionRun("A"),), "t", "end", box=box)
    written = write_captions(CaptionTrack((caption,)), name)
    assert written.lost == ()
    (again,) = read_caption_bytes(written.text.encode(), "a").captions
    assert (again.box, again.align) == (box, "end")


@pytest.mark.parametrize("writing", ["vertical-rl", "vertical-lr"])
@pytest.mark.parametrize("name", ["vtt", "imsc"])
def test_vertical_writing_is_held(name: str, writing: str) -> None:
    box = CaptionBox(Fraction(0), Fraction(1, 10), Fraction(9, 10), Fraction(4, 5), "top")
    if writing == "vertical-lr":
        box = replace(box, left=Fraction(1, 10))
    caption = Caption(Fraction(1), Fraction(2), (CaptionRun("右", ruby="みぎ"),), "t", box=box)
    written = write_captions(CaptionTrack((replace(caption, writing=writing),)), name)  # type: ignore[arg-type]
    assert written.lost == ()


def test_words_with_times_are_held_by_webvtt_and_told_by_the_others() -> None:
    runs = (CaptionRun("One ", at=Fraction(1)), CaptionRun("two", at=Fraction(3, 2)))
    track = CaptionTrack((Caption(Fraction(1), Fraction(2), runs, "t"),))
    assert write_captions(track, "vtt").lost == ()
    assert WORDS["at"] in write_captions(track, "srt").lost
    assert WORDS["at"] in write_captions(track, "imsc").lost


def test_two_speakers_of_one_caption_are_held_by_webvtt() -> None:
    runs = (CaptionRun("Hi\n"), CaptionRun("Ho", speaker="Bill"))
    track = CaptionTrack((Caption(Fraction(1), Fraction(2), runs, "t", speaker="Fred"),), "en")
    assert write_captions(track, "vtt").lost == ()
    assert WORDS["speaker"] in write_captions(track, "srt").lost


def test_another_format_is_refused() -> None:
    with pytest.raises(JobError, match="unknown caption format"):
        write_captions(CaptionTrack(()), "docx")


@pytest.mark.parametrize("kind", ["vtt", "srt", "imsc"])
def test_numbers_and_a_place_that_nobody_gave_are_not_lost(kind: str) -> None:
    track = read_caption_bytes(b"1\n00:00:01,000 --> 00:00:02,000\nSnow\n", "lines.srt")
    assert track.captions[0].id == "1"
    assert write_captions(track, kind).lost == ()
