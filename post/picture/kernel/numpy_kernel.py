"""Runs the kernel in NumPy: the reference for the compiled one, and its substitute where Halide has no wheel.

It computes the same integers step by step, a band of rows at a time.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from post.picture.kernel.fixed_point import (
    CELL_BITS,
    MID,
    SIZE,
    STEP_ALL,
    STEP_B,
    STEP_G,
    STEP_R,
    Matrix,
    matrix_of,
    saturate,
    scaled,
)
from post.picture.kernel.lut3d import Lut3D
from post.picture.kernel.noise import (
    dither_field,
    dither_places,
    noise_floor,
)
from post.picture.kernel.planes import AnyNoise, Depth, KernelSpec, Planes, check_planes, mix_planes
from post.values.array import Array

BAND = 128  # luma rows at a time: temporaries stay small, and threads seldom wait for the interpreter's lock
MOST_THREADS = (
    4  # of one frame: NumPy computes a band without the interpreter's lock, for nine tenths of the time
)


class NumpyKernel:
    """The Kernel in NumPy."""

    def __init__(self, spec: KernelSpec) -> None:
        self.spec = spec
        self._matrix = matrix_of(spec.colour_in, spec.depth_in)

    def grade(self, source: Planes, out: Planes, lut: Lut3D, noise: AnyNoise | None, seed: int) -> None:
        self._check(source, self.spec.depth_in, out)
        if lut.identity:
            self._finish(source, self.spec.depth_in, out, noise, seed)
            return
        rows_out = self._output_rows(out, noise, seed)

        def grade(rows: Array, chroma_rows: Array) -> None:
            rows_out.luma(rows, _luma(self._rgb_at_luma(source, rows), lut))
            rows_out.chroma(chroma_rows, *_chroma(self._rgb_at_chroma(source, chroma_rows), lut))

        self._each_band(source.y.shape[0], grade)

    def finish(self, source16: Planes, out: Planes, noise: AnyNoise | None, seed: int) -> None:
        """Finishes one frame, as `Kernel.finish` says."""
        self._check(source16, 16, out)
        self._finish(source16, 16, out, noise, seed)

    def get_ready(self) -> None:
        """Does nothing: there is nothing to compile."""

    def mix(self, a16: Planes, b16: Planes, weight: float, out16: Planes) -> None:
        """Mixes two frames, as `Kernel.mix` says."""
        mix_planes(a16, b16, weight, out16)

    def _check(self, source: Planes, depth: Depth, out: Planes) -> None:
        check_planes(source, depth, self.spec.chroma)
        check_planes(out, self.spec.depth_out, self.spec.chroma, like=source)

    def _finish(self, source: Planes, depth: int, out: Planes, noise: AnyNoise | None, seed: int) -> None:
        rows_out = self._output_rows(out, noise, seed)

        def finish(rows: Array, chroma_rows: Array) -> None:
            rows_out.luma(rows, _code16(source.y[rows], depth))
            rows_out.chroma(
                chroma_rows, *(_code16(plane[chroma_rows], depth) for plane in (source.cb, source.cr))
            )

        self._each_band(source.y.shape[0], finish)

    def _each_band(self, height: int, work: Callable[[Array, Array], None]) -> None:
        """Does the work on every band, a few at a time. work: takes the band's rows of luma and of chroma."""

        def band(top: int) -> None:
            stop, down = min(top + BAND, height), self.spec.rows
            work(np.arange(top, stop), np.arange(top // down, stop // down))

        with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS)) as threads:
            list(threads.map(band, range(0, height, BAND)))

    def _output_rows(self, out: Planes, noise: AnyNoise | None, seed: int) -> _OutputRows:
        if self.spec.depth_out == 16:
            noise = None
        return _OutputRows(self.spec, out, noise, seed)

    def _rgb_at_luma(self, source: Planes, rows: Array) -> tuple[Array, Array, Array]:
        """Returns R'G'B' at luma samples. What chroma adds is computed at chroma's width, then widened."""
        shift = 10 - self.spec.depth_in
        y = scaled(_centred(source.y[rows], shift), self._matrix.y)
        cb, cr = (self._chroma_rows(plane, rows, shift) for plane in (source.cb, source.cr))
        return _rgb(y + self._matrix.y_offset, *(_spread(p) for p in _shares(cb, cr, self._matrix)))

    def _chroma_rows(self, plane: Array, rows: Array, shift: int) -> Array:
        """Returns chroma on the rows of luma: (code - 512) * 64."""
        if self.spec.chroma == "422":
            return _centred(plane[rows], shift)
        near = rows // 2
        other = np.clip(near + np.where(rows % 2, 1, -1), 0, plane.shape[0] - 1)
        both = plane[near].astype(np.int32) * 3 + plane[other]
        return np.asarray(((both << shift) - 2048) << 4)

    def _rgb_at_chroma(self, source: Planes, rows: Array) -> tuple[Array, Array, Array]:
        """Returns R'G'B' at chroma samples. With 4:2:0, luma there is the mean of the two rows beside it."""
        shift, y = 10 - self.spec.depth_in, source.y[:, ::2]
        if self.spec.chroma == "422":
            luma = _centred(y[rows], shift)
        else:
            luma = (((y[2 * rows].astype(np.int32) + y[2 * rows + 1]) << shift) - 1024) << 5
        cb, cr = (_centred(p[rows], shift) for p in (source.cb, source.cr))
        return _rgb(scaled(luma, self._matrix.y) + self._matrix.y_offset, *_shares(cb, cr, self._matrix))


