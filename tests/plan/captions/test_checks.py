"""Captions that are hard to read are warned of, each limit once for a file, with the worst at its line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from post.captions.model import Caption
from post.picture.captions.caption import CaptionLayer
from post.plan.captions.checks import caption_warnings, length_of, sidecar_warnings
from post.plan.captions.timing import FilmCaptions
from post.values import Span
from post.values.plan import Sidecar
from post.values.warning import ALLOWABLE
from tests.plan.captions.made import captions, said
from tests.plan.made import FILM_CLOCK

WHOLE = Span(0, 10_000)


def told(*each: Caption, part: Span = WHOLE, style: CaptionLayer | None = None) -> dict[str, str]:
    """Each warning's number and place, by its code."""
    file = captions(*each, style=style)
    found = list(caption_warnings([FilmCaptions(file, file.captions)], FILM_CLOCK, part))
    assert all(one.where == "spot.yaml:30" and one.of == "captions lines.srt" for one in found)
    assert {one.code for one in found} <= set(ALLOWABLE)
    return {one.code: f"{one.what}; {one.got}" for one in found}


def test_a_caption_as_it_should_be_is_not_warned_of() -> None:
    assert told(said("0", "2", "Forty characters are read in two seconds")) == {}


def test_the_fastest_is_named_with_how_many_there_are() -> None:
    found = told(said("0", "1", "x" * 21), said("2", "3", "x" * 30, line=9), said("4", "5", "x" * 20))
    assert found == {
        "caption-fast": "2 captions cannot be read in time; 30.0 characters a second at lines.srt:9"
    }


@pytest.mark.parametrize(
    ("text", "length"),
    [("one\ntwo", 6), ("e\N{COMBINING ACUTE ACCENT}", 1), ("a\N{ZERO WIDTH JOINER}b", 2), ("日本語", 3)],
)
def test_what_is_counted_is_what_is_read(text: str, length: int) -> None:
    assert length_of(text) == length


def test_lines_too_long_and_too_many() -> None:
    found = told(said("0", "9", "x" * 43 + "\ny\nz"))
    assert found["caption-long"].endswith("43 characters at lines.srt:1")
    assert found["caption-lines"].endswith("3 lines at lines.srt:1")


def test_too_short_a_time_and_too_short_a_gap() -> None:
    found = told(said("0", "0.5", "a"), said("0.54", "2", "b", line=5))
    assert found["caption-short"].endswith("0.50 s at lines.srt:1")
    assert found["caption-gap"].endswith("0.040 s at lines.srt:5")
    assert "caption-gap" not in told(said("0", "1", "a"), said("1", "2", "b"), said("2.084", "3", "c"))


def test_captions_at_once_in_one_place() -> None:
    assert "caption-overlap" in told(said("0", "2", "a"), said("1.5", "3", "b"))


def test_a_part_of_a_film_is_warned_of_its_own_captions_alone() -> None:
    each = (said("0", "1", "x" * 40), said("100", "102", "fine"))
    assert told(*each, part=Span(2400, 2448)) == {}


def test_the_limits_are_those_of_the_style() -> None:
    assert told(said("0", "1", "x" * 21), style=CaptionLayer(reading_speed=25)) == {}


def test_what_goes_on_past_the_film_and_what_is_lost_is_told() -> None:
    file = captions(said("0", "1"))
    file = replace(file, captions=replace(file.captions, lost=("lines.srt:4: a picture",)))
    late = FilmCaptions(file, file.captions, (said("9", "12", line=8),))
    found = {one.code: one.got for one in caption_warnings([late], FILM_CLOCK, WHOLE)}
    assert found == {"past-end": "to 12.00 s, lines.srt:8", "caption-lost": "lines.srt:4: a picture"}


def test_a_caption_file_that_does_not_hold_all_is_told() -> None:
    whole, poor = Sidecar("a.vtt", "vtt", "", "", 1), Sidecar("a.srt", "srt", "", "", 1, ("ruby",))
    (found,) = sidecar_warnings((whole, poor))
    assert (found.of, found.got) == ("file a.srt", "ruby")


def test_a_file_of_which_nothing_is_shown_is_told() -> None:
    empty, unheard = captions(), captions(said("0", "1"), take="dog")
    shown = [FilmCaptions(each, replace(each.captions, captions=())) for each in (empty, unheard)]
    assert [(one.code, one.what, one.got) for one in caption_warnings(shown, FILM_CLOCK, WHOLE)] == [
        ("caption-lost", "has no captions", ""),
        ("caption-lost", "none of its captions is shown", "1 caption of take dog"),
    ]
