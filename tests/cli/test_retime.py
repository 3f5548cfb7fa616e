"""The verb `retime`: one clip at another speed, read back by the numbers in its frames."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from post.cli.app import run
from post.takes.frame_planes import luma
from post.takes.made.scenes import Image
from post.takes.made.synthetic import make_clip
from tests.made.numbered import number_of, numbered_clip, small


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return numbered_clip(tmp_path_factory.mktemp("clip") / "one.mp4", small(gop=99, b_frames=2))


def frames(path: Path) -> list[av.VideoFrame]:
    with av.open(path) as container:
        return list(container.decode(video=0))


def made(capfd: pytest.CaptureFixture[str], clip: Path, out: Path, *words: str) -> Any:
    assert run(["retime", str(clip), "-o", str(out), "--json", *words]) == 0
    return json.loads(capfd.readouterr().out)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (["--speed", "2"], [*range(0, 40, 2)]),
        (["--speed", "0.5", "--length", "6f"], [0, 1, 1, 2, 2, 3]),
        (["--reverse", "--length", "5f"], [39, 38, 37, 36, 35]),
        (["--fit", "20f", "--freeze", "4f"], [*(round(n * 2.5 + 0.01) for n in range(16)), *[38] * 4]),
    ],
)
def test_its_frames_are_those_of_its_speed(
    clip: Path, tmp_path: Path, words: list[str], numbers: list[int], capfd: pytest.CaptureFixture[str]
) -> None:
    data = made(capfd, clip, tmp_path / "out.mkv", *words)
    assert data["frames"] == len(numbers)
    assert (data["width"], data["height"], data["fps"]) == (192, 96, "24/1")
    assert [number_of(frame) for frame in frames(tmp_path / "out.mkv")] == numbers


def test_nothing_is_lost_of_frames_that_are_shown_as_they_are(
    clip: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.mkv"
    made(capfd, clip, out, "--speed", "-1")
    with av.open(out) as container:
        assert container.streams.video[0].codec_context.name == "ffv1"
    pairs = zip(frames(out), reversed(frames(clip)), strict=True)
    assert all((a.to_ndarray() == b.to_ndarray()).all() for a, b in pairs)


def test_blended_frames_are_mixed(clip: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.mkv"
    assert (
        made(capfd, clip, out, "--speed", "0.5", "--quality", "blend", "--length", "4f")["quality"] == "blend"
    )
    first, mixed, second = (frame.to_ndarray().astype(float) for frame in frames(out)[:3])
    assert abs(mixed - (first + second) / 2).max() <= 2


@pytest.mark.parametrize(
    ("words", "out", "fault"),
    [
        (["--quality", "best"], "out.mkv", "--quality: unknown way; expected"),
        ([], "out.mp4", "-o: not a clip's name; expected a name ending in .mkv, got out.mp4"),
        (["--speed", "40"], "out.mkv", "out of range; expected 0.1 to 16"),
        (
            ["--length", "3s"],
            "out.mkv",
            "the clip is too short; expected at most 1.667 s (40 frames) at this speed",
        ),
        (["--speed", "0s:1, 1s:0"], "out.mkv", "the shot never ends: its speed stays at 0"),
        (["--length", "3"], "out.mkv", "--length: not a time"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is_written(
    clip: Path, tmp_path: Path, words: list[str], out: str, fault: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["retime", str(clip), "-o", str(tmp_path / out), *words]) == 2
    assert fault in capfd.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_missing_clip_is_a_source_that_cannot_be_read(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["retime", str(tmp_path / "none.mp4"), "-o", str(tmp_path / "out.mkv")]) == 3
    assert "none.mp4" in capfd.readouterr().err


def moving_texture(number: float) -> Image:
    """Returns a texture that moves right by 4 pixels a frame, (96, 192, 3) float32."""
    fine = np.random.default_rng(7).random((24, 80)).astype(np.float32)
    wide = cv2.resize(fine, (320, 96), interpolation=cv2.INTER_CUBIC)
    shift = np.array([[1, 0, 4 * number - 100], [0, 1, 0]], np.float32)
    seen = np.asarray(cv2.warpAffine(wide, shift, (192, 96), flags=cv2.INTER_LINEAR))
    return np.repeat(np.clip(seen, 0, 1)[..., None] * 0.7 + 0.15, 3, axis=-1).astype(np.float32)


@pytest.fixture(scope="module")
def textured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip of a texture that moves, and of 12 frames of another one, turned over, from frame 12 on."""

    def scene(number: int) -> Image:
        return moving_texture(number) if number < 12 else 1 - moving_texture(number)[::-1]

    return make_clip(tmp_path_factory.mktemp("moving") / "two.mp4", small(frames=24), scene)


@pytest.mark.parametrize("quality", ["draft", "flow"])
def test_frames_between_are_made_by_motion_and_not_mixed(
    textured: Path, tmp_path: Path, quality: str, capfd: pytest.CaptureFixture[str]
) -> None:
    found = {}
    for way in ("blend", quality):
        made(capfd, textured, tmp_path / f"{way}.mkv", "--speed", "0.5", "--quality", way, "--length", "12f")
        found[way] = [luma(frame).astype(float) for frame in frames(tmp_path / f"{way}.mkv")]
    source = [luma(frame).astype(float) for frame in frames(textured)]
    assert all((found[quality][2 * number] == source[number]).all() for number in range(6))
    truth = moving_texture(2.5)[..., 0] * 219 + 16
    off = {way: np.abs(planes[5] - truth)[8:-8, 16:-16].mean() for way, planes in found.items()}
    assert off[quality] < off["blend"] / 2


@pytest.mark.parametrize("quality", ["blend", "flow"])
def test_nothing_is_made_across_a_cut(
    textured: Path, tmp_path: Path, quality: str, capfd: pytest.CaptureFixture[str]
) -> None:
    made(capfd, textured, tmp_path / "out.mkv", "--speed", "0.5", "--quality", quality, "--length", "26f")
    shown, source = frames(tmp_path / "out.mkv"), frames(textured)
    assert (luma(shown[23]) == luma(source[12])).all()
