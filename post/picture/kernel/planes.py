"""Holds planes of samples, and says which kernel a pair of them needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from post.picture.kernel.lut3d import Lut3D
from post.picture.kernel.noise import CrossedNoise, Noise
from post.values.array import Array
from post.values.colour import Colour

Depth = Literal[8, 10, 16]
AnyNoise = Noise | CrossedNoise
MIX_UNIT = 1 << 16


@dataclass(frozen=True, slots=True)
class Planes:
    """One frame of Y'CbCr. Rows may be strided; samples within a row lie next to each other.

    y: (height, width); cb, cr: subsampled as KernelSpec.chroma says. uint8 at 8 bits, else uint16.
    """

    y: Array
    cb: Array
    cr: Array

    def __iter__(self) -> Iterator[Array]:
        return iter((self.y, self.cb, self.cr))


@dataclass(frozen=True, slots=True)
class KernelSpec:
    """What a kernel converts between. A depth of 16 is the intermediate: 10-bit codes times 64, never dithered.

    chroma is left-sited: with 4:2:0 between two rows (H.273 chroma location 0), with 4:2:2 on its row.
    """

    depth_in: Literal[8, 10]
    depth_out: Depth
    chroma: Literal["420", "422"]
    colour_in: Colour
    colour_out: Colour
    dither: bool = True

    def __post_init__(self) -> None:
        if self.colour_out.range != "limited":
            raise ValueError("films are limited range: full-range codes differ between 8 and 10 bits")

    @property
    def rows(self) -> int:
        """Returns how many luma rows there are to a chroma row."""
        return 2 if self.chroma == "420" else 1


class Kernel(Protocol):
    """Turns decoded planes into encoder planes. `seed` is the frame's: of its grain and its dither."""

    def grade(self, source: Planes, out: Planes, lut: Lut3D, noise: AnyNoise | None, seed: int) -> None:
        """Writes `source` through a table into `out`, with grain and dither; a 16-bit `out` gets neither."""

    def finish(self, source16: Planes, out: Planes, noise: AnyNoise | None, seed: int) -> None:
        """Writes a 16-bit intermediate into `out`, with grain and dither."""

    def mix(self, a16: Planes, b16: Planes, weight: float, out16: Planes) -> None:
        """Writes `weight` (0..1) of b16 and the rest of a16 into out16."""

    def get_ready(self) -> None:
        """Does now what the first frame without grain would wait for."""


def new_planes(height: int, width: int, depth: Depth, chroma: str) -> Planes:
    """Returns planes of that size. Their samples are whatever memory held."""
    kind = np.uint8 if depth == 8 else np.uint16
    across = (height // 2 if chroma == "420" else height, width // 2)
    return Planes(np.empty((height, width), kind), np.empty(across, kind), np.empty(across, kind))


def check_planes(planes: Planes, depth: Depth, chroma: str, like: Planes | None = None) -> None:
    """Raises ValueError if planes are not of that depth and subsampling, or not the size of `like`.

    The compiled kernel checks nothing: a wrong plane would make it write outside its memory.
    """
    height, width = planes.y.shape
    kind = np.uint8 if depth == 8 else np.uint16
    across = (height // 2 if chroma == "420" else height, width // 2)
    if height % 2 or width % 2 or planes.cb.shape != across or planes.cr.shape != across:
        raise ValueError(f"not {chroma} planes: {[p.shape for p in planes]}")
    if any(plane.dtype != kind for plane in planes):
        raise ValueError(f"not planes of {depth} bits: {[str(p.dtype) for p in planes]}")
    if any(plane.strides[1] != plane.itemsize for plane in planes):
        raise ValueError("samples within a row must lie next to each other")
    if like is not None and planes.y.shape != like.y.shape:
        raise ValueError(f"planes of two sizes: {planes.y.shape}, {like.y.shape}")


def mix_planes(a16: Planes, b16: Planes, weight: float, out16: Planes) -> None:
    """Writes a dissolve of two 16-bit intermediates into `out16`, halves rounded up.

    Every kernel does it in NumPy: compiling a pipeline would take longer than the few frames of a dissolve.
    """
    share = round(min(max(weight, 0.0), 1.0) * MIX_UNIT)
    for a, b, out in zip(a16, b16, out16, strict=True):
        for top in range(0, a.shape[0], 64):
            rows = slice(top, top + 64)
            # 65535 * 65536 + 32768 is below 2**32.
            mixed = a[rows] * np.uint32(MIX_UNIT - share)
            mixed += b[rows] * np.uint32(share)
            mixed += np.uint32(MIX_UNIT // 2)
            np.right_shift(mixed, 16, out=out[rows], casting="unsafe")
