"""Computes test sound beside the signals of the conformance kit, and measures with ffmpeg."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import imageio_ffmpeg
import numpy as np

from post.measure.meter_kit.signals import RATE, sequence, spliced, tapered, tone
from post.values.array import Array

__all__ = ["RATE", "decoded", "ffmpeg", "noise", "second_opinion", "sequence", "spliced", "tapered", "tone"]


def noise(seconds: float, channels: int = 2, seed: int = 1, rate: int = RATE) -> Array:
    """Returns Gaussian noise of -20 dB RMS, float32."""
    made = np.random.default_rng(seed).standard_normal((round(seconds * rate), channels))
    return (made * 0.1).astype(np.float32)


def ffmpeg(arguments: Sequence[str], stdin: bytes = b"") -> tuple[bytes, str]:
    """Runs the independent ffmpeg binary; returns (stdout, stderr)."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostats", *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, check=True)
    return done.stdout, done.stderr.decode()


def decoded(path: Path, rate: int, channels: int) -> Array:
    """Returns a file's sound, decoded by the independent ffmpeg: (samples, channels) float32."""
    raw = ["-f", "f32le", "-ar", str(rate), "-ac", str(channels), "-"]
    return np.frombuffer(ffmpeg(["-i", str(path), *raw])[0], np.float32).reshape(-1, channels)


def second_opinion(pcm: Array, rate: int) -> tuple[float, float, float]:
    """Returns (integrated LUFS, range LU, true peak dBTP) of PCM by FFmpeg's ebur128."""
    given = ["-f", "f32le", "-ar", str(rate), "-ac", str(pcm.shape[1]), "-i", "-"]
    heard = pcm.astype(np.float32).tobytes()
    said = ffmpeg([*given, "-af", "ebur128=peak=true", "-f", "null", "-"], heard)[1]
    summary = said[said.rindex("Summary:") :]
    integrated, span, peak = (_number(summary, name) for name in ("I:", "LRA:", "Peak:"))
    return integrated, span, peak


def _number(text: str, name: str) -> float:
    found = re.search(rf"{name}\s+(-?[\d.]+|-inf)", text)
    assert found is not None, text
    return float(found[1])
