"""A graded sky has no more banding than its source: dither prevents it, before any grain."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from post.measure import cambi
from post.picture.colour.look import Look
from post.picture.grain.grain import Grain
from post.picture.kernel import KernelSpec, Noise, Planes, bake_lut, new_planes, open_kernel
from post.values.array import Array
from post.values.colour import BT709
from tests.measure.made import sky

HEIGHT, WIDTH = 540, 960
Depth = Literal[8, 10]
# Steeper by two fifths, which is what makes bands of a sky.
STEEP = bake_lut(Look(contrast=1.4, slope=(1.1, 1.0, 0.95), saturation=1.2).colour, BT709, BT709)


def graded(source: Array, depth: Depth, out: Depth, grain: Grain | None = None, frame: int = 3) -> Array:
    neutral = np.full((HEIGHT // 2, WIDTH // 2), 128 << (depth - 8), source.dtype)
    made = new_planes(HEIGHT, WIDTH, out, "420")
    noise = Noise.of(grain, HEIGHT, WIDTH, "420") if grain else None
    shape = KernelSpec(depth, out, "420", BT709, BT709)
    open_kernel(shape).grade(Planes(source, neutral, neutral.copy()), made, STEEP, noise, frame)
    return np.ascontiguousarray(made.y)


@pytest.mark.parametrize("depth", [8, 10])
@pytest.mark.parametrize("out", [8, 10])
@pytest.mark.parametrize("strength", [0.0, 1.2])
def test_a_graded_sky_has_less_banding_than_its_source(depth: Depth, out: Depth, strength: float) -> None:
    source = sky(depth, HEIGHT, WIDTH)
    after = cambi(graded(source, depth, out, Grain(strength=strength) if strength else None), out)
    assert after <= cambi(source, depth)
    assert after < 2


def test_the_same_grade_without_dither_has_banding() -> None:
    """The test above would see this if the kernel only rounded."""
    source = sky(8, HEIGHT, WIDTH).astype(float)
    rounded = np.rint((source - 126) * 1.4 + 126)
    assert cambi(rounded.astype(np.uint8), 8) > 15
