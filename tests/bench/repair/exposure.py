"""Deflicker: 100 frames, flicker of 2.5 % of light and a drift of +18 % in red and -14 % in blue, 8 bits."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from time import process_time

import numpy as np

from post.measure.fact import ClipLength
from post.measure.flicker import Flicker, FlickerMeasure
from post.measure.frames import Frame, Step
from post.picture.repair.deflicker import Deflicker, relight
from post.stage import Planes16
from post.values.array import Array
from tests.bench.repair.clips import coded, rgb_frames, shown, through

COUNT, SIZE = 100, (320, 180)
GOAL = {"flicker_pct": 0.6, "drift_pct": 3.1}
RATE = Fraction(25)


def light(signal: Array) -> Array:
    """IEC 61966-2-1, 5.2."""
    return np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4)


def signal(light_: Array) -> Array:
    power = np.maximum(light_, 0) ** (1 / 2.4)
    return np.where(light_ <= 0.0031308, light_ * 12.92, 1.055 * power - 0.055)


def run(path: Path) -> dict[str, dict[str, float]]:
    """Returns the remaining flicker and drift, by method; cpu_ms: of measuring one frame."""
    clean = rgb_frames(path, COUNT, SIZE)
    bad = degraded(clean)
    started = process_time()
    found = measured([coded(frame) for frame in bad])
    spent = 1000 * (process_time() - started) / len(bad)
    usual = Deflicker()
    return {
        "in": left(bad, clean),
        "answerprint (all of both)": left(mended(bad, found, 1, 1), clean) | {"cpu_ms": spent},
        "answerprint (as it comes)": left(mended(bad, found, usual.flicker, usual.drift), clean),
        "ffmpeg deflicker": left(peer(bad), clean),
    }


def degraded(frames: Array) -> Array:
    rng, count = np.random.default_rng(0), len(frames)
    flicker = rng.normal(0, 0.025, (count, 1)) + rng.normal(0, 0.008, (count, 3))
    drift = np.linspace(0, 1, count)[:, None] * np.array([0.18, 0.02, -0.14])
    gains = np.exp(flicker + drift)[:, None, None, :]
    return np.asarray(np.rint(np.clip(signal(light(frames) * gains), 0, 1) * 255) / 255)


def mended(frames: Array, found: Flicker, flicker: float, drift: float) -> Array:
    """Returns frames with shares of their flicker and of their drift removed, as a screen shows them in 8 bits."""
    courses = flicker * np.array(found.quick) + drift * np.array(found.slow)
    made = [shown(mend(coded(frame), course)) for frame, course in zip(frames, courses, strict=True)]
    return np.asarray(np.rint(np.array(made) * 255) / 255)


def mend(planes: Planes16, course: Array) -> Planes16:
    red, green, blue = np.exp(-course).tolist()
    y, cb, cr = relight(planes, (red, green, blue))
    # At 10 bits, as the kernel reads it.
    return y >> 6 << 6, cb >> 6 << 6, cr >> 6 << 6


def measured(planes: list[Planes16]) -> Flicker:
    one = FlickerMeasure(ClipLength(len(planes), RATE))
    before = None
    for number, (y, cb, cr) in enumerate(planes):
        eight = [(plane >> 8).astype(np.uint8) for plane in (y, cb, cr)]
        frame = Frame(number, eight[0], (eight[1], eight[2]), 8, "limited")
        one.see(Step(before, frame))
        before = frame
    found = one.found({})
    assert isinstance(found, Flicker), found
    return found


def peer(frames: Array) -> Array:
    raw = np.rint(frames * 255).astype(np.uint8).tobytes()
    out = through("format=yuv444p,deflicker=size=11:mode=am,format=rgb24", raw, "rgb24", SIZE, "rgb24")
    return np.frombuffer(out, np.uint8).reshape(-1, SIZE[1], SIZE[0], 3) / 255


def left(frames: Array, clean: Array) -> dict[str, float]:
    """Returns flicker_pct, the rms second difference of exposure's error, and drift_pct, from the first frame to the
    last, of the channel where it is largest."""
    error = np.array([_exposure(a) - _exposure(b) for a, b in zip(frames, clean, strict=False)])
    flicker = np.sqrt(np.mean(np.diff(error, 2, axis=0) ** 2))
    return {
        "flicker_pct": 100 * float(flicker),
        "drift_pct": 100 * float(np.abs(error[-1] - error[0]).max()),
    }


def _exposure(frame: Array) -> Array:
    return np.asarray(np.log(light(frame).mean((0, 1)) + 1e-4))
