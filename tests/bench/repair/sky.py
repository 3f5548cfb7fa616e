"""Deband: a sky of known brightness rounded to 8 bits, repaired, graded, at 10 bits."""

from __future__ import annotations

from functools import cache
from time import process_time

import numpy as np

from post.measure import cambi
from post.picture.colour.look import Look
from post.picture.kernel import KernelSpec, Lut3D, Planes, bake_lut, new_planes, open_kernel
from post.picture.repair.deband import Deband
from post.render.repair import dither_to_ten_bits
from post.values.array import Array
from post.values.colour import BT709
from tests.bench.repair.clips import through

SIZE = (1920, 1080)
GOAL = {"cambi": 2.0}
CONTRASTS = (0.7, 0.9, 1.0, 1.35)
SKIES = {"deep": (70, 150, 1.6), "steep": (60, 200, 1.0), "pale": (100, 125, 1.2)}
TO_TEN = "format=yuv420p10le,{},format=gray10le"
PEERS = {
    "ffmpeg deband": TO_TEN.format("deband=1thr=0.015:2thr=0.015:3thr=0.015:range=24"),
    "ffmpeg gradfun": "gradfun=strength=1.2:radius=16,format=gray10le",
}


def run(name: str) -> dict[str, dict[str, float]]:
    """Returns cambi, after the grade, and error, the rms before it from the true brightness, in 8-bit codes."""
    truth = sky(*SKIES[name])
    source = np.rint(truth).astype(np.uint8)
    sixteen, neutral = (
        source.astype(np.uint16) << 8,
        np.full((SIZE[1] // 2, SIZE[0] // 2), 1 << 15, np.uint16),
    )
    started = process_time()
    filled = Deband().repair(0, {0: (sixteen, neutral, neutral)})[0]
    spent = 1000 * (process_time() - started)
    ten = dither_to_ten_bits(filled, 0, 0)
    found = {
        "in": {"cambi": cambi(source, 8), "error": _error(source, truth)},
        "untouched": {"cambi": graded(source.astype(np.uint16) << 2)},
        "answerprint": {"cambi": graded(ten), "error": _error(ten / 4, truth), "cpu_ms": spent},
    }
    for peer, filters in PEERS.items():
        out = np.frombuffer(through(filters, source.tobytes(), "gray", SIZE, "gray10le"), np.uint16)
        luma = out.reshape(truth.shape)
        found[peer] = {"cambi": graded(luma), "error": _error(luma / 4, truth)}
    return found


def sky(low: float, high: float, power: float) -> Array:
    """Returns (height, width) float64 in 8-bit codes: darker at the top, slightly slanted."""
    y, x = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    share = np.clip(y / SIZE[1] + 0.06 * np.sin(x / SIZE[0] * 2.2), 0, 1.2) / 1.2
    return np.asarray(low + (high - low) * share**power)


def graded(ten: Array) -> float:
    """Returns the worst CAMBI of 10-bit luma after the kernel's grades to 10 bits, with dither.

    Some grades are softer, because CAMBI does not count steps above 4 codes, which more contrast would make.
    """
    return max(_graded(ten, contrast) for contrast in CONTRASTS)


def _graded(ten: Array, contrast: float) -> float:
    chroma = np.full((SIZE[1] // 2, SIZE[0] // 2), 512, np.uint16)
    out = new_planes(SIZE[1], SIZE[0], 10, "420")
    kernel = open_kernel(KernelSpec(10, 10, "420", BT709, BT709))
    kernel.grade(Planes(np.ascontiguousarray(ten), chroma, chroma), out, _table(contrast), None, 0)
    return cambi(out.y, 10)


@cache
def _table(contrast: float) -> Lut3D:
    return bake_lut(Look(contrast=contrast).colour, BT709, BT709)


def _error(luma: Array, truth: Array) -> float:
    return float(np.sqrt(np.mean((luma - truth) ** 2)))
