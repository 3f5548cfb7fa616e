"""Computes test sound, the signals of EBU Tech 3341 and 3342 (2023), and measures with ffmpeg."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from scipy.signal import fftconvolve, firwin

from post.values.array import Array

RATE = 48000


def tone(
    level_db: float,
    seconds: float,
    *,
    hz: float = 1000.0,
    rate: int = RATE,
    degrees: float = 0.0,
    first: int = 0,
) -> Array:
    """Returns a sine of that peak level, (samples, 1) float64, its phase counted from sample -first."""
    n = np.arange(round(seconds * rate)) + first
    made: Array = 10 ** (level_db / 20) * np.sin(2 * np.pi * hz * n / rate + np.deg2rad(degrees))
    return made[:, None]


def sequence(*parts: tuple[float | None, float], rate: int = RATE, channels: int = 2) -> Array:
    """Returns 1 kHz in all channels, in parts of (dBFS or None for silence, seconds), without a break in phase."""
    made, first = list[Array](), 0
    for level_db, seconds in parts:
        samples = round(seconds * rate)
        length = samples / rate
        made.append(
            np.zeros((samples, 1)) if level_db is None else tone(level_db, length, rate=rate, first=first)
        )
        first += samples
    return np.repeat(np.concatenate(made), channels, axis=1)


def tapered(pcm: Array, rate: int = RATE) -> Array:
    """Returns sound with fades of 10 ms, which Tech 3341 asks for in true-peak signals."""
    n = rate // 100
    ramp = (0.5 - 0.5 * np.cos(np.pi * np.arange(n) / n))[:, None]
    held = pcm.copy()
    held[:n] *= ramp
    held[-n:] *= ramp[::-1]
    return held


def spliced(offset: int) -> Array:
    """Returns Tech 3341 cases 20 to 23: one period of fs/4 at full scale in a tone of fs/6 at half, made at 4 fs,
    low-passed and decimated from `offset`. True peak 0 dBTP, sample peaks well below."""
    fine = 4 * RATE
    k = fine // 2 // 24 * 24
    low = 0.5 * np.sin(2 * np.pi * np.arange(fine) / 24)
    burst = np.sin(2 * np.pi * np.arange(16) / 16)
    made = tapered(np.concatenate([low[:k], burst, low[k:]])[:, None], fine)[:, 0]
    filtered = fftconvolve(made, firwin(1023, 20000, fs=fine, window=("kaiser", 8.6)), mode="same")
    return np.repeat(filtered[offset::4][:, None], 2, axis=1)


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
