"""The picture kernel: decoded planes in, encoder planes out, no full-frame R'G'B' image."""

from __future__ import annotations

import warnings
from functools import cache

from post.picture.kernel.lut3d import Lut3D, bake_lut
from post.picture.kernel.noise import Noise
from post.picture.kernel.numpy_kernel import NumpyKernel
from post.picture.kernel.planes import Kernel, KernelSpec, Planes, new_planes
from post.picture.kernel.rgb_convert import from_rgb, to_rgb

__all__ = [
    "Kernel",
    "KernelSpec",
    "Lut3D",
    "Noise",
    "Planes",
    "bake_lut",
    "from_rgb",
    "new_planes",
    "open_kernel",
    "to_rgb",
]


def open_kernel(shape: KernelSpec, *, twin: bool = False) -> Kernel:
    """The kernel for a shape: Halide's, compiled at first use, or with `twin` NumPy's.

    Both give the same samples. Where Halide cannot be loaded, warns once and gives the twin.
    """
    if twin:
        return NumpyKernel(shape)
    try:
        from post.picture.kernel.halide_kernel import HalideKernel
    except ImportError as fault:
        _warn_once(str(fault))
        return NumpyKernel(shape)
    return HalideKernel(shape)


@cache
def _warn_once(why: str) -> None:
    warnings.warn(f"no Halide here ({why}): picture is made by NumPy, some 20 times slower", stacklevel=3)
