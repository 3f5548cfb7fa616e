"""A film with captions, finished: they come with what is said under a ramp, and its files and tracks say the same."""

from __future__ import annotations

import hashlib
import json
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import imageio_ffmpeg
import numpy as np
import pytest

from post.captions.read import read_captions
from post.takes.made.synthetic import ClipRecipe, SoundRecipe, make_clip
from post.takes.text.tracks import read_tracks
from post.values.array import Array
from tests.flow.warm_commands import answerprint

RATE, HZ = 24, 48000
# A click at every whole second of the take; a caption comes with each, and goes 0.4 s later.
SRT = "".join(f"{n + 1}\n00:00:0{n},000 --> 00:00:0{n},400\nClick {n}\n\n" for n in range(6))
WORDS = "WEBVTT\n\n00:00.000 --> 00:06.000\nNone <00:01.000>one <00:02.000>two <00:03.000>three\n"
JOB = """
schema: Job.2
title: Captions
clock: 24
takes: {clicks: {file: clicks.mov, camera: true}}
cut:
  - {take: clicks, in: 0.5s, length: 3s, speed: "0s:1, 1s:2.5:smooth, 2s:0.6:smooth", sound: {pitch: tape}}
captions:
  - {file: clicks.srt, language: en, on: clicks, burn: true, track: true, sidecar: [vtt, srt, imsc]}
  - {file: words.vtt, language: pt-BR, on: clicks, track: true, sidecar: vtt}
allow: [caption-short, caption-lines]
deliver:
  - {preset: draft, name: wide, width: 320, height: 180}
  - preset: draft
    name: pro
    width: 320
    height: 180
    container: mov
    depth: 10
    chroma: 422
    picture: {codec: prores}
    audio: {codec: pcm_s24le}
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("captions")
    recipe = ClipRecipe(width=320, height=180, frames=6 * RATE, sound=SoundRecipe("impulses", "pcm_s16le"))
    grey = np.full((180, 320, 3), 0.45, np.float32)
    make_clip(folder / "clicks.mov", recipe, lambda _: grey)
    (folder / "clicks.srt").write_text(SRT)
    (folder / "words.vtt").write_text(WORDS)
    (folder / "job.yaml").write_text(JOB)
    return folder


@pytest.fixture(scope="module")
def finished(work: Path) -> dict[str, Any]:
    made = answerprint(work, "finish", work / "job.yaml", "-o", work / "out", "--json")
    assert made.code == 0, made.said
    return {each["name"]: each for each in json.loads(made.out)["deliverables"]}


def clicks(path: Path) -> list[float]:
    """The times of the clicks in a film's sound, in seconds."""
    with av.open(str(path)) as film:
        parts = [np.abs(frame.to_ndarray().astype(np.float64)) for frame in film.decode(audio=0)]
    loud = np.concatenate([part.reshape(part.shape[0], -1).max(0) for part in parts], axis=-1)
    if len(parts) and parts[0].shape[0] == 1:  # packed: left and right by turns
        loud = loud[::2]
    found: list[float] = []
    threshold = loud.max() * 0.3
    for sample in np.flatnonzero(loud > threshold):
        if not found or sample / HZ - found[-1] > 0.1:
            found.append(float(sample / HZ))
    return found


def frames(path: Path) -> Array:
    with av.open(str(path)) as film:
        return np.stack([frame.to_ndarray(format="gray") for frame in film.decode(video=0)])


def captioned(path: Path) -> list[tuple[int, int]]:
    """The runs of frames in which a plate is seen low in the middle, as (first, stop)."""
    low = frames(path)[:, 155:168, 140:180]
    seen = np.concatenate([[False], (low < 70).mean((1, 2)) > 0.3, [False]])
    edges = np.flatnonzero(seen[1:] != seen[:-1])
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


@pytest.mark.parametrize("name", ["wide", "pro"])
def test_under_a_ramp_each_caption_comes_within_a_frame_of_its_click(
    finished: dict[str, Any], name: str
) -> None:
    path = Path(finished[name]["path"])
    heard, seen = clicks(path), captioned(path)
    assert len(heard) >= 3
    assert len(seen) == len(heard)
    late = [first / RATE - click for click, (first, _) in zip(heard, seen, strict=True)]
    print(f"{name}: captions come {', '.join(f'{each * 1000:+.1f}' for each in late)} ms after their clicks")
    assert max(map(abs, late)) <= 1 / RATE


