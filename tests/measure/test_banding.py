"""CAMBI against libvmaf's own, and the order it puts pictures in."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from post.measure import Banding, Unmeasured, cambi
from post.values.array import Array
from tests.measure.made import frames_of, photograph, show, sky


def shown(luma: Array) -> Array:
    return np.asarray(np.rint(luma), np.uint8)


PICTURES: dict[str, tuple[Array, int]] = {
    "8-bit sky": (sky(8), 8),
    "8-bit sky, odd size": (sky(8, 251, 363), 8),
    "upright sky": (sky(8, 480, 216), 8),
    "shallow sky": (sky(8, rise=8), 8),
    "a little dither": (sky(8, dither=0.3), 8),
    "dithered sky": (sky(8, dither=0.5), 8),
    "10-bit sky": (sky(10), 10),
    "10 bits of 8": (sky(8).astype(np.uint16) * 4, 10),
    "steep 10-bit sky": (sky(10, rise=160), 10),
    "white": (np.full((270, 480), 235, np.uint8), 8),
    "photograph": (shown(photograph("astronaut")), 8),
    "photograph, banded": (shown(photograph("chelsea") // 6 * 6), 8),
}


@cache
def ffmpeg() -> str:
    """A binary that has libvmaf; skips where there is none."""
    found = pytest.importorskip("imageio_ffmpeg").get_ffmpeg_exe()
    filters = subprocess.run([found, "-hide_banner", "-filters"], capture_output=True, text=True, check=True)
    if " libvmaf " not in filters.stdout:
        pytest.skip("this ffmpeg has no libvmaf")
    return str(found)


def libvmaf(luma: Array, depth: int, folder: Path) -> float:
    """cambi of libvmaf itself. The picture goes in as YUV: as grey it would be taken for full range."""
    height, width = luma.shape
    neutral = np.full(2 * ((height + 1) // 2) * ((width + 1) // 2), 128 << (depth - 8), luma.dtype)
    (folder / "raw").write_bytes(luma.tobytes() + neutral.tobytes())
    kind = "yuv420p" if depth == 8 else "yuv420p10le"
    given = ["-f", "rawvideo", "-pix_fmt", kind, "-s", f"{width}x{height}", "-i", "raw"]
    graph = "[0:v][1:v]libvmaf=feature=name=cambi:log_fmt=json:log_path=log"
    subprocess.run(
        [ffmpeg(), "-v", "error", *given, *given, "-lavfi", graph, "-f", "null", "-"], cwd=folder, check=True
    )
    frames = json.loads((folder / "log").read_text())["frames"]
    return float(frames[0]["metrics"]["cambi"])


@pytest.mark.parametrize("name", PICTURES)
def test_it_agrees_with_libvmaf(name: str, tmp_path: Path) -> None:
    luma, depth = PICTURES[name]
    assert cambi(luma, depth) == pytest.approx(libvmaf(luma, depth, tmp_path), abs=1e-5)


def test_dither_and_depth_take_banding_away() -> None:
    banded, soft, deep = (cambi(*PICTURES[name]) for name in ("8-bit sky", "dithered sky", "10-bit sky"))
    assert banded > 20
    assert soft < 0.01
    assert deep < 8


def test_twelve_bits_are_read_as_ten() -> None:
    luma, _ = PICTURES["10-bit sky"]
    assert cambi(luma * 4, 12) == pytest.approx(cambi(luma, 10))


def test_a_clip_is_the_mean_of_its_frames() -> None:
    lumas = [sky(8).astype(float)] * 5 + [sky(8, dither=0.5).astype(float)] * 4
    found = show("banding", frames_of(lumas))
    assert isinstance(found, Banding)
    assert found.worst == pytest.approx(cambi(sky(8), 8))
    assert found.cambi == pytest.approx(2 / 3 * found.worst, abs=0.01)


def test_one_frame_is_enough() -> None:
    assert show("banding", frames_of([sky(8).astype(float)])).worst > 20


def test_a_picture_too_small_to_see_is_unmeasured() -> None:
    found = show("banding", frames_of([sky(8, 120, 200).astype(float)] * 3))
    assert isinstance(found, Unmeasured)
    assert "216" in found.why
