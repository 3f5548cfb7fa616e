"""Tracks of timed text: written into a film, read back by this program and by FFmpeg."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from post.deliver.captions.tracks import add_tracks, check_tracks, write_tracks
from post.errors import AnswerprintError
from post.plan import compile_plan
from post.takes.text.tracks import read_tracks
from post.values import Clock, Rendition, Toolchain
from post.values.plan import TextCue, TextRun, TextTrack
from tests.plan.made import cut, job, take


def film(*tracks: TextTrack, rate: str = "24", frames: int = 96) -> Rendition:
    """A film of that many frames, with tracks of captions."""
    made = compile_plan(job(cut("dog")), {"dog": take()}, (), Toolchain((("av", "18"),))).renditions[0]
    shape = replace(made.format, clock=Clock(Fraction(rate)), length=frames)
    return replace(made, format=shape, tracks=tracks)


def cue(start: str, stop: str, *runs: TextRun | str) -> TextCue:
    made = tuple(TextRun(run) if isinstance(run, str) else run for run in runs)
    return TextCue(Fraction(start), Fraction(stop), made)


def written(folder: Path, rendition: Rendition, container: str = "mp4") -> Path:
    path = folder / f"film.{container}"
    with av.open(path, "w", format=container) as out:
        streams = add_tracks(out, rendition)
        write_tracks(out, streams, rendition)
    return path


LINES = TextTrack(
    "pt-BR",
    "por",
    (
        cue("0.5", "1.25", "Olá, ", TextRun("mundo", italic=True, colour="#ff8800")),
        cue("1.25", "2", "two\nlines"),
        cue("3", "3.5", "日本語"),
    ),
)


@pytest.mark.parametrize("container", ["mp4", "mov"])
@pytest.mark.parametrize("rate", ["24", "30000/1001"])
def test_a_track_reads_back_as_it_was_planned(tmp_path: Path, container: str, rate: str) -> None:
    path = written(tmp_path, film(LINES, rate=rate, frames=120), container)
    ((language, samples),) = read_tracks(path)
    assert language == "por"
    said = [(float(each.start), float(each.stop), each.text) for each in samples if each.text]
    assert said == [(0.5, 1.25, "Olá, mundo"), (1.25, 2.0, "two\nlines"), (3.0, 3.5, "日本語")]
    assert samples[0].start == 0
    assert all(a.stop == b.start for a, b in zip(samples, samples[1:], strict=False))
    check_tracks(path, film(LINES, rate=rate, frames=120))


def test_ffmpeg_reads_the_same_words_at_the_same_times_in_their_style(tmp_path: Path) -> None:
    path = written(tmp_path, film(LINES))
    run = [get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-map", "0:s:0", "-f", "srt", "-"]
    said = subprocess.run(run, check=True, capture_output=True).stdout.decode()
    assert "00:00:00,500 --> 00:00:01,250" in said
    assert "00:00:01,250 --> 00:00:02,000\ntwo\nlines" in said
    assert "00:00:03,000 --> 00:00:03,500\n日本語" in said
    assert "<i>" in said
    assert "#ff8800" in said


def test_two_tracks_keep_their_languages(tmp_path: Path) -> None:
    other = TextTrack("de", "deu", (cue("0", "1", "Hallo"),))
    found = read_tracks(written(tmp_path, film(LINES, other)))
    assert [language for language, _ in found] == ["por", "deu"]


def test_captions_past_the_end_stop_with_the_film(tmp_path: Path) -> None:
    late = TextTrack("", "und", (cue("3", "9", "late"), cue("9", "10", "never")))
    ((_, samples),) = read_tracks(written(tmp_path, film(late)))
    assert [(each.start, each.stop) for each in samples if each.text] == [(Fraction(3), Fraction(4))]


def test_another_track_than_planned_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, film(LINES))
    with pytest.raises(AnswerprintError, match="captions"):
        check_tracks(path, film(replace(LINES, cues=LINES.cues[:1])))
    with pytest.raises(AnswerprintError, match="captions"):
        check_tracks(path, film())
