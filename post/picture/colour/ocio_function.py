"""Turns an OpenColorIO transform into a function of colour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from post.values.array import Array


def colour_function(config: Any, transform: Any) -> Callable[[Array], Array]:
    """Returns a transform as a function of (n, 3) R'G'B', any float, which gives float64 of the same shape.

    config, transform: OpenColorIO's. It computes in float32.
    """
    import PyOpenColorIO as ocio  # noqa: N813  workers without a look need none of it

    # OPTIMIZATION_LOSSLESS avoids its fast power function, which is wrong by up to 1e-4.
    run = config.getProcessor(transform).getOptimizedCPUProcessor(ocio.OPTIMIZATION_LOSSLESS)

    def apply(rgb: Array) -> Array:
        pixels = np.array(rgb, np.float32, order="C")
        run.applyRGB(pixels)
        return pixels.astype(np.float64)

    return apply
