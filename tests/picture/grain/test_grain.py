from __future__ import annotations

import numpy as np
import pytest

from post.picture.grain.grain import Grain
from post.picture.kernel import KernelSpec, Noise, Planes, bake_lut, new_planes, open_kernel
from post.picture.kernel.noise import DITHER_ROWS, NEAR, WINDOWS, CrossedNoise, dither_field, dither_places
from post.values.array import Array
from post.values.claim import ALGORITHMIC
from post.values.colour import BT709
from post.values.time import Span

HEIGHT, WIDTH = 360, 640
FILM = Span(0, 24)
LOOK = bake_lut(lambda rgb: rgb * 0.999, BT709, BT709)


def grey(luma: int, depth: int) -> Planes:
    kind, up = (np.uint8, 1) if depth == 8 else (np.uint16, 4)
    small = np.full((HEIGHT // 2, WIDTH // 2), 128 * up, kind)
    return Planes(np.full((HEIGHT, WIDTH), luma * up, kind), small, small.copy())


def grained(luma: int, depth: int, noise: Noise | None, frame: int = 0) -> Planes:
    out = new_planes(HEIGHT, WIDTH, 8 if depth == 8 else 10, "420")
    shape = KernelSpec(8 if depth == 8 else 10, 8 if depth == 8 else 10, "420", BT709, BT709)
    open_kernel(shape).grade(grey(luma, depth), out, LOOK, noise, frame)
    return out


def correlation(a: Array, b: Array) -> float:
    return float(np.corrcoef(a.ravel().astype(float), b.ravel().astype(float))[0, 1])


@pytest.mark.parametrize("depth", [8, 10])
@pytest.mark.parametrize("strength", [1.5, 4.0])
def test_grain_is_as_strong_as_asked_at_every_brightness(depth: int, strength: float) -> None:
    grain = Grain(strength=strength, size=0.7, chroma=0.6)
    noise, unit = Noise.of(grain, HEIGHT, WIDTH, "420"), 1 if depth == 8 else 4
    for luma in (40, 80, 126, 170, 210):
        out = grained(luma, depth, noise)
        asked = float(grain.sigma(np.array([luma / 255]))[0])
        assert out.y.std() / unit == pytest.approx(asked, rel=0.03), luma
        if asked * 0.6 > 1:
            assert out.cb.std() / unit == pytest.approx(asked * 0.6, rel=0.03), luma
        assert abs(out.y.mean() / unit - grained(luma, depth, None).y.mean() / unit) < 0.05


def test_the_shares_apply_at_black_mid_grey_and_white() -> None:
    grain = Grain(strength=2.0, shadows=0.5, mids=1.0, highlights=0.25)
    black, middle, white = grain.sigma(np.array([16, 125.5, 235]) / 255)
    assert (black, middle, white) == pytest.approx((1.0, 2.0, 0.5))


@pytest.mark.parametrize("size", [1.4, 6.0])
def test_neighbouring_frames_and_planes_share_no_grain(size: float) -> None:
    noise = Noise.of(Grain(strength=6.0, size=size, chroma=1.0), 1080, 1920, "420")
    windows = [noise.window(0, frame, 1080, 1920) for frame in range(9)]
    # A field of grains `size` wide holds fewer independent samples than pixels.
    limit = max(0.01, 4 * size / np.sqrt(1080 * 1920))
    assert max(abs(correlation(a, b)) for a, b in zip(windows, windows[1:], strict=False)) < limit
    cb, cr = (noise.window(plane, 5, 540, 960) for plane in (1, 2))
    assert abs(correlation(cb, cr)) < 2 * limit
    assert abs(correlation(windows[5][::2, ::2], cb)) < 2 * limit


@pytest.mark.parametrize("plane", [0, 1, 2])
@pytest.mark.parametrize("first", [0, 65536 * 77 + 1001])
def test_in_a_minute_of_a_shot_no_frame_reads_a_window_near_another_ones(plane: int, first: int) -> None:
    noise = Noise.of(Grain(strength=6.0, chroma=1.0), 64, 64, "422")
    field = noise.colour if plane else noise.luma
    base = field.__array_interface__["data"][0]
    places = [
        noise.window(plane, first + k, 64, 64 if plane == 0 else 32).__array_interface__["data"][0] - base
        for k in range(WINDOWS)
    ]
    rows, columns = np.divmod(np.array(places), field.shape[1])
    assert np.abs(np.diff(rows)).min() >= 32  # of neighbours
    apart = {(row // NEAR, column // NEAR) for row, column in zip(rows, columns, strict=True)}
    assert len(apart) == WINDOWS == 1536
    assert len({(row % NEAR, column % NEAR) for row, column in zip(rows, columns, strict=True)}) == 1


def test_windows_are_read_in_no_order_that_an_eye_could_follow() -> None:
    noise = Noise.of(Grain(strength=6.0), 64, 64, "420")
    base = noise.luma.__array_interface__["data"][0]
    places = [
        noise.window(0, 2 * k, 64, 64).__array_interface__["data"][0] - base for k in range(WINDOWS // 2)
    ]
    steps = np.diff(places)
    assert np.unique(steps, return_counts=True)[1].max() <= 8


@pytest.mark.parametrize(("size", "lines"), [(2.0, 1080), (3.0, 1080), (3.0, 2160)])
def test_a_grain_is_as_wide_as_asked_and_scales_with_the_frame(size: float, lines: int) -> None:
    field = Grain(strength=1.0, size=size).tile(512, 512, lines)
    assert field.dtype == np.float32
    assert (field.std(), field.mean()) == pytest.approx((1.0, 0.0), abs=1e-3)
    power = np.abs(np.fft.fft2(field)) ** 2
    along = np.fft.ifft2(power).real[0, :64]
    wide = size * lines / 1080
    expected = np.exp(-4 * np.log(2) * (np.arange(1, 1 + int(wide)) / wide) ** 2)
    assert along[1 : 1 + int(wide)] / along[0] == pytest.approx(expected, abs=0.06)


def test_grain_is_the_same_on_every_machine() -> None:
    """Pins the first samples of Philox's stream, so that a farm of different machines makes one film."""
    field = Grain(strength=1.0, size=0.5, seed=7).tile(64, 64, 54)
    again = Grain(strength=5.0, size=0.5, seed=7).tile(64, 64, 54)
    assert np.array_equal(field, again)
    words = np.random.Philox(key=7).random_raw(1).view(np.uint8).sum()
    assert field[0, 0] == pytest.approx((words - 1020) / np.sqrt(8 * 65535 / 12), abs=0.05)
    assert not np.array_equal(field, Grain(strength=1.0, size=0.5, seed=8).tile(64, 64, 54))


def test_dither_is_triangular_and_two_steps_wide() -> None:
    field = dither_field(640).astype(float) / 128
    assert field.mean() == pytest.approx(0, abs=0.005)
    assert field.var() == pytest.approx(1 / 6, rel=0.01)
    assert abs(field).max() < 1
    # Of a triangle over -1..+1, (1 - x)**2 lies beyond x; 128 levels blur that by half a level.
    for beyond in (0.25, 0.5, 0.75):
        assert (abs(field) > beyond).mean() == pytest.approx((1 - beyond) ** 2, abs=0.008)


def test_dither_rows_change_from_row_to_row_and_frame_to_frame() -> None:
    (y, cb, cr), (later, _, _) = (dither_places(frame, 1080, 540) for frame in (10, 11))
    assert len({tuple(p) for p in y}) > 1000
    assert (y != later).any(axis=1).mean() > 0.99
    assert (cb != cr).any(axis=1).mean() > 0.99
    assert y[:, 1].max() < DITHER_ROWS


def test_no_grain_declares_nothing_and_grain_declares_its_knobs() -> None:
    assert Grain().declare(FILM) is None
    action = Grain(strength=2.5).declare(FILM)
    assert action is not None
    assert (action.name, action.source_type) == ("c2pa.filtered", ALGORITHMIC)
    assert dict(action.parameters)["org.answerprint.grain.strength"] == 2.5


def test_shots_with_different_strengths_of_one_grain_share_its_fields() -> None:
    grain = Grain(strength=2.5, shadows=0.3, chroma=0.4, tones=(0.1, 1.0, 0.5))
    whole, shared = Noise.of(grain, 64, 96, "420"), Noise.of(grain.texture, 64, 96, "420").as_strong_as(grain)
    assert np.array_equal(whole.luma, shared.luma)
    assert np.array_equal(whole.colour, shared.colour)
    assert np.array_equal(whole.sigma, shared.sigma)
    assert (whole.chroma_share, whole.seed) == (shared.chroma_share, shared.seed)
    assert grain.texture == Grain(strength=9.0, highlights=0.1, chroma=0.7).texture
    assert grain.texture != Grain(seed=2, chroma=0.7).texture


def test_in_a_transition_the_variance_goes_from_one_grain_to_the_other() -> None:
    a, b = (Noise.of(Grain(strength=s, chroma=c), 64, 96, "420") for s, c in ((3.0, 0.2), (1.0, 0.6)))
    half = CrossedNoise((a, b), (7, 70001), 0.5)
    mean = np.sqrt((a.sigma**2 + b.sigma**2) / 2)
    assert half.curve(0, 0) == pytest.approx(1024 * mean, abs=1)
    colour = np.sqrt(((0.2 * a.sigma) ** 2 + (0.6 * b.sigma) ** 2) / 2)
    assert half.curve(1, 0) == pytest.approx(1024 * colour, abs=1)
    for weight, end in ((0.0, a), (1.0, b)):
        assert CrossedNoise((a, b), (7, 70001), weight).curve(0, 0) == pytest.approx(end.curve(0, 0))


def test_in_a_transition_each_shot_carries_its_own_grain() -> None:
    noise = Noise.of(Grain(strength=3.0), 360, 640, "420")
    seeds = 7, 70001
    going, coming = (noise.window(0, seed, 360, 640) for seed in seeds)
    for weight in (0.0, 0.1, 0.5, 1.0):
        made = CrossedNoise((noise, noise), seeds, weight).window(0, 0, 360, 640)
        assert made.std() == pytest.approx(32, rel=0.02)
        shares = correlation(made, going), correlation(made, coming)
        assert shares == pytest.approx((np.sqrt(1 - weight), np.sqrt(weight)), abs=0.02)


@pytest.mark.parametrize("coloured_first", [True, False])
def test_colour_grain_fades_in_a_transition_to_a_grain_without_it(coloured_first: bool) -> None:
    a, b = (Noise.of(Grain(strength=3.0, chroma=c), 64, 96, "420") for c in (0.5, 0.0))
    pair = (a, b) if coloured_first else (b, a)
    mixed = CrossedNoise(pair, (7, 70001), 0.25)
    left = 0.75 if coloured_first else 0.25
    strengths = mixed.curve(1, 0), a.curve(1, 0)
    assert strengths[0] == pytest.approx(strengths[1] * np.sqrt(left), abs=1)
    for plane in (1, 2):
        assert mixed.window(plane, 7, 32, 48).std() == pytest.approx(32, rel=0.1)
