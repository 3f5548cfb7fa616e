"""A film in Matroska is finished, said to have its credentials beside it, verified, and kept as it was signed."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
import pytest

from post.takes.made.synthetic import ClipRecipe, SoundRecipe, make_clip
from tests.flow.commands import Answer, answerprint

JOB = """
schema: Job.2
title: Open
clock: 23.976
house: plain
takes: {dusk: {file: dusk.mov, generator: {model: m, prompt: p}}}
cut: [{take: dusk}]
provenance: {aigc: {producer: Studio}}
deliver:
  - {preset: draft, name: open, width: 64, height: 48, container: mkv, audio: {codec: opus, channels: 5.1}}
  - {preset: draft, name: box, width: 64, height: 48, audio: {codec: opus}}
"""
CAPTIONED = JOB + "captions: [{file: lines.srt, language: en, track: true}]\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mkv")
    sound = SoundRecipe("tone", "pcm_s16le")
    make_clip(folder / "dusk.mov", ClipRecipe("dusk", 64, 48, Fraction(24), 24, sound=sound))
    (folder / "job.yaml").write_text(JOB)
    (folder / "captioned.yaml").write_text(CAPTIONED)
    (folder / "lines.srt").write_text("1\n00:00:00,100 --> 00:00:00,900\nHello there\n")
    return folder


def finish(folder: Path, job: str = "job.yaml") -> Answer:
    return answerprint(
        folder, "finish", folder / job, "-o", folder / "out", "--store", folder / "store", "--json"
    )


@pytest.mark.slow
def test_a_film_in_matroska_is_signed_beside_itself(folder: Path) -> None:
    made = finish(folder)
    films = {row["name"]: row for row in made.data["deliverables"]}
    assert films["open"]["signed"] is True
    assert films["open"]["samples"] == films["box"]["samples"] == films["open"]["frames"] * 2002
    assert "mkv holds no credentials and no XMP (IPTC fields): its manifest is open.c2pa" in made.out
    out = folder / "out"
    names = {path.name for path in out.iterdir()}
    assert {"open.mkv", "open.c2pa", "box.mp4"} <= names
    assert "box.c2pa" not in names
    with av.open(out / "open.mkv") as container:
        assert json.loads(container.metadata["AIGC"])["ContentProducer"] == "Studio"
    told = answerprint(folder, "verify", out / "open.mkv", "--json")
    report = json.loads(told.out)
    assert (told.code, report["integrity"], report["chain"], report["unhashed"]) == (0, "intact", "sound", [])
    assert report["conformance"]["failed"] == []
    before = (out / "open.c2pa").read_bytes(), (out / "open.mkv").read_bytes()
    assert finish(folder).code == 0
    assert ((out / "open.c2pa").read_bytes(), (out / "open.mkv").read_bytes()) == before


def test_a_track_of_captions_is_refused_in_matroska_before_anything_is_made(folder: Path) -> None:
    answer = finish(folder, "captioned.yaml")
    assert answer.code == 2
    assert "no track of captions is written into mkv; expected mp4 | mov, got open.mkv" in answer.said
