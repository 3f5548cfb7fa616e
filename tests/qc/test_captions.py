"""The captions of a film are read back from its tracks, and from the files beside it that have its name."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.subtitles.stream import SubtitleStream

from post.errors import SourceError
from post.qc.captions import read_film_captions
from post.takes.text import tracks
from post.values.sights.captions import SeenCaption
from tests.qc.flash.made import write_film

SRT = "1\n00:00:00,500 --> 00:00:02,000\nHello there,\nfriend.\n\n2\n00:00:02,000 --> 00:00:03,000\nBye.\n"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("captions") / "film.mp4"
    return write_film(path, lambda at: np.full((64, 64), at / 8), 8)


def beside(film: Path, tmp_path: Path, **files: str) -> Path:
    copy = tmp_path / "film.mp4"
    copy.write_bytes(film.read_bytes())
    for name, text in files.items():
        (tmp_path / name.replace("_", ".")).write_text(text)
    return copy


def test_a_film_without_captions_has_none(film: Path) -> None:
    assert read_film_captions(film).found == ()


def test_files_that_have_the_films_name_are_its_captions(film: Path, tmp_path: Path) -> None:
    vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\nHallo\n"
    path = beside(film, tmp_path, film_srt=SRT, film_de_vtt=vtt, other_srt=SRT, film_txt="no captions")
    german, plain = read_film_captions(path).found
    assert (german.where, german.language, plain.where, plain.language) == (
        "film.de.vtt",
        "de",
        "film.srt",
        "",
    )
    assert plain.captions[0] == SeenCaption(Fraction(1, 2), Fraction(2), "Hello there,\nfriend.")
    assert (plain.captions[0].lines, plain.captions[0].words) == (("Hello there,", "friend."), 3)
    assert plain.captions[0].characters == 19


def test_a_file_that_is_wrong_in_part_is_read_and_named(film: Path, tmp_path: Path) -> None:
    backwards = "\n3\n00:00:05,000 --> 00:00:04,000\nNever.\n"
    sight = read_film_captions(beside(film, tmp_path, film_srt=SRT + backwards))
    assert [len(each.captions) for each in sight.found] == [2]
    ((name, why),) = sight.unread
    assert name == "film.srt"
    assert "ends before it begins" in why


def test_a_track_in_another_form_is_named(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "with.mp4"
    _with_track(film, path, "mov_text", ((0, 500, "One"),))
    monkeypatch.setattr(tracks, "_READERS", {})
    assert read_film_captions(path).unread == (("track 1", "it is in mov_text"),)


def test_a_file_that_cannot_be_read_is_named(film: Path, tmp_path: Path) -> None:
    sight = read_film_captions(beside(film, tmp_path, film_srt="no captions at all"))
    assert [name for name, _ in sight.unread] == ["film.srt"]
    assert sight.found == ()


@pytest.mark.parametrize(("suffix", "codec"), [("mp4", "mov_text"), ("mkv", "subrip")])
def test_tracks_are_read_in_their_language(film: Path, tmp_path: Path, suffix: str, codec: str) -> None:
    path = tmp_path / f"with.{suffix}"
    _with_track(film, path, codec, ((0, 500, "One"), (500, 1500, "Two\nlines")))
    (track,) = read_film_captions(path).found
    assert (track.where, track.kind, track.language) == ("track 1", "track", "de")
    assert [(float(each.start), float(each.stop), each.text) for each in track.captions] == [
        (0, 0.5, "One"),
        (0.5, 1.5, "Two\nlines"),
    ]


def _with_track(film: Path, path: Path, codec: str, cues: Sequence[tuple[int, int, str]]) -> None:
    with av.open(str(film)) as source, av.open(str(path), "w") as out:
        picture = out.add_stream_from_template(source.streams.video[0])
        track = out.add_stream(codec)
        assert isinstance(track, SubtitleStream)
        track.codec_context.subtitle_header = b"[Script Info]\n\n[V4+ Styles]\n\n[Events]\n"
        track.time_base = Fraction(1, 1000)
        track.metadata["language"] = "ger"
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = picture
                out.mux(packet)
        for start, stop, text in cues:
            coded = text.encode()
            made = av.Packet(len(coded).to_bytes(2, "big") + coded if codec == "mov_text" else coded)
            made.pts = made.dts = start
            made.duration, made.time_base, made.stream = stop - start, Fraction(1, 1000), track
            out.mux(made)


def test_what_is_no_film_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_text("no film")
    with pytest.raises(SourceError):
        read_film_captions(tmp_path / "film.mp4")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Winter is here,\nsaid the dog.", 6),
        ("From €19.99 a month", 4),
        ("天气很好我们去公园散步吧", 7),
        ("これは日本語の字幕です。", 6),
        ("Es ist 天气很好", 4),
        ("……", 1),
    ],
)
def test_words_are_counted_where_no_spaces_part_them(text: str, words: int) -> None:
    assert SeenCaption(Fraction(0), Fraction(1), text).words == words
