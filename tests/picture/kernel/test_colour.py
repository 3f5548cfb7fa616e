"""Compares the kernel's colour with a float64 chain that uses no table and no fixed point."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from post.picture.colour.look import Look
from post.picture.kernel import KernelSpec, Planes, bake_lut, from_rgb, new_planes, open_kernel, to_rgb
from post.values.array import Array
from post.values.colour import BT601_625, BT709, BT2020, Colour
from tests.picture.kernel.planes import codes, float_chain, rgb_of, scene, source_of, spread, store, ycc_of

LOOK = Look(
    slope=(1.06, 1.0, 0.95), offset=(-0.01, 0.0, 0.01), power=(1.05, 1.0, 0.94), contrast=1.1, saturation=1.15
)
FULL = Colour(1, 1, 1, "full")


def lab(y: Array, cb: Array, cr: Array, chroma: str) -> Array:
    rgb = rgb_of(y, spread(cb, chroma), spread(cr, chroma))
    return np.asarray(rgb2lab(np.clip(rgb, 0, 1)))


def difference(a: tuple[Array, Array, Array], b: tuple[Array, Array, Array], chroma: str = "420") -> Array:
    return np.asarray(deltaE_ciede2000(lab(*a, chroma), lab(*b, chroma)))  # type: ignore[no-untyped-call]  # skimage has no types


def graded(source: Planes, shape: KernelSpec) -> Planes:
    out = new_planes(source.y.shape[0], source.y.shape[1], shape.depth_out, shape.chroma)
    table = bake_lut(LOOK.colour, shape.colour_in, shape.colour_out)
    open_kernel(shape).grade(source, out, table, None, 0)
    return out


@pytest.mark.parametrize("chroma", ["420", "422"])
@pytest.mark.parametrize("colour", [BT709, BT601_625, FULL], ids=["709", "601", "full"])
def test_the_intermediate_is_the_float_chain_within_a_fiftieth_of_a_delta_e(
    colour: Colour, chroma: str
) -> None:
    shape = KernelSpec(10, 16, "422" if chroma == "422" else "420", colour, BT709)
    rgb = scene(180, 320)
    limited = source_of(rgb, 10, colour, chroma)
    source = limited if colour.range == "limited" else _full_range(rgb, chroma)
    wanted = float_chain(source, shape, LOOK.colour)
    d = difference(codes(graded(source, shape), 16), wanted, chroma)
    assert d.mean() <= 0.02
    assert np.percentile(d, 99) <= 0.2


def test_a_quick_table_is_an_eighth_of_the_work_and_near_the_whole_one() -> None:
    asked = list[int]()

    def look(rgb: Array) -> Array:
        asked.append(len(rgb))
        return LOOK.colour(rgb)

    whole, quick = bake_lut(look, BT709, BT709), bake_lut(look, BT709, BT709, quick=True)
    assert asked == [65**3, 33**3]
    # Every second node of each axis is computed in both; the others are means, of codes up to 32767.
    cube = (65, 65, 65)
    a, b = (table.luma.reshape(cube).astype(int) for table in (whole, quick))
    assert np.array_equal(a[::2, ::2, ::2], b[::2, ::2, ::2])
    assert 0 < np.abs(a - b).max() < 200
    assert np.abs(a - b).mean() < 2
    assert bake_lut(lambda rgb: rgb, BT709, BT709, quick=True).identity


def _full_range(rgb: Array, chroma: str) -> Planes:
    y, cb, cr = ycc_of(rgb)
    y, cb, cr = ((p / 64 - zero) / span * 1023 * 64 + to * 64 for p, zero, span, to in (
        (y, 64, 876, 0), (cb, 512, 896, 512), (cr, 512, 896, 512)))  # fmt: skip
    if chroma == "420":
        cb, cr = ((c[::2] + c[1::2]) / 2 for c in (cb, cr))
    return store(y, cb[:, ::2], cr[:, ::2], 10)


@pytest.mark.parametrize("depth", [8, 10])
def test_ten_bit_output_is_the_float_chain_rounded_to_ten_bits(depth: int) -> None:
    shape = KernelSpec(8 if depth == 8 else 10, 10, "420", BT709, BT709, dither=False)
    source = source_of(scene(180, 320), depth)
    wanted = store(*float_chain(source, shape, LOOK.colour), 10)
    d = difference(codes(graded(source, shape), 10), codes(wanted, 10))
    assert d.mean() <= 0.02
    assert np.percentile(d, 99) <= 0.2


def test_dither_leaves_the_mean_where_the_float_chain_has_it() -> None:
    shape = KernelSpec(10, 8, "420", BT709, BT709)
    flat = source_of(np.full((256, 256, 3), (0.31, 0.42, 0.57)), 10)
    wanted = float_chain(flat, shape, LOOK.colour)
    out = graded(flat, shape)
    for plane, exact in zip(out, wanted, strict=True):
        # 16384 samples of sigma 1/2: the mean of a chroma plane is known to a quarter of a hundredth.
        assert abs(plane.mean() - exact.mean() / 256) <= 0.02


def test_a_wide_gamut_is_converted_to_the_films_gamut() -> None:
    """BT.2020's own green is outside BT.709; grey stays grey."""
    table = bake_lut(lambda rgb: rgb, BT2020, BT709)
    assert not table.identity
    halves = table.chroma.view(np.int16).reshape(-1, 2)
    greys = np.arange(65) * (1 + 65 + 65 * 65)
    assert np.abs(halves[greys]).max() <= 2
    light = 0.5**2.4 * np.array([1.6605, -0.1246, -0.0182])  # BT.2087-0's inverse, red's column
    red = np.clip(light, 0, 1) ** (1 / 2.4)
    y = red @ np.array([0.2126, 0.7152, 0.0722])
    assert table.luma[32] == pytest.approx((64 * (64 + 876 * y) - 32768) / 2, abs=3)


@pytest.mark.parametrize("chroma", ["420", "422"])
def test_converting_to_rgb_and_back_keeps_the_picture(chroma: str) -> None:
    source = source_of(scene(66, 98), 10, chroma=chroma)
    rgb = to_rgb(source, 10, BT709, chroma)
    y, cb, cr = codes(source, 10)
    assert np.abs(rgb - rgb_of(y, spread(cb, chroma), spread(cr, chroma))).max() < 2e-6
    back = from_rgb(rgb, BT709, chroma)
    assert np.abs(back.y - y).max() <= 1
    # Chroma between samples is a mean, so coming back through the 1-2-1 filter it is a little smoother.
    assert np.abs(back.cb[2:-2, 2:-2] - cb[2:-2, 2:-2]).mean() < 64 * 4


def test_converting_to_rgb_and_back_keeps_flat_colour_exactly() -> None:
    for chroma in ("420", "422"):
        rgb = np.broadcast_to(np.array([0.2, 0.5, 0.7], np.float32), (16, 20, 3))
        planes = from_rgb(rgb, BT709, chroma)
        assert np.abs(to_rgb(planes, 16, BT709, chroma) - rgb).max() < 2e-5
