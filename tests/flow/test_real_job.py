"""A film cut from real clips of generators and a phone, finished, and checked with independent tools."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import imageio_ffmpeg
import pytest

from tests.flow.commands import answerprint

JOB = """
schema: Job.2
title: Real clips
clock: 24
house: daylight
takes:
  dog: {root}/ai_clips/ltx2_dog_snow.mp4
  ship: {root}/ai_clips/cogvideox_1.mp4
  avatar: {root}/ai_clips/heygen_avatar_a_362x380.mp4
  phone: {{file: {root}/footage/phone_dog_1080p_vfr.mp4, camera: true}}
  penguins: {root}/ai_clips/moviegen_penguins_5s.mp4
  toon: {root}/ai_clips/diffsynth_toon_dog_mpeg4.mp4
  motorcycle: {root}/ai_clips/longcat_vc_motorcycle_480sq.mp4
  signed: {root}/c2pa/video1.mp4
cut:
  - {{take: dog, in: 0.5s, length: 1.5s}}
  - {{take: ship, length: 1s, transition: 8f}}
  - {{take: avatar, in: 2s, length: 1s, fit: fit}}
  - {{take: phone, length: 1s}}
  - {{take: penguins, in: 4s, speed: "0s:1, 0.5s:0.5:smooth", sampling: blend}}
  - {{take: toon, length: 1s}}
  - {{take: motorcycle, in: 1s, length: 1s}}
  - {{take: signed, length: 1s}}
titles:
  - {{text: Eight clips, at: 0.5s, length: 2s}}
sound:
  music:
    - {{file: {root}/audio_music/sonicpi_loop_tabla.flac, gain: -12 dB, loop: true, fade_out: 1s}}
deliver:
  - {{preset: social-16x9, picture: {{preset: ultrafast}}}}
  - {{preset: social-9x16, picture: {{preset: ultrafast}}}}
"""

pytestmark = [pytest.mark.media, pytest.mark.slow]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("real")


@pytest.fixture(scope="module")
def finished(work: Path, media: Callable[[str], Path], pytestconfig: pytest.Config) -> dict[str, Any]:
    root = media("MANIFEST.tsv").parent
    (work / "job.yaml").write_text(JOB.format(root=root))
    return answer(
        work, "finish", str(work / "job.yaml"), "-o", str(work / "out"), "--store", str(work / "store")
    )


def answer(work: Path, *arguments: str) -> dict[str, Any]:
    data: dict[str, Any] = answerprint(work, *arguments, "--json").data
    return data


def each(finished: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = finished["deliverables"]
    return rows


def test_sizes_frames_and_samples_are_as_planned(finished: dict[str, Any], work: Path) -> None:
    planned = answer(work, "plan", str(work / "job.yaml"), "--store", str(work / "store"))
    frames = {row["name"]: row["frames"] for row in planned["deliverables"]}
    assert [(row["width"], row["height"]) for row in each(finished)] == [(1920, 1080), (1080, 1920)]
    for row in each(finished):
        assert row["fps"] == "24/1"
        assert row["frames"] == frames[row["name"]]
        assert row["samples"] == row["frames"] * 2000
    assert all(row["cached"] == row["segments"] for row in planned["deliverables"])


def test_an_independent_decoder_sees_the_same_frames(finished: dict[str, Any]) -> None:
    for row in each(finished):
        lines = ffmpeg("-i", row["path"], "-map", "0:v", "-f", "framemd5", "-").splitlines()
        theirs = [line.split(",")[-1].strip() for line in lines if not line.startswith("#")]
        stamps = [int(line.split(",")[2]) for line in lines if not line.startswith("#")]
        with av.open(row["path"]) as container:
            ours = [hashlib.md5(whole(frame)).hexdigest() for frame in container.decode(video=0)]
        assert ours == theirs
        assert stamps == list(range(row["frames"]))


def whole(frame: av.VideoFrame) -> bytes:
    return frame.to_ndarray().tobytes()


def test_an_independent_decoder_hears_every_sample(finished: dict[str, Any]) -> None:
    for row in each(finished):
        pcm = ffmpeg_bytes("-i", row["path"], "-map", "0:a", "-f", "f32le", "-")
        assert len(pcm) // 8 == row["samples"]


def test_all_four_colour_tags_are_written(finished: dict[str, Any]) -> None:
    for row in each(finished):
        with av.open(row["path"]) as container:
            context = container.streams.video[0].codec_context
            tags = context.color_primaries, context.color_trc, context.colorspace, context.color_range
        assert tags == (1, 1, 1, 1)


def test_an_independent_meter_agrees_on_the_decoded_file(finished: dict[str, Any]) -> None:
    for row in each(finished):
        told = ffmpeg_told("-i", row["path"], "-map", "0:a", "-af", "ebur128=peak=true", "-f", "null", "-")
        summary = told[told.rindex("Summary:") :]
        loudness = float(summary.split("I:")[1].split()[0])
        peak = float(summary.split("Peak:")[1].split()[0])
        assert loudness == pytest.approx(-14, abs=0.2)
        assert row["loudness_lufs"] == pytest.approx(-14, abs=0.2)
        assert peak <= -0.9
        assert row["true_peak_dbtp"] <= -1


def test_verify_finds_the_film_intact(finished: dict[str, Any], work: Path) -> None:
    for row in each(finished):
        report = answer(work, "verify", row["path"])
        assert (report["integrity"], report["signer"], report["chain"]) == ("intact", "trusted", "sound")
        assert (report["conformance"]["passed"], report["conformance"]["total"]) == (31, 31)
        assert report["unhashed"] == []
        assert report["ai"]["source_type"].endswith("compositeWithTrainedAlgorithmicMedia")


def test_every_take_is_an_ingredient_and_brings_its_own_manifest(
    finished: dict[str, Any], work: Path
) -> None:
    report = answer(work, "verify", each(finished)[0]["path"])
    text = json.dumps(report["manifests"])
    receipt = json.loads(Path(finished["receipt"]).read_text())["receipts"][0]
    names = [part["title"] for part in receipt["ingredients"]]
    assert names[:8] == [
        "ltx2_dog_snow.mp4", "cogvideox_1.mp4", "heygen_avatar_a_362x380.mp4", "phone_dog_1080p_vfr.mp4",
        "moviegen_penguins_5s.mp4", "diffsynth_toon_dog_mpeg4.mp4", "longcat_vc_motorcycle_480sq.mp4",
        "video1.mp4",
    ]  # fmt: skip
    assert all(name in text for name in names[:8])
    assert any("TestApp" in str(manifest.get("generator", "")) for manifest in report["manifests"])


def test_a_second_run_renders_nothing_and_gives_the_same_film(finished: dict[str, Any], work: Path) -> None:
    again = answer(
        work, "finish", str(work / "job.yaml"), "-o", str(work / "again"), "--store", str(work / "store")
    )
    for a, b in zip(each(finished), each(again), strict=True):
        assert b["reused"] == b["segments"]
        assert a["unsigned_sha256"] == b["unsigned_sha256"]


def ffmpeg(*arguments: str) -> str:
    return ffmpeg_bytes(*arguments).decode()


def ffmpeg_bytes(*arguments: str) -> bytes:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *arguments]
    return subprocess.run(command, capture_output=True, check=True).stdout


def ffmpeg_told(*arguments: str) -> str:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostats", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr
