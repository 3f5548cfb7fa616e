from __future__ import annotations

import sys
import warnings
from itertools import product

import numpy as np
import pytest

from post.picture.colour.look import Look
from post.picture.grain.grain import Grain
from post.picture.kernel import (
    Kernel,
    KernelSpec,
    Lut3D,
    Noise,
    Planes,
    _warn_once,
    bake_lut,
    new_planes,
    numpy_kernel,
    open_kernel,
)
from post.picture.kernel.halide_pipeline import NARROWEST
from post.picture.kernel.numpy_kernel import NumpyKernel
from post.values.array import Array
from post.values.colour import BT601_625, BT709, Colour
from tests.picture.kernel.planes import noise_planes, worst

LOOK = Look(slope=(1.15, 1.0, 0.9), offset=(-0.03, 0.0, 0.02), power=(0.9, 1.0, 1.1), saturation=1.3)
GRAIN = Grain(strength=4.0, chroma=0.5)
LOOKS = {"look": LOOK.colour, "identity": Look().colour}


@pytest.fixture(scope="module")
def tables() -> dict[str, Lut3D]:
    return {name: bake_lut(colour, BT709, BT709) for name, colour in LOOKS.items()}


def shape_of(depth_in: int, depth_out: int, chroma: str = "420", *, dither: bool = True) -> KernelSpec:
    return KernelSpec(depth_in, depth_out, chroma, BT709, BT709, dither)  # type: ignore[arg-type]  # from product()


def graded(
    kernel: Kernel,
    shape: KernelSpec,
    source: Planes,
    table: Lut3D,
    noise: Noise | None = None,
    frame: int = 7,
) -> Planes:
    out = new_planes(source.y.shape[0], source.y.shape[1], shape.depth_out, shape.chroma)
    kernel.grade(source, out, table, noise, frame)
    return out


@pytest.mark.parametrize("name", LOOKS)
@pytest.mark.parametrize(("depth_in", "depth_out"), [(8, 8), (8, 10), (8, 16), (10, 8), (10, 10), (10, 16)])
def test_halide_and_numpy_give_the_same_samples_for_every_code(
    tables: dict[str, Lut3D], name: str, depth_in: int, depth_out: int
) -> None:
    for chroma, grain in product(("420", "422"), (False, True)):
        shape = shape_of(depth_in, depth_out, chroma)
        source = noise_planes(66, 362, depth_in, chroma)
        noise = Noise.of(GRAIN, 66, 362, chroma) if grain else None
        halide, numpy_kernel = (
            graded(open_kernel(shape, numpy=numpy), shape, source, tables[name], noise)
            for numpy in (False, True)
        )
        assert worst(halide, numpy_kernel) == 0, (chroma, grain)


def test_any_even_size_is_correct_up_to_its_edges(tables: dict[str, Lut3D]) -> None:
    shape = shape_of(8, 8)
    halide, numpy_kernel = open_kernel(shape), open_kernel(shape, numpy=True)
    for width in [*range(16, 68, 2), NARROWEST - 2, NARROWEST, NARROWEST + 2, 190, 382]:
        source = noise_planes(18, width, 8, seed=width)
        noise = Noise.of(GRAIN, 18, width, "420")
        a, b = (graded(kernel, shape, source, tables["look"], noise) for kernel in (halide, numpy_kernel))
        assert worst(a, b) == 0, width


