from __future__ import annotations

import numpy as np
import pytest

from post.errors import JobError
from post.knob import Series
from post.picture.grain.grain import Grain
from post.picture.grain.spectrum import flatten_rows, read_spectrum, shape_noise
from post.picture.kernel import Noise
from post.picture.kernel.noise import TORUS
from post.values.array import Array

FALLING: Series = (8.0, 8.0, 6.0, 3.0, 0.0, -3.0, -5.0, -6.0, -7.0)
# The first samples of the Gaussian field at size 1.4, seed 1, 64 x 64, as the first release made them.
GOLDEN = [0.73157, -0.44608, -0.89147, 1.40556, -0.3496, 0.20995]
STEPS = np.linspace(0, 0.5, 9)


def table() -> tuple[Series, ...]:
    """Returns a spectrum whose grain is coarser across than down."""
    return tuple(tuple(8 - 30 * np.hypot(y * 0.7, x * 1.4) for x in STEPS) for y in STEPS)


def decibels(field: Array) -> Array:
    """Returns a field's spectrum at the nodes, (9, 9), averaged over its tiles."""
    tiles = (
        field.reshape(field.shape[0] // 64, 64, field.shape[1] // 64, 64).swapaxes(1, 2).reshape(-1, 64, 64)
    )
    window = np.outer(np.hanning(66)[1:-1], np.hanning(66)[1:-1])
    power = (np.abs(np.fft.fft2(tiles * window)) ** 2).mean(0)
    power = (power + power[-np.arange(64)]) / 2
    around = sum(np.roll(power, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)) / 9
    return np.asarray(10 * np.log10(around[:33:4, :33:4] / power.mean()))


def test_a_spectrum_passes_through_its_nodes() -> None:
    spectrum = read_spectrum(flatten_rows(table()), "grain.spectrum")
    power = spectrum.power(STEPS[:, None], STEPS[None])
    assert 10 * np.log10(power) == pytest.approx(np.array(table()))


def test_one_row_is_for_all_directions() -> None:
    spectrum = read_spectrum(FALLING, "grain.spectrum")
    along = 10 * np.log10(spectrum.power(np.zeros((1, 9)), STEPS[None]))[0]
    assert along == pytest.approx(np.array(FALLING))
    turned = spectrum.power(np.array(0.15), np.array(0.2)), spectrum.power(np.array(0.25), np.array(0.0))
    assert turned[0] == pytest.approx(turned[1])


def test_there_is_no_power_where_the_spectrum_knows_none() -> None:
    assert read_spectrum(FALLING, "x").power(np.array([0.51, 0.0]), np.array([0.0, 0.49])).tolist()[0] == 0


@pytest.mark.parametrize("given", [FALLING, flatten_rows(table())])
def test_a_field_has_the_spectrum_it_is_given(given: Series) -> None:
    white = np.random.default_rng(1).standard_normal((1024, 1024)).astype(np.float32)
    spectrum = read_spectrum(given, "x")
    field = shape_noise(white, spectrum, 1.0)
    assert (field.std(), field.mean()) == pytest.approx((1, 0), abs=1e-4)
    steps = np.fft.fftfreq(128)
    mean = spectrum.power(steps[:, None], steps[None]).mean()
    asked = 10 * np.log10(spectrum.power(STEPS[:, None], STEPS[None]) / mean)
    off = (decibels(field) - asked)[1:, 1:]
    assert np.sqrt((off**2).mean()) < 0.3


def test_grain_is_as_large_on_screen_whatever_the_frame() -> None:
    """At twice the lines, half the frequency."""
    small, large = (
        Grain(strength=1, spectrum=FALLING, lines=540).square(256, lines) for lines in (540, 1080)
    )
    assert large[:64, 0] / large[0, 0] == pytest.approx(small[:128:2, 0] / small[0, 0])


def test_a_stage_refuses_a_wrong_number_of_steps() -> None:
    for count in (2, 18, 82):
        with pytest.raises(JobError, match="wrong number of steps"):
            Grain(spectrum=(0.0,) * count)
    with pytest.raises(JobError, match=r"grain\.tones"):
        Grain(tones=(1.0,))


def test_tones_go_from_black_to_white_in_equal_steps() -> None:
    grain = Grain(strength=2.0, tones=(0.5, 1.0, 0.8, 0.6, 0.1))
    read = grain.sigma(np.array([16, 70.75, 125.5, 180.25, 235, 255]) / 255)
    assert read == pytest.approx([1.0, 2.0, 1.6, 1.2, 0.2, 0.2])


def test_colour_has_a_spectrum_of_its_own() -> None:
    white: Series = (0.0, 0.0, 0.0)
    noise = Noise.of(
        Grain(strength=3.0, chroma=0.5, spectrum=FALLING, chroma_spectrum=white, lines=540), 540, 960, "420"
    )
    nearby = [
        float(np.corrcoef(f[:, 1:].ravel(), f[:, :-1].ravel())[0, 1]) for f in (noise.luma, noise.colour)
    ]
    assert nearby[0] > 0.5
    assert abs(nearby[1]) < 0.01


def test_a_spectrum_of_colour_counts_chromas_own_samples() -> None:
    """Of a picture of as many lines, half as many of them chroma's, it holds as it stands; at twice the lines,
    half the frequency."""
    grain = Grain(strength=1, chroma=0.5, spectrum=(0.0, 0.0, 0.0), chroma_spectrum=FALLING, lines=1080)
    spectrum = read_spectrum(FALLING, "x")
    same, finer = grain.colour_square(256, 540), grain.colour_square(256, 1080)
    assert same == pytest.approx(spectrum.square(256))
    assert finer[:64, 0] / finer[0, 0] == pytest.approx(same[:128:2, 0] / same[0, 0])
    steps = np.fft.fftfreq(128)
    mean = spectrum.power(steps[:, None], steps[None]).mean()
    asked = 10 * np.log10(spectrum.power(STEPS[:, None], STEPS[None]) / mean)
    off = (decibels(grain.colour_tile(1024, 1024, 540)) - asked)[1:, 1:]
    assert np.sqrt((off**2).mean()) < 0.3


def test_colour_without_a_spectrum_of_its_own_is_as_large_on_screen_as_brightness() -> None:
    """One sample of chroma spans two of luma, down and across: half the frequency of luma's samples."""
    for grain in (Grain(strength=1, spectrum=FALLING, lines=1080), Grain(strength=1, size=3.0)):
        colour, luma = grain.colour_square(256, 540)[:64, 0], grain.square(512, 1080)[:64, 0]
        assert colour / colour[0] == pytest.approx(luma / luma[0])


def test_chroma_planes_of_half_the_lines_get_the_grain_of_half_the_lines() -> None:
    grain = Grain(strength=3.0, chroma=0.5, chroma_spectrum=FALLING, lines=256)
    noise = Noise.of(grain, 256, 256, "420")
    height, width = noise.colour.shape
    drawn = grain.colour_tile(height, width, 128)
    assert np.abs(noise.colour - np.clip(drawn * 32, -127, 127)).max() <= 1


@pytest.mark.parametrize("lines", [360, 1080, 2160])
def test_neighbouring_frames_share_no_measured_grain(lines: int) -> None:
    """The grain is coarse, from 720-line footage; the rasters are smaller and larger than that."""
    grain = Grain(strength=6.0, spectrum=FALLING, lines=720, chroma=1.0)
    height, width = lines, lines * 16 // 9
    noise = Noise.of(grain, height, width, "420")
    windows = [noise.window(0, frame, height, width).astype(np.float32).ravel() for frame in range(7)]
    # A field whose grains are `wide` holds fewer independent samples than pixels.
    wide = 2 * max(1.0, lines / 720)
    limit = max(0.01, 4 * wide / np.sqrt(min(height, TORUS) * min(width, TORUS)))
    assert max(abs(np.corrcoef(a, b)[0, 1]) for a, b in zip(windows, windows[1:], strict=False)) < limit


def test_the_default_grain_is_the_gaussian_it_was() -> None:
    """Pins a few samples of the field of the stage's version 1."""
    field = Grain(strength=1.0, size=1.4, seed=1).tile(64, 64, 1080)
    assert field[:2, :3].ravel().tolist() == pytest.approx(GOLDEN, abs=1e-4)
