"""Reads clips as arrays for the benchmarks, and applies FFmpeg's filters to them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np

from post.stage import Planes16
from post.values.array import Array

# Scenes with steady light. Knobs were chosen on the first half; the second half is only reported.
FIT = ("footage/rio_drone_720p.mp4", "ai_clips/ltx2_guitar_teacher.mp4")
HELD_OUT = (
    "footage/sam2_blocks_topdown.mp4",
    "ai_clips/ltx2_couple_dialogue.mp4",
    "ai_clips/ltx2_official_teacher.mp4",
)
# R'G'B' to Y'CbCr, BT.709.
MATRIX = np.array(
    [
        [0.2126, 0.7152, 0.0722],
        [-0.2126 / 1.8556, -0.7152 / 1.8556, 0.5],
        [0.5, -0.7152 / 1.5748, -0.0722 / 1.5748],
    ]
)


def scenes(given: list[str]) -> dict[str, Path]:
    """Returns clips by their label: the given ones, or the shared ones, in two halves."""
    if given:
        return {Path(name).stem: Path(name) for name in given}
    root = Path(os.environ["ANSWERPRINT_MEDIA"])
    halves = (("fit", FIT), ("held out", HELD_OUT))
    return {f"{half}: {Path(name).stem}": root / name for half, names in halves for name in names}


def rgb_frames(path: Path, count: int, size: tuple[int, int]) -> Array:
    """Returns (count, height, width, 3) float64 display-encoded R'G'B', 0..1. size: width, height."""
    frames = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            frames.append(frame.to_ndarray(width=size[0], height=size[1], format="rgb24") / 255)
            if len(frames) == count:
                break
    return np.array(frames)


def yuv_frames(path: Path, first: int, count: int) -> list[tuple[Array, Array, Array]]:
    """Returns 8-bit 4:2:0 planes of a clip's frames."""
    frames: list[tuple[Array, Array, Array]] = []
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number >= first:
                frames.append(_planes(frame.to_ndarray(format="yuv420p"), frame.height))
            if len(frames) == count:
                break
    return frames


def _planes(flat: Array, height: int) -> tuple[Array, Array, Array]:
    half = (height // 2, flat.shape[1] // 2)
    y, chroma = flat[:height], flat[height:].reshape(2, *half)
    return y.copy(), chroma[0].copy(), chroma[1].copy()


def coded(rgb: Array) -> Planes16:
    """Returns a frame as in an 8-bit 4:4:4 file, in the 16-bit codes of repairs."""
    ycc = rgb @ MATRIX.T
    y, cb, cr = 16 + 219 * ycc[..., 0], 128 + 224 * ycc[..., 1], 128 + 224 * ycc[..., 2]
    y16, cb16, cr16 = (np.rint(plane).astype(np.uint16) << 8 for plane in (y, cb, cr))
    return y16, cb16, cr16


def shown(planes: Planes16) -> Array:
    """Returns R'G'B' of 16-bit codes, clipped as on a screen."""
    y, cb, cr = (plane / 256 for plane in planes)
    ycc = np.stack([(y - 16) / 219, (cb - 128) / 224, (cr - 128) / 224], axis=-1)
    return np.asarray(np.clip(ycc @ np.linalg.inv(MATRIX).T, 0, 1))


def through(filters: str, raw: bytes, kind: str, size: tuple[int, int], out: str) -> bytes:
    """Returns raw frames after FFmpeg's filters. kind, out: pixel formats; size: width, height."""
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "rawvideo", "-pix_fmt", kind,
        "-s", f"{size[0]}x{size[1]}", "-r", "25", "-i", "-", "-vf", filters,
        "-f", "rawvideo", "-pix_fmt", out, "-",
    ]  # fmt: skip
    return subprocess.run(command, input=raw, capture_output=True, check=True).stdout
