"""Degrain: white noise of 2.5 codes on a clip's own frames, 40.2 dB; nearness of luma to the frames before it.

The strength is what `grain` measures of the noisy frames, as in a job that names none, and what comes out is
rounded to 8 bits, as FFmpeg's filters round it.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from time import process_time

import numpy as np

from post.measure.fact import ClipLength
from post.measure.frames import Frame, Step
from post.measure.grain.strength import GrainMeasure, MeasuredGrain
from post.picture.repair.degrain import Degrain
from post.plan.grain_transfer import measured_strength
from post.plan.repair import LEVELS
from post.values.array import Array
from tests.bench.repair.clips import through, yuv_frames

SIGMA, FIRST, COUNT = 2.5, 20, 14
LOOKED_AT = range(6, 8)  # away from both ends, where filters with a longer memory work best
GOAL = {"psnr_db": 45.2}
PEERS = ("atadenoise=s=9", "atadenoise=0a=0.05:0b=0.1:s=5", "hqdn3d")
Frames = list[tuple[Array, Array, Array]]


def run(path: Path) -> dict[str, dict[str, float]]:
    """Returns the mean PSNR of luma in dB, by method; cpu_ms: for a frame of the clip's size; sigma: the measured
    strength, where it is largest, of the true SIGMA."""
    clean = yuv_frames(path, FIRST, COUNT)
    noisy = _noisy(clean)
    sigma = measured(noisy)
    stage = Degrain(sigma=sigma)
    near = {
        i: (y.astype(np.uint16) << 8, cb.astype(np.uint16) << 8, cr.astype(np.uint16) << 8)
        for i, (y, cb, cr) in enumerate(noisy)
    }
    started = process_time()
    mended = {i: stage.repair(i, {j: near[j] for j in range(i - 2, i + 3)})[0] for i in LOOKED_AT}
    spent = 1000 * (process_time() - started) / len(LOOKED_AT)
    ours = {i: np.rint(plane / 256) for i, plane in mended.items()}
    found = {
        "in": _psnr({i: noisy[i][0] for i in LOOKED_AT}, clean),
        "answerprint": _psnr(ours, clean) | {"cpu_ms": spent, "sigma": max(sigma, default=0.0)},
    }
    return found | {f"ffmpeg {name}": _psnr(_peer(noisy, name), clean) for name in PEERS}


def measured(frames: Frames) -> tuple[float, ...]:
    """Returns the grain's strength by brightness, as a job's `degrain` gets it; () where it cannot be measured."""
    one, before = GrainMeasure(ClipLength(len(frames), Fraction(25))), None
    for number, (y, cb, cr) in enumerate(frames):
        frame = Frame(number, y, (cb, cr), 8, "limited")
        one.see(Step(before, frame))
        before = frame
    found = one.found({})
    return (
        tuple(np.round(measured_strength(found, LEVELS), 2).tolist())
        if isinstance(found, MeasuredGrain)
        else ()
    )


def _noisy(frames: Frames) -> Frames:
    rng = np.random.default_rng(0)

    def add(plane: Array, sigma: float) -> Array:
        return np.clip(np.rint(plane + rng.normal(0, sigma, plane.shape)), 0, 255).astype(np.uint8)

    return [(add(y, SIGMA), add(cb, SIGMA / 2), add(cr, SIGMA / 2)) for y, cb, cr in frames]


def _peer(frames: Frames, filters: str) -> dict[int, Array]:
    height, width = frames[0][0].shape
    raw = b"".join(plane.tobytes() for frame in frames for plane in frame)
    out = np.frombuffer(through(filters, raw, "yuv420p", (width, height), "yuv420p"), np.uint8)
    flat = out.reshape(-1, height * 3 // 2, width)
    return {i: flat[i, :height] for i in LOOKED_AT}


def _psnr(lumas: dict[int, Array], clean: Frames) -> dict[str, float]:
    errors = [np.mean((luma - clean[i][0].astype(float)) ** 2) for i, luma in lumas.items()]
    return {"psnr_db": float(np.mean([10 * np.log10(255**2 / error) for error in errors]))}
