"""Compares blending a raster into planes with a float reference, written sample by sample."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.picture.blend.modes import BLEND_MODES, blended
from post.picture.composite import Overlay, blend_overlay
from post.stage import FlatRaster, Pose, Raster
from post.values.array import Array
from post.values.colour import BT709, BT2020, Chroma, Colour, Format
from post.values.time import Clock
from tests.picture.drawn import Frame

FULL_601 = Colour(5, 6, 5, "full")


def canvas(
    depth: Literal[8, 10] = 8,
    chroma: Chroma = "420",
    colour: Colour = BT709,
    size: tuple[int, int] = (32, 24),
) -> Format:
    return Format(*size, Clock(Fraction(24)), 10, depth, chroma, colour)


def noise(film: Format, seed: int = 1) -> Frame:
    """Returns a frame with every code, legal or not."""
    rng = np.random.default_rng(seed)
    across, down = {"420": (2, 2), "422": (2, 1), "444": (1, 1)}[film.chroma]
    kind = np.uint8 if film.depth == 8 else np.uint16

    def plane(w: int, h: int) -> Array:
        # Rows wider than the picture, as decoders have them.
        return rng.integers(0, 1 << film.depth, (h, w + 13)).astype(kind)[:, :w]

    half = (film.width // across, film.height // down)
    return Frame(plane(film.width, film.height), plane(*half), plane(*half))


def raster(width: int, height: int, left: int, top: int, seed: int = 2) -> Raster:
    rng = np.random.default_rng(seed)
    rgba = rng.random((height, width, 4), dtype=np.float32)
    rgba[..., 3] = rng.choice([0.0, 0.2, 0.5, 0.93, 1.0], (height, width))
    return Raster(rgba, left, top)


def code_of(rgb: Array, film: Format) -> tuple[float, float, float]:
    """Returns one colour's Y'CbCr codes, from BT.709's and BT.601's own equations."""
    kr, kb = film.colour.luma_weights
    r, g, b = (float(c) for c in rgb)
    y = kr * r + (1 - kr - kb) * g + kb * b
    cb, cr = (b - y) / (2 - 2 * kb), (r - y) / (2 - 2 * kr)
    n = 2 ** (film.depth - 8)
    if film.colour.range == "full":
        top = 256 * n - 1
        return y * top, min(max(cb * top + 128 * n, 0), top), min(max(cr * top + 128 * n, 0), top)
    return (219 * y + 16) * n, (224 * cb + 128) * n, (224 * cr + 128) * n


def by_hand(frame: Frame, made: Raster, film: Format, pose: Pose) -> list[Array]:
    """Returns each sample as the weighted mean of the luma positions its filter reads, in float64."""
    height, width = made.rgba.shape[:2]

    def layer(x: int, y: int) -> tuple[float, tuple[float, float, float]]:
        col, row = x - made.left - pose.dx, y - made.top - pose.dy
        if not (0 <= col < width and 0 <= row < height):
            return 0.0, (0.0, 0.0, 0.0)
        return float(made.rgba[row, col, 3]) * pose.opacity, code_of(made.rgba[row, col, :3], film)

    across, down = {"420": (2, 2), "422": (2, 1), "444": (1, 1)}[film.chroma]
    taps_x = [(-1, 0.25), (0, 0.5), (1, 0.25)] if across == 2 else [(0, 1.0)]
    taps_y = [(0, 0.5), (1, 0.5)] if down == 2 else [(0, 1.0)]
    out = [p.astype(np.float64) for p in (frame.y, frame.cb, frame.cr)]
    for index, plane in enumerate(out):
        sx, sy = ((1, 1), (across, down))[index > 0]
        reads = [(0, 0, 1.0)] if index == 0 else [(dx, dy, a * b) for dx, a in taps_x for dy, b in taps_y]
        for row, col in np.ndindex(plane.shape):
            seen = [(weight, *layer(col * sx + dx, row * sy + dy)) for dx, dy, weight in reads]
            share = sum(weight * alpha for weight, alpha, _ in seen)
            plane[row, col] = plane[row, col] * (1 - share) + sum(w * a * code[index] for w, a, code in seen)
    return out


def copied(frame: Frame) -> Frame:
    return Frame(frame.y.copy(), frame.cb.copy(), frame.cr.copy())


def planes(frame: Frame) -> tuple[Array, Array, Array]:
    return frame.y, frame.cb, frame.cr


@pytest.mark.parametrize("opacity", [1.0, 0.6, 1 / 7])
@pytest.mark.parametrize("at", [(4, 6), (5, 7), (-3, -5), (23, 17)])
@pytest.mark.parametrize(
    "film",
    [
        canvas(),
        canvas(10),
        canvas(8, "422"),
        canvas(10, "422", BT2020),
        canvas(8, "420", FULL_601),
        canvas(8, "444"),
    ],
    ids=["8-420", "10-420", "8-422", "10-422-2020", "full-601", "444"],
)
def test_a_blend_is_within_one_code_of_the_float_mix(
    film: Format, at: tuple[int, int], opacity: float
) -> None:
    frame, made, pose = noise(film), raster(13, 11, *at), Pose(opacity)
    expected = by_hand(frame, made, film, pose)
    blend_overlay(frame, Overlay(made, film), pose)
    for got, want in zip(planes(frame), expected, strict=True):
        assert np.abs(got - want).max() <= 1.01


@given(dx=st.integers(-9, 9), dy=st.integers(-9, 9), left=st.integers(-6, 30), top=st.integers(-6, 22))
@settings(max_examples=25, deadline=None)
def test_a_moved_layer_is_the_layer_drawn_there(dx: int, dy: int, left: int, top: int) -> None:
    film = canvas()
    moved, drawn = noise(film), noise(film)
    blend_overlay(moved, Overlay(raster(7, 5, left, top), film), Pose(1.0, dx, dy))
    blend_overlay(drawn, Overlay(raster(7, 5, left + dx, top + dy), film), Pose())
    assert all(np.array_equal(a, b) for a, b in zip(planes(moved), planes(drawn), strict=True))


@pytest.mark.parametrize("opacity", [1.0, 0.5, 0.001])
@pytest.mark.parametrize("depth", [8, 10])
def test_alpha_0_leaves_every_bit(depth: Literal[8, 10], opacity: float) -> None:
    film = canvas(depth)
    frame = noise(film)
    before = copied(frame)
    rgba = np.ones((10, 10, 4), np.float32)
    rgba[..., 3] = 0
    blend_overlay(frame, Overlay(Raster(rgba, 5, 5), film), Pose(opacity))
    assert all(np.array_equal(a, b) for a, b in zip(planes(frame), planes(before), strict=True))


@pytest.mark.parametrize(
    ("rgb", "codes"),
    [
        ((1, 1, 1), (235, 128, 128)),
        ((0, 0, 0), (16, 128, 128)),
        ((1, 0, 0), (63, 102, 240)),  # BT.709 red, 8-bit limited
        ((0, 0, 1), (32, 240, 118)),
    ],
)
@pytest.mark.parametrize("depth", [8, 10])
def test_alpha_1_gives_the_colours_own_code(
    rgb: tuple[float, ...], codes: tuple[int, ...], depth: Literal[8, 10]
) -> None:
    film = canvas(depth)
    frame = noise(film)
    rgba = np.empty((12, 12, 4), np.float32)
    rgba[:] = (*rgb, 1)
    blend_overlay(frame, Overlay(Raster(rgba, 4, 4), film), Pose())
    scale = 4 if depth == 10 else 1
    assert np.abs(frame.y[4:16, 4:16].astype(int) - codes[0] * scale).max() <= scale // 2
    for plane, code in ((frame.cb, codes[1]), (frame.cr, codes[2])):
        inside = plane[2:8, 3:8].astype(int)
        assert np.ptp(inside) == 0
        assert np.abs(inside - code * scale).max() <= scale // 2


def test_nothing_outside_the_box_is_written() -> None:
    film = canvas()
    frame = noise(film)
    before = copied(frame)
    blend_overlay(frame, Overlay(raster(6, 5, 9, 7), film), Pose())
    untouched = np.ones(frame.y.shape, bool)
    untouched[7:12, 9:15] = False
    assert np.array_equal(frame.y[untouched], before.y[untouched])
    # Luma columns 9..14 and rows 7..11 reach chroma columns 4..7 and rows 3..5.
    far = np.ones(frame.cb.shape, bool)
    far[3:6, 4:8] = False
    assert np.array_equal(frame.cb[far], before.cb[far])
    assert not np.array_equal(frame.cb, before.cb)


def test_the_right_edge_reaches_the_chroma_sample_level_with_the_next_column() -> None:
    film = canvas()
    frame = Frame(*(np.full(p.shape, 128, np.uint8) for p in planes(noise(film))))
    rgba = np.empty((4, 4, 4), np.float32)
    rgba[:] = (1, 0, 0, 1)
    blend_overlay(frame, Overlay(Raster(rgba, 4, 4), film), Pose())
    # Cr 240 by the filter's share: column 2 has x 3, 4, 5; column 4 has x 7, 8, 9.
    assert frame.cr[2, 1:6].tolist() == [128, 128 + 84, 240, 128 + 28, 128]


@pytest.mark.parametrize("colour_outside", [0.0, 1.0])
def test_colour_under_clear_pixels_makes_no_fringe(colour_outside: float) -> None:
    film = canvas()
    frame = Frame(
        *(np.full(p.shape, c, np.uint8) for p, c in zip(planes(noise(film)), (235, 128, 128), strict=True))
    )
    rgba = np.full((8, 8, 4), colour_outside, np.float32)
    rgba[..., 3] = 0
    rgba[2:6, 2:6] = 1
    rgba[1, 1:7] = rgba[6, 1:7] = (1, 1, 1, 0.5)
    blend_overlay(frame, Overlay(Raster(rgba, 5, 5), film), Pose())
    # White over white is white, at edges too.
    assert [np.unique(p).tolist() for p in planes(frame)] == [[235], [128], [128]]


def test_a_layer_wholly_outside_changes_nothing() -> None:
    film = canvas()
    frame = noise(film)
    before = copied(frame)
    for left, top in ((-40, 0), (0, -40), (40, 0), (0, 40)):
        blend_overlay(frame, Overlay(raster(8, 8, left, top), film), Pose())
    blend_overlay(frame, Overlay(raster(8, 8, 4, 4), film), Pose(0.0))
    assert all(np.array_equal(a, b) for a, b in zip(planes(frame), planes(before), strict=True))


def test_alpha_past_1_is_1() -> None:
    film = canvas()
    first, second = noise(film), noise(film)
    for frame, alpha in ((first, 1.0), (second, 1.7)):
        rgba = np.full((6, 6, 4), 0.5, np.float32)
        rgba[..., 3] = alpha
        blend_overlay(frame, Overlay(Raster(rgba, 3, 3), film), Pose())
    assert all(np.array_equal(a, b) for a, b in zip(planes(first), planes(second), strict=True))


def test_blending_twice_from_one_overlay_gives_the_same() -> None:
    film = canvas(10)
    overlay, first, second = Overlay(raster(20, 16, 3, 3), film), noise(film), noise(film)
    for frame in (first, second):
        blend_overlay(frame, overlay, Pose(0.37, 1, 1))
    assert all(np.array_equal(a, b) for a, b in zip(planes(first), planes(second), strict=True))


@pytest.mark.parametrize("opacity", [0.25, 0.999])
def test_a_flat_fade_is_the_exact_mix(opacity: float) -> None:
    film = canvas(10)
    frame = Frame(*(np.full(p.shape, 940, np.uint16) for p in planes(noise(film))))
    rgba = np.zeros((24, 32, 4), np.float32)
    rgba[..., 3] = 1
    blend_overlay(frame, Overlay(Raster(rgba, 0, 0), film), Pose(opacity))
    assert abs(float(frame.y[8, 8]) - (940 * (1 - opacity) + 64 * opacity)) <= 0.55


def premultiplied(made: Raster) -> Raster:
    rgba = made.rgba.copy()
    rgba[..., :3] *= rgba[..., 3:]
    return Raster(rgba, made.left, made.top, premultiplied=True)


FILMS = [canvas(), canvas(10, "422", BT2020), canvas(8, "420", FULL_601), canvas(8, "444")]


@pytest.mark.parametrize("film", FILMS)
@pytest.mark.parametrize("at", [(4, 6), (-3, 7), (23, -5), (0, 0)])
def test_premultiplied_colours_give_the_picture_of_straight_ones(film: Format, at: tuple[int, int]) -> None:
    straight, multiplied = noise(film), noise(film)
    made = raster(13, 11, *at)
    blend_overlay(straight, Overlay(made, film), Pose(0.8))
    blend_overlay(multiplied, Overlay(premultiplied(made), film), Pose(0.8))
    for a, b in zip(planes(straight), planes(multiplied), strict=True):
        assert np.abs(a.astype(int) - b).max() <= 1  # what float32 rounds otherwise, at a half
        assert (a == b).mean() > 0.99


@pytest.mark.parametrize("film", FILMS)
@pytest.mark.parametrize("at", [(4, 6), (-3, 7), (23, -5)])
def test_flat_colours_over_each_other_give_the_picture_of_their_raster(
    film: Format, at: tuple[int, int]
) -> None:
    rng, flat_frame, frame = np.random.default_rng(5), noise(film), noise(film)
    alphas = tuple(rng.choice([0.0, 0.3, 0.9, 1.0], (11, 13)).astype(np.float32) for _ in range(3))
    flat = FlatRaster(alphas, ((0, 0, 0), (1, 0.2, 0.1), (0.1, 0.9, 1)), *at)
    blend_overlay(flat_frame, Overlay(flat, film), Pose(0.7))
    blend_overlay(frame, Overlay(flat.to_raster(), film), Pose(0.7))
    for a, b in zip(planes(flat_frame), planes(frame), strict=True):
        assert np.abs(a.astype(int) - b).max() <= 1
        assert (a == b).mean() > 0.99
    assert np.allclose(flat.alpha, flat.to_raster().alpha, atol=1e-6)


@pytest.mark.parametrize("mode", ["normal", "multiply", "screen", "overlay", "add"])
def test_a_layer_over_the_whole_frame_has_its_own_colour_at_every_edge(mode: str) -> None:
    film = canvas()
    frame = Frame(*(np.full(p.shape, 128, np.uint8) for p in planes(noise(film))))
    rgba = np.empty((film.height, film.width, 4), np.float32)
    rgba[:] = (1, 0, 0, 1)
    blend_overlay(frame, Overlay(Raster(rgba, 0, 0, blend=mode), film), Pose())
    assert [np.ptp(plane) for plane in planes(frame)] == [0, 0, 0]


@pytest.mark.parametrize("mode", BLEND_MODES)
@pytest.mark.parametrize("depth", [8, 10])
def test_alpha_0_leaves_every_bit_in_every_mode(mode: str, depth: Literal[8, 10]) -> None:
    film = canvas(depth)
    frame, clear = noise(film), raster(9, 8, 5, 5)
    before = copied(frame)
    clear.rgba[..., 3] = 0
    blend_overlay(frame, Overlay(replace(clear, blend=mode), film), Pose())
    blend_overlay(frame, Overlay(replace(raster(9, 8, 60, 5), blend=mode), film), Pose())  # outside
    assert all(np.array_equal(a, b) for a, b in zip(planes(frame), planes(before), strict=True))


@pytest.mark.parametrize("mode", BLEND_MODES)
@pytest.mark.parametrize("film", FILMS)
def test_flat_colours_are_blended_as_the_mode_says(mode: str, film: Format) -> None:
    """Both flat, so that no chroma filter is seen: what the planes show is the mode's colour, within a code."""
    below, layer, alpha = (0.3, 0.55, 0.8), (0.7, 0.4, 0.25), 0.6
    frame = Frame(*(p.copy() for p in planes(noise(film))))
    for plane, code in zip(planes(frame), code_of(np.array(below), film), strict=True):
        plane[:] = round(code)
    rgba = np.empty((film.height, film.width, 4), np.float32)
    rgba[:] = (*layer, alpha)
    blend_overlay(frame, Overlay(Raster(rgba, 0, 0, blend=mode), film), Pose())
    cells = [np.array(colour, np.float32).reshape(3, 1, 1) for colour in (below, layer)]
    step = blended(mode, cells[0], cells[1], np.full((1, 1), alpha, np.float32))
    wanted = code_of(np.array(below) + step[:, 0, 0], film)
    for plane, code in zip(planes(frame), wanted, strict=True):
        assert np.ptp(plane) == 0
        assert (
            abs(float(plane[0, 0]) - code) <= 1.6
        )  # the picture's own codes were rounded: up to 2 of a channel


@pytest.mark.parametrize("mode", ["screen", "normal"])
def test_a_moved_layer_is_the_layer_drawn_there_in_every_mode(mode: str) -> None:
    film = canvas()
    moved, drawn = noise(film), noise(film)
    blend_overlay(moved, Overlay(replace(raster(7, 5, 6, 5), blend=mode), film), Pose(0.6, -9, 3))
    blend_overlay(drawn, Overlay(replace(raster(7, 5, -3, 8), blend=mode), film), Pose(0.6))
    assert all(np.array_equal(a, b) for a, b in zip(planes(moved), planes(drawn), strict=True))