def test_a_frame_of_several_bands_is_the_frame_made_at_once(
    tables: dict[str, Lut3D], monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel, source = NumpyKernel(shape_of(8, 8)), noise_planes(300, 64, 8)
    noise = Noise.of(GRAIN, 300, 64, "420")
    made = [new_planes(300, 64, 8, "420") for _ in range(2)]
    kernel.grade(source, made[0], tables["look"], noise, 7)
    monkeypatch.setattr(numpy_kernel, "BAND", 300)
    kernel.grade(source, made[1], tables["look"], noise, 7)
    assert worst(*made) == 0


def test_nothing_is_written_or_read_beyond_the_planes(tables: dict[str, Lut3D]) -> None:
    """Decoded planes have padding at the end of each row: its content has no effect and is not changed."""
    shape = shape_of(8, 8)
    kernel = open_kernel(shape)

    def padded(planes: Planes, fill: int) -> tuple[list[Array], Planes]:
        whole = [np.full((p.shape[0], p.shape[1] + 37), fill, p.dtype) for p in planes]
        views = [w[:, : p.shape[1]] for w, p in zip(whole, planes, strict=True)]
        for view, plane in zip(views, planes, strict=True):
            view[...] = plane
        return whole, Planes(*views)

    source = noise_planes(34, 202, 8)
    expected = graded(kernel, shape, source, tables["look"])
    for fill in (0, 255):
        whole, out = padded(new_planes(34, 202, 8, "420"), 99)
        kernel.grade(padded(source, fill)[1], out, tables["look"], None, 7)
        assert worst(out, expected) == 0
        assert all((w[:, -37:] == 99).all() for w in whole)


@pytest.mark.parametrize("depth", [8, 10])
def test_an_identity_look_without_dither_changes_no_bit(tables: dict[str, Lut3D], depth: int) -> None:
    shape = shape_of(depth, depth, dither=False)
    source = noise_planes(34, 200, depth)
    for numpy in (False, True):
        assert worst(graded(open_kernel(shape, numpy=numpy), shape, source, tables["identity"]), source) == 0


@pytest.mark.parametrize("depth", [8, 10])
def test_the_table_itself_round_trips_every_colour_within_a_code(depth: int) -> None:
    almost = bake_lut(lambda rgb: rgb + 1e-12, BT709, BT709)
    assert not almost.identity
    shape = shape_of(depth, depth, dither=False)
    # Flat patches of valid R'G'B': every corner of the cube, and colours between them.
    rgb = np.random.default_rng(2).uniform(0, 1, (600, 3))
    rgb[:8] = list(product((0.0, 1.0), repeat=3))
    y = rgb @ np.array([0.2126, 0.7152, 0.0722])
    parts = (64 + 876 * y, 512 + 896 * (rgb[:, 2] - y) / 1.8556, 512 + 896 * (rgb[:, 0] - y) / 1.5748)
    step = 4 if depth == 8 else 1
    rows = [np.rint(p / step).astype(np.uint8 if depth == 8 else np.uint16) for p in parts]
    for numpy in (False, True):
        kernel = open_kernel(shape, numpy=numpy)
        source = Planes(*(np.repeat(rows[k][:, None], n, 1) for k, n in ((0, 128), (1, 64), (2, 64))))
        tall = Planes(np.repeat(source.y, 2, 0), source.cb, source.cr)
        out = graded(kernel, shape, tall, almost)
        # Chroma is a mean of neighbouring patches on luma's rows, so luma alone is left out here.
        assert max(np.abs(a.astype(int) - b).max() for a, b in ((out.cb, tall.cb), (out.cr, tall.cr))) <= 1
        flat = Planes(np.full((16, 128), rows[0][99]), *(np.full((8, 64), rows[k][99]) for k in (1, 2)))
        assert worst(graded(kernel, shape, flat, almost), flat) <= 1


@pytest.mark.parametrize("grain", [False, True])
@pytest.mark.parametrize("depth_out", [8, 10])
def test_grading_then_finishing_is_grading_in_one_pass(
    tables: dict[str, Lut3D], depth_out: int, grain: bool
) -> None:
    source, noise = noise_planes(34, 200, 10), Noise.of(GRAIN, 34, 200, "420") if grain else None
    once, first = shape_of(10, depth_out), shape_of(10, 16)
    for numpy in (False, True):
        fused = graded(open_kernel(once, numpy=numpy), once, source, tables["look"], noise)
        between = graded(open_kernel(first, numpy=numpy), first, source, tables["look"])
        out = new_planes(34, 200, 8 if depth_out == 8 else 10, "420")
        open_kernel(once, numpy=numpy).finish(between, out, noise, 7)
        assert worst(fused, out) == 0


def test_a_frame_depends_on_its_number_and_on_nothing_before_it(tables: dict[str, Lut3D]) -> None:
    shape, source = shape_of(8, 8), noise_planes(34, 200, 8)
    noise = Noise.of(GRAIN, 34, 200, "420")
    forward, backward = open_kernel(shape), open_kernel(shape)
    a = [graded(forward, shape, source, tables["look"], noise, frame) for frame in (0, 1, 2)]
    b = [graded(backward, shape, source, tables["look"], noise, frame) for frame in (2, 1, 0)][::-1]
    assert all(worst(x, y) == 0 for x, y in zip(a, b, strict=True))
    assert worst(a[0], a[1]) > 0
    plain = [graded(forward, shape, source, tables["look"], None, frame) for frame in (0, 1)]
    assert 0 < worst(*plain) <= 2, "dither moves too, by one code up or down"


def test_a_mix_is_the_weighted_mean() -> None:
    a, b = (noise_planes(34, 50, 16, seed=seed) for seed in (1, 2))
    out = new_planes(34, 50, 16, "420")
    kernel = open_kernel(shape_of(8, 8))
    for weight in (0.0, 0.25, 1 / 3, 1.0):
        kernel.mix(a, b, weight, out)
        for p, q, mixed in zip(a, b, out, strict=True):
            exact = p * (1 - weight) + q * weight
            assert np.abs(mixed - exact).max() <= 1.0
            assert weight not in (0.0, 1.0) or np.array_equal(mixed, exact)


@pytest.mark.parametrize(
    "wrong",
    [
        noise_planes(34, 200, 10),
        noise_planes(34, 200, 8, "422"),
        Planes(*(np.asarray(p)[:, ::2] for p in noise_planes(34, 400, 8))),
    ],
    ids=["depth", "subsampling", "stride"],
)
def test_planes_of_another_kind_are_refused(tables: dict[str, Lut3D], wrong: Planes) -> None:
    shape = shape_of(8, 8)
    for numpy in (False, True):
        with pytest.raises(ValueError, match="planes of|not 420|next to each other"):
            graded(open_kernel(shape, numpy=numpy), shape, wrong, tables["look"])


def test_an_output_of_another_size_is_refused(tables: dict[str, Lut3D]) -> None:
    for numpy in (False, True):
        kernel, out = open_kernel(shape_of(8, 8), numpy=numpy), new_planes(32, 200, 8, "420")
        with pytest.raises(ValueError, match="two sizes"):
            kernel.grade(noise_planes(34, 200, 8), out, tables["look"], None, 0)


def test_a_full_range_film_is_refused() -> None:
    with pytest.raises(ValueError, match="limited range"):
        KernelSpec(8, 8, "420", BT709, Colour(1, 1, 1, "full"))


def test_without_halide_numpy_is_used_with_one_warning(
    monkeypatch: pytest.MonkeyPatch, tables: dict[str, Lut3D]
) -> None:
    monkeypatch.setitem(sys.modules, "post.picture.kernel.halide_kernel", None)
    shape, source = shape_of(8, 8), noise_planes(18, 130, 8)
    _warn_once.cache_clear()
    with pytest.warns(UserWarning, match="Halide"):
        kernel = open_kernel(shape)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        open_kernel(KernelSpec(8, 10, "420", BT601_625, BT709))
    expected = graded(open_kernel(shape, numpy=True), shape, source, tables["look"])
    assert worst(graded(kernel, shape, source, tables["look"]), expected) == 0