@pytest.mark.parametrize("name", ["wide", "pro"])
def test_its_tracks_are_read_back_at_the_times_of_the_clicks(finished: dict[str, Any], name: str) -> None:
    path = Path(finished[name]["path"])
    (english, said), (portuguese, _) = read_tracks(path)
    assert (english, portuguese) == ("eng", "por")
    shown = [each for each in said if each.text]
    assert all(each.text.startswith("Click ") for each in shown)
    late = [float(each.start) - click for each, click in zip(shown, clicks(path), strict=True)]
    assert max(map(abs, late)) <= 0.002
    assert [(each["language"], each["captions"]) for each in finished[name]["tracks"]] == [
        ("en", len(shown)),
        ("pt-BR", 1),
    ]


def test_ffmpeg_reads_the_same_times_to_a_millisecond(finished: dict[str, Any]) -> None:
    path = Path(finished["wide"]["path"])
    run = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-v",
        "error",
        "-i",
        str(path),
        "-map",
        "0:s:0",
        "-f",
        "webvtt",
        "-",
    ]
    text = subprocess.run(run, check=True, capture_output=True).stdout
    copy = path.with_name("by-ffmpeg.vtt")
    copy.write_bytes(text)
    theirs = [(each.start, each.stop, each.text) for each in read_captions(copy).captions]
    ((_, said), _) = read_tracks(path)
    ours = [(each.start, each.stop, each.text) for each in said if each.text]
    assert [text for _, _, text in theirs] == [text for _, _, text in ours]
    assert all(abs(a[0] - b[0]) <= Fraction(1, 1000) for a, b in zip(theirs, ours, strict=True))
    assert all(abs(a[1] - b[1]) <= Fraction(1, 1000) for a, b in zip(theirs, ours, strict=True))


def test_its_caption_files_say_the_same_and_are_hashed(finished: dict[str, Any]) -> None:
    ((_, said), _) = read_tracks(Path(finished["wide"]["path"]))
    planned = [(each.start, each.stop, each.text) for each in said if each.text]
    made = {Path(each["path"]).name: each for each in finished["wide"]["sidecars"]}
    assert sorted(made) == ["wide.en.srt", "wide.en.ttml", "wide.en.vtt", "wide.pt-BR.vtt"]
    for name in ("wide.en.srt", "wide.en.ttml", "wide.en.vtt"):
        path = Path(made[name]["path"])
        assert hashlib.sha256(path.read_bytes()).hexdigest() == made[name]["sha256"]
        read = [(each.start, each.stop, each.text) for each in read_captions(path).captions]
        assert [text for _, _, text in read] == [text for _, _, text in planned], name
        assert all(abs(a[0] - b[0]) <= Fraction(1, 1000) for a, b in zip(read, planned, strict=True)), name


def test_words_keep_their_times_in_the_file_beside(finished: dict[str, Any]) -> None:
    made = {Path(each["path"]).name: each for each in finished["wide"]["sidecars"]}
    (only,) = read_captions(Path(made["wide.pt-BR.vtt"]["path"])).captions
    times = [float(run.at) for run in only.runs if run.at is not None]
    heard = clicks(Path(finished["wide"]["path"]))
    assert all(min(abs(time - click) for click in heard) <= 0.002 for time in times[:3])


def test_the_films_are_intact_and_conform_and_name_their_caption_files(
    work: Path, finished: dict[str, Any]
) -> None:
    for name in ("wide", "pro"):
        told = answerprint(work, "verify", finished[name]["path"], "--json")
        report = json.loads(told.out)
        assert (report["integrity"], report["signer"], report["unhashed"]) == ("intact", "trusted", [])
        assert report["conformance"]["failed"] == []
    receipt = json.loads((work / "out" / "receipt.json").read_text())
    rows = {row["name"]: row["sidecars"] for row in receipt["receipts"]}
    hashes = {Path(each["path"]).name: each["sha256"] for each in finished["wide"]["sidecars"]}
    assert {row[0]: row[3] for row in rows["wide"]} == hashes


def test_run_again_nothing_is_made_again_and_another_word_signs_anew(
    work: Path, finished: dict[str, Any]
) -> None:
    again = answerprint(work, "finish", work / "job.yaml", "-o", work / "out", "--json")
    kept = {each["name"]: each for each in again.data["deliverables"]}
    assert {each["kept"] for each in kept.values()} == {True}
    assert kept["wide"]["sha256"] == finished["wide"]["sha256"]
    (work / "words.vtt").write_text(WORDS.replace("None", "Nada"))
    changed = {
        each["name"]: each
        for each in answerprint(work, "finish", work / "job.yaml", "-o", work / "out", "--json").data[
            "deliverables"
        ]
    }
    assert not changed["wide"]["kept"]
    assert changed["wide"]["reused"] == changed["wide"]["segments"]
    assert "Nada" in Path(work / "out" / "wide.pt-BR.vtt").read_text()