class _OutputRows:
    """Finishes rows and writes them to a frame: grain, dither, rounding."""

    def __init__(self, spec: KernelSpec, out: Planes, noise: AnyNoise | None, seed: int) -> None:
        self._spec, self._out = spec, out
        self._places = dither_places(seed, out.y.shape[0], out.cb.shape[0])
        floor = noise_floor(spec.depth_out, spec.dither)
        self._curves = [noise.curve(plane, floor) for plane in range(3)] if noise else []
        self._grain = [noise.window(k, seed, *plane.shape) for k, plane in enumerate(out)] if noise else []

    def luma(self, rows: Array, v: Array) -> None:
        self._put(0, rows, v, (v >> 8) + 128)

    def chroma(self, rows: Array, cb: Array, cr: Array) -> None:
        level = self._level(rows)
        self._put(1, rows, cb, level)
        self._put(2, rows, cr, level)

    def _level(self, rows: Array) -> Array:
        """Returns the finished luma at chroma samples, 8 bits: the strength of chroma's grain follows it."""
        y, down = self._out.y[:, ::2], self._spec.depth_out - 8
        if self._spec.chroma == "422":
            return np.asarray(y[rows].astype(np.int32) >> down)
        return np.asarray((y[2 * rows].astype(np.int32) + y[2 * rows + 1]) >> (down + 1))

    def _put(self, plane: int, rows: Array, v: Array, level: Array) -> None:
        out, depth = list(self._out)[plane], self._spec.depth_out
        if depth == 16:
            out[rows] = v + MID
            return
        if self._grain:
            field = self._grain[plane][rows].astype(np.int32)
            v = saturate(v + ((field * 256 * self._curves[plane][level] + (1 << 14)) >> 15))
        if self._spec.dither:
            v = saturate(v + self._dither(plane, rows, out.shape[1]))
        step = 16 - depth
        out[rows] = (saturate(v + (1 << (step - 1))) >> step) + (1 << (depth - 1))

    def _dither(self, plane: int, rows: Array, width: int) -> Array:
        left, row = self._places[plane][rows].T
        across = left[:, None] + np.arange(width)
        field = dither_field(self._out.y.shape[1])[row[:, None], across].astype(np.int32)
        return np.asarray(field * 2 if self._spec.depth_out == 8 else field >> 1)


def _centred(samples: Array, shift: int) -> Array:
    """Returns (10-bit code - 512) * 64, int32."""
    return np.asarray(((samples.astype(np.int32) << shift) - 512) << 6)


def _code16(samples: Array, depth: int) -> Array:
    return (samples.astype(np.int32) << (16 - depth)) - MID


def _shares(cb: Array, cr: Array, m: Matrix) -> tuple[Array, Array, Array]:
    """Returns what chroma adds to R', G' and B'."""
    red = saturate(cr + scaled(cr, m.r))
    green = saturate(scaled(cb, m.gb) + scaled(cr, m.gr))
    return red, green, saturate(cb + scaled(cb, m.b))


def _spread(half: Array) -> Array:
    """Returns rows twice as wide: the samples, and means between them (left-sited chroma)."""
    wide = np.empty((half.shape[0], half.shape[1] * 2), np.int32)
    wide[:, ::2] = half
    wide[:, 1:-1:2] = (half[:, :-1] + half[:, 1:] + 1) >> 1
    wide[:, -1] = half[:, -1]
    return wide


def _rgb(y: Array, red: Array, green: Array, blue: Array) -> tuple[Array, Array, Array]:
    """Returns table coordinates, 0..32767, of R', G' and B'."""
    y = saturate(y)
    r, g, b = (np.clip(saturate(y + c), -(1 << 14), (1 << 14) - 1) + (1 << 14) for c in (red, green, blue))
    return r, g, b


@dataclass(frozen=True, slots=True)
class _Corners:
    """The tetrahedron of nodes around each sample: its first node, the next two, and the weights of all four."""

    base: Array
    second: Array
    third: Array
    weights: tuple[Array, Array, Array, Array]


def _corners(rgb: tuple[Array, Array, Array]) -> _Corners:
    """Returns the tetrahedron around table coordinates.

    Source: J. Kasson et al., Performing color space conversions with three-dimensional linear interpolation,
    J. Electronic Imaging 4(3), 1995.
    """
    low = (1 << CELL_BITS) - 1
    cr, cg, cb = (c >> CELL_BITS for c in rgb)
    fr, fg, fb = (c & low for c in rgb)
    base = (cb * SIZE + cg) * SIZE + cr
    top, bottom = np.maximum(np.maximum(fr, fg), fb), np.minimum(np.minimum(fr, fg), fb)
    middle = fr + fg + fb - top - bottom
    longest = np.where((fr >= fg) & (fr >= fb), STEP_R, np.where(fg >= fb, STEP_G, STEP_B))
    shortest = np.where((fb <= fg) & (fb < fr), STEP_B, np.where((fg < fr) & (fg < fb), STEP_G, STEP_R))
    weights = ((1 << CELL_BITS) - top, top - middle, middle - bottom, bottom)
    return _Corners(base, base + longest, base + STEP_ALL - shortest, weights)


def _blend(nodes: Array, at: _Corners) -> Array:
    """Returns the weighted mean of four nodes as a 16-bit code about mid-scale. nodes: (65**3,) int16."""
    places = (at.base, at.second, at.third, at.base + STEP_ALL)
    total = sum(nodes[i].astype(np.int32) * w for i, w in zip(places, at.weights, strict=True))
    return saturate((np.asarray(total) + 128) >> 8)


def _luma(rgb: tuple[Array, Array, Array], lut: Lut3D) -> Array:
    return _blend(lut.luma, _corners(rgb))


def _chroma(rgb: tuple[Array, Array, Array], lut: Lut3D) -> tuple[Array, Array]:
    at, halves = _corners(rgb), lut.chroma.view(np.int16)
    return _blend(halves[::2], at), _blend(halves[1::2], at)
