"""Every H.273 code, against formulae written here from the standards, and against OpenColorIO."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import PyOpenColorIO as ocio  # noqa: N813
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from post.picture.colour.develop import CONFIG
from post.picture.display.convert import convert_colour
from post.picture.kernel import KernelSpec, Planes, bake_lut, new_planes, open_kernel
from post.picture.kernel.lut3d import grid
from post.values.array import Array
from post.values.colour import BT709, CHROMATICITIES, SDR_TRANSFERS, VIDEO_TRANSFERS, Colour

# H.273 (07/2024), Table 3, as light of a code; BT.1886 shows the codes of cameras.
LIGHT: dict[int, Callable[[float], float]] = {
    **dict.fromkeys((1, 6, 7, 11, 12, 14, 15), lambda v: v**2.4),
    4: lambda v: v**2.2,
    5: lambda v: v**2.8,
    8: lambda v: v,
    9: lambda v: math.pow(10, (v - 1) * 2) if v else 0,
    10: lambda v: math.pow(10, (v - 1) * 2.5) if v else 0,
    13: lambda v: v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4,
    17: lambda v: 52.37 * v**2.6 / 48,
}


@pytest.mark.parametrize("transfer", sorted(SDR_TRANSFERS))
def test_a_display_shows_the_same_light_as_before(transfer: int) -> None:
    assert LIGHT.keys() == SDR_TRANSFERS
    for code in (0.0, 0.003, 0.02, 0.1, 0.35, 0.5, 0.8, 0.95, 1.0):
        made = convert_colour(np.full((1, 3), code), Colour(1, transfer, 1), BT709)
        assert made[0] ** 2.4 == pytest.approx(np.full(3, min(LIGHT[transfer](code), 1)), abs=1e-9)


@pytest.mark.parametrize("primaries", [code for code in CHROMATICITIES if code in (1, 5, 6, 7, 22)])
@pytest.mark.parametrize("transfer", sorted(VIDEO_TRANSFERS))
def test_what_is_shown_alike_is_not_touched(primaries: int, transfer: int) -> None:
    nodes = grid()
    assert convert_colour(nodes, Colour(primaries, transfer, 1), BT709) is nodes
    assert bake_lut(lambda rgb: rgb, Colour(primaries, transfer, 1), BT709).identity


@pytest.mark.parametrize(
    ("colour", "display"),
    [
        (Colour(12, 13, 1), "Display P3 - Display"),
        (Colour(1, 13, 1), "sRGB - Display"),
        (Colour(1, 4, 1), "Gamma 2.2 Rec.709 - Display"),
    ],
)
def test_opencolorio_shows_the_same(colour: Colour, display: str) -> None:
    config = ocio.Config.CreateFromFile(CONFIG)
    transform = ocio.ColorSpaceTransform(src=display, dst="Rec.1886 Rec.709 - Display")
    theirs = config.getProcessor(transform).getOptimizedCPUProcessor(ocio.OPTIMIZATION_LOSSLESS)
    pixels = np.random.default_rng(2).uniform(0.02, 1, (512, 3)).astype(np.float32)
    ours = convert_colour(pixels.astype(np.float64), colour, BT709)
    theirs.applyRGB(pixels)
    assert np.abs(ours - np.clip(pixels, 0, 1)).max() < 5e-5


PATCH, ACROSS, DOWN = 8, 48, 32


@pytest.mark.parametrize(
    ("colour", "mean", "most"),
    [
        (Colour(12, 13, 1), 0.03, 0.4),
        (Colour(9, 14, 9), 0.03, 0.4),
        (Colour(1, 4, 1), 0.03, 0.4),
        (Colour(1, 5, 6), 0.03, 0.4),
        (Colour(12, 13, 12), 0.03, 0.4),
        (Colour(1, 1, 4), 0.03, 0.4),
        (Colour(7, 7, 7), 0.03, 0.4),
        (Colour(9, 16, 9), 0.05, 0.5),
        (Colour(9, 18, 9), 0.05, 0.5),
    ],
    ids=str,
)
def test_the_one_table_of_a_shot_holds_the_conversion(colour: Colour, mean: float, most: float) -> None:
    """Patches of one colour through the kernel, against floats without a table: dE2000, mean and 99 %."""
    rgb = np.random.default_rng(5).uniform(0.05, 0.95, (DOWN, ACROSS, 3))
    kr, kb = colour.luma_weights
    luma = rgb @ np.array([kr, 1 - kr - kb, kb])
    cb, cr = (rgb[..., 2] - luma) / (2 * (1 - kb)), (rgb[..., 0] - luma) / (2 * (1 - kr))
    codes = [np.rint(p).astype(np.uint16) for p in (64 + 876 * luma, 512 + 896 * cb, 512 + 896 * cr)]
    sizes = (PATCH, PATCH // 2, PATCH // 2)
    source = Planes(*(p.repeat(n, 0).repeat(n, 1) for p, n in zip(codes, sizes, strict=True)))
    out = new_planes(DOWN * PATCH, ACROSS * PATCH, 16, "420")
    table = bake_lut(lambda rgb: rgb, colour, BT709)
    open_kernel(KernelSpec(10, 16, "420", colour, BT709)).grade(source, out, table, None, 0)
    middles = [p[n // 2 :: n, n // 2 :: n] / 64.0 for p, n in zip(out, sizes, strict=True)]
    made = rgb_in(BT709, *middles)
    read = np.clip(rgb_in(colour, *(p.astype(float) for p in codes)), 0, 1)
    wanted = convert_colour(read.reshape(-1, 3), colour, BT709).reshape(made.shape)
    apart = np.asarray(deltaE_ciede2000(*(rgb2lab(np.clip(each, 0, 1)) for each in (made, wanted))))  # type: ignore[no-untyped-call]  # skimage has no types
    assert (apart.mean() <= mean, np.percentile(apart, 99) <= most) == (True, True), (
        apart.mean(), np.percentile(apart, 99),
    )  # fmt: skip


def rgb_in(colour: Colour, y: Array, cb: Array, cr: Array) -> Array:
    """R'G'B' of 10-bit limited-range codes. H.273, equations 20 to 44."""
    kr, kb = colour.luma_weights
    luma, blue, red = (y - 64) / 876, (cb - 512) / 896, (cr - 512) / 896
    r, b = luma + 2 * (1 - kr) * red, luma + 2 * (1 - kb) * blue
    return np.stack([r, (luma - kr * r - kb * b) / (1 - kr - kb), b], -1)
