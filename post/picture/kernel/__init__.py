"""Grades, grains and dithers a frame in one pass: decoded planes in, encoder planes out, no R'G'B' frame between.

halide_kernel   the compiled kernel: halide_pipeline schedules it, halide_terms holds its arithmetic
numpy_kernel    the same arithmetic in NumPy: reference of the tests, and used where Halide has no wheel
fixed_point     what both compute with; lut3d, noise: what both read; planes: what both take
rgb_convert     whole R'G'B' frames, for frame effects
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from post.picture.kernel.lut3d import Lut3D, bake_lut
from post.picture.kernel.noise import CrossedNoise, Noise
from post.picture.kernel.numpy_kernel import NumpyKernel
from post.picture.kernel.planes import AnyNoise, Kernel, KernelSpec, Planes, new_planes
from post.picture.kernel.rgb_convert import chroma_at_full_size, from_rgb, to_rgb

__all__ = [
    "AnyNoise",
    "CrossedNoise",
    "Kernel",
    "KernelSpec",
    "Lut3D",
    "Noise",
    "Planes",
    "bake_lut",
    "chroma_at_full_size",
    "from_rgb",
    "is_compiling",
    "new_planes",
    "open_kernel",
    "to_rgb",
    "without_compiling",
]
_compiling: ContextVar[bool] = ContextVar("compiling", default=True)


def open_kernel(spec: KernelSpec, *, numpy: bool = False) -> Kernel:
    """Returns the kernel of a specification: Halide's, compiled at first use, or with `numpy` NumPy's.

    Both give the same samples. If Halide cannot be loaded, warns once and returns NumPy's.
    """
    if numpy:
        return NumpyKernel(spec)
    try:
        from post.picture.kernel.halide_kernel import HalideKernel
    except ImportError as fault:
        _warn_once(str(fault))
        return NumpyKernel(spec)
    return HalideKernel(spec)


@contextmanager
def without_compiling() -> Iterator[None]:
    """Has kernels of this thread's block run as NumPy's: compiling one takes as long as fifty frames of that."""
    token = _compiling.set(False)
    try:
        yield
    finally:
        _compiling.reset(token)


def is_compiling() -> bool:
    """Says whether kernels are to be compiled where they can be."""
    return _compiling.get()


@cache
def _warn_once(why: str) -> None:
    warnings.warn(f"no Halide here ({why}): picture is made by NumPy, some 20 times slower", stacklevel=3)
