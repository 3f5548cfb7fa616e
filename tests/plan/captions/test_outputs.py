"""What lies beside a film, and in it, of its captions."""

from __future__ import annotations

from fractions import Fraction

import pytest

from post.captions.model import CaptionRun, CaptionTrack
from post.captions.read import read_caption_bytes
from post.errors import JobError
from post.job.model import CaptionFile
from post.plan.captions.outputs import iso639, sidecars_of, tracks_of
from post.plan.captions.timing import FilmCaptions
from tests.plan.captions.made import captions, said


def on_film(*files: CaptionFile) -> list[FilmCaptions]:
    return [FilmCaptions(file, file.captions) for file in files]


def names(*files: CaptionFile) -> list[str]:
    return [each.name for each in sidecars_of(on_film(*files), "wide")]


def test_files_are_named_by_their_film_and_language() -> None:
    assert names(captions(said("0", "1"), sidecars=("vtt", "srt", "imsc"))) == [
        "wide.en.vtt",
        "wide.en.srt",
        "wide.en.ttml",
    ]
    assert names(captions(said("0", "1"), sidecars=("vtt",), language="")) == ["wide.vtt"]


def test_two_of_one_language_are_told_apart_by_their_ids() -> None:
    one, other = (captions(said("0", "1"), sidecars=("vtt",), id=name) for name in ("", "signs"))
    assert names(one, other) == ["wide.en.vtt", "wide.signs.en.vtt"]
    with pytest.raises(JobError, match="two caption files"):
        names(one, one)


def test_a_film_has_those_that_are_for_it() -> None:
    tall = captions(said("0", "1"), sidecars=("vtt",), track=True, deliver=("tall",))
    assert sidecars_of(on_film(tall), "wide") == ()
    assert tracks_of(on_film(tall), "wide") == ()
    assert len(tracks_of(on_film(tall), "tall")) == 1


def test_the_text_reads_back_in_the_language_that_the_job_says() -> None:
    each = (said("0.5", "1.25", "Olá"), said("2", "3", CaptionRun("mundo", italic=True)))
    (made,) = sidecars_of(on_film(captions(*each, sidecars=("imsc",), language="pt-BR")), "wide")
    back = read_caption_bytes(made.text.encode(), "wide.ttml")
    assert isinstance(back, CaptionTrack)
    assert back.language == "pt-BR"
    assert [(one.start, one.stop, one.text) for one in back.captions] == [
        (one.start, one.stop, one.text) for one in each
    ]
    assert (made.captions, made.language) == (2, "pt-BR")


def test_a_track_shows_captions_that_overlap_at_once() -> None:
    each = (said("0", "2", "a"), said("1", "3", "b"), said("4", "5", "c"))
    (track,) = tracks_of(on_film(captions(*each, track=True)), "wide")
    found = [(float(cue.start), float(cue.stop), "".join(run.text for run in cue.runs)) for cue in track.cues]
    assert found == [(0, 1, "a"), (1, 2, "a\nb"), (2, 3, "b"), (4, 5, "c")]


def test_a_track_has_nothing_shorter_than_a_millisecond() -> None:
    each = (said("0", "1", "a"), said("1", "1.0001", "b"), said("1.0001", "2", "c"))
    (track,) = tracks_of(on_film(captions(*each, track=True)), "wide")
    assert [cue.stop - cue.start > Fraction(1, 2000) for cue in track.cues] == [True, True]


@pytest.mark.parametrize(
    ("language", "letters"), [("en", "eng"), ("pt-BR", "por"), ("zh-Hant", "zho"), ("", "und")]
)
def test_languages_have_the_letters_of_mp4(language: str, letters: str) -> None:
    assert iso639(language) == letters


def test_a_language_that_a_files_name_has_is_not_lost() -> None:
    file = captions(said("1", "2"), language="en", burn=False, sidecars=("srt",))
    (made,) = sidecars_of([FilmCaptions(file, file.captions)], "film")
    assert (made.name, made.lost) == ("film.en.srt", ())
