"""Clips that flash and click together, and where a click lies to a fraction of a sample."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from post.values.array import Array

RATE_HZ = 48_000
HALF = 240  # samples on each side of a click's middle
SIGMA, HZ = 24.0, 2_500  # no codec of ours leaves this band out, and speeds of 1/2 to 2 keep it there
SIZE = (48, 64)


def click(level: float = 0.5) -> Array:
    """Returns a click that is the same forwards and backwards, (2 * HALF + 1,) float32; its middle is its peak."""
    at = np.arange(-HALF, HALF + 1)
    shape = np.exp(-0.5 * (at / SIGMA) ** 2) * np.cos(2 * np.pi * HZ * at / RATE_HZ)
    return (level * shape).astype(np.float32)


def clicks(length: int, middles: Sequence[int], channels: int = 2) -> Array:
    """Returns sound of `length` samples with a click at each of `middles`, (length, channels) float32."""
    pcm = np.zeros((length + 2 * HALF, channels), np.float32)
    for at in middles:
        pcm[at : at + 2 * HALF + 1] += click()[:, None]
    return pcm[HALF : HALF + length]


def make_clapper(path: Path, frames: int, rate: Fraction, every: int) -> Path:
    """Writes a clip that flashes for four frames and clicks once at each `every` frames, and returns `path` (mov)."""
    at_hz = RATE_HZ / rate
    pcm = clicks(round(frames * at_hz), [round(at * at_hz) for at in range(every, frames, every)])
    with av.open(str(path), "w") as out:
        picture = out.add_stream("libx264", rate=rate, options={"crf": "10"})
        picture.height, picture.width = SIZE
        picture.pix_fmt = "yuv420p"
        sound = out.add_stream("pcm_f32le", rate=RATE_HZ, layout="stereo")
        for frame in _pictures(frames, every):
            out.mux(picture.encode(frame))
        out.mux(picture.encode(None))
        for first in range(0, len(pcm), 4096):
            part = np.ascontiguousarray(pcm[first : first + 4096].reshape(1, -1))
            made = av.AudioFrame.from_ndarray(part, "flt", "stereo")
            made.sample_rate, made.pts, made.time_base = RATE_HZ, first, Fraction(1, RATE_HZ)
            out.mux(sound.encode(made))
        out.mux(sound.encode(None))
    return path


def _pictures(frames: int, every: int) -> Iterator[av.VideoFrame]:
    for number in range(frames):
        lit = number % every < 4 and number >= every
        level = 235 if lit else 30
        yield av.VideoFrame.from_ndarray(np.full((*SIZE, 3), level, np.uint8), "rgb24")


def middle_of(pcm: Array, near: int, reach: int = 2 * HALF) -> float:
    """Returns the middle of the click nearest to a sample: the centre of its energy, to a fraction of a sample.

    pcm: (samples,) of one channel. Raises ValueError where there is no click.
    """
    first = max(0, near - reach)
    part = pcm[first : near + reach].astype(np.float64)
    power = part * part
    if power.max() < 0.01:
        raise ValueError(f"no click near sample {near}")
    peak = int(power.argmax())
    a, b = max(0, peak - HALF), peak + HALF + 1
    for _ in range(3):  # around its own middle, so that the window takes no side
        middle = float((np.arange(a, b) * power[a:b]).sum() / power[a:b].sum())
        a, b = max(0, round(middle) - HALF), round(middle) + HALF + 1
        power = np.pad(power, (0, max(0, b - len(power))))
    return first + middle


def lag_of(pcm: Array, truth: Array, near: int, reach: int = 2 * HALF) -> float:
    """Returns how many samples later a click is in one sound than in another, by correlation, to a fraction of one."""
    a, b = max(0, near - reach), near + reach
    heard, wanted = (each[a:b].astype(np.float64) for each in (pcm, truth))
    both = np.correlate(heard, wanted, "full")
    at = int(both.argmax())
    left, middle, right = both[at - 1 : at + 2]
    return at - (len(wanted) - 1) + 0.5 * float((left - right) / (left - 2 * middle + right))
