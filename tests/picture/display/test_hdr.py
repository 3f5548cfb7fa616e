"""PQ, HLG and their fit to SDR, against the standards' own numbers and formulae written here."""

from __future__ import annotations

import math

import numpy as np
import PyOpenColorIO as ocio  # noqa: N813
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from post.picture.colour.develop import CONFIG
from post.picture.display.convert import convert_colour
from post.picture.display.hdr import CURVES, WHITE, bt2390, bt2446_c, hlg_light, pq_light, pq_signal
from post.picture.display.primaries import matrix_between
from post.values.array import Array
from post.values.colour import BT709, HLG, PQ, Colour

SYSTEMS = [Colour(9, PQ, 9), Colour(9, HLG, 9), Colour(12, PQ, 9)]


def grey(value: float) -> Array:
    return np.full((1, 3), value)


@pytest.mark.parametrize(
    ("system", "display"), [(PQ, "Rec.2100-PQ - Display"), (HLG, "Rec.2100-HLG - Display")]
)
def test_opencolorio_reads_the_same_light(system: int, display: str) -> None:
    config = ocio.Config.CreateFromFile(CONFIG)
    # The configuration's display-referred space has 1 for 100 cd/m2.
    transform = ocio.ColorSpaceTransform(src=display, dst="CIE XYZ-D65 - Display-referred")
    theirs = config.getProcessor(transform).getOptimizedCPUProcessor(ocio.OPTIMIZATION_LOSSLESS)
    pixels = np.random.default_rng(3).uniform(0.05, 0.75, (256, 3)).astype(np.float32)
    light = pq_light(pixels.astype(np.float64)) if system == PQ else hlg_light(pixels.astype(np.float64), 9)
    # H.273's code 10 is XYZ with the white of equal energy: from D65, its weights alone are taken.
    luminance = light @ np.array([0.2627002, 0.6779981, 0.0593017]) / 100
    theirs.applyRGB(pixels)
    assert luminance == pytest.approx(pixels[:, 1], rel=2e-4)


def test_the_standards_own_numbers() -> None:
    # ITU-R BT.2408-7, Table 1: HLG 75 % is 203 cd/m2, PQ 58 % as well; 38 % is 26.
    assert hlg_light(grey(0.75), 9)[0, 0] == pytest.approx(203, abs=0.5)
    assert pq_light(grey(0.58))[0, 0] == pytest.approx(203, abs=3)
    assert hlg_light(grey(0.38), 9)[0, 0] == pytest.approx(26, abs=0.5)
    # ITU-R BT.2100-2, Table 4.
    assert pq_light(np.array([0.0, 1.0])) == pytest.approx([0, 10000])
    assert pq_signal(pq_light(np.linspace(0, 1, 50))) == pytest.approx(np.linspace(0, 1, 50), abs=1e-6)


def test_the_curve_of_method_c() -> None:
    """ITU-R BT.2446-1, 5.1.4."""
    for nits in (0.5, 20.0, 58.0, 69.0, 70.0, 100.0, 203.0, 500.0, 1000.0):
        bend = 58.5 / 0.83802
        wanted = 0.83802 * nits if nits < bend else 15.09968 * math.log(nits / bend - 0.74204) + 78.99439
        assert bt2446_c(np.array([nits]), 0)[0] * 100 == pytest.approx(wanted)


def test_the_curve_of_bt2390() -> None:
    """ITU-R BT.2390-11, 5.4.1, with a black of 0."""

    def code(nits: float) -> float:
        power = (nits / 10000) ** (2610 / 16384)
        return float(((3424 / 4096 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375)

    for peak in (400.0, 1000.0, 4000.0):
        for nits in (1.0, 50.0, 150.0, 203.0, 390.0):
            most = code(203) / code(peak)
            start, e1 = 1.5 * most - 0.5, code(nits) / code(peak)
            t = (e1 - start) / (1 - start)
            p = (
                (2 * t**3 - 3 * t**2 + 1) * start
                + (t**3 - 2 * t**2 + t) * (1 - start)
                + (-2 * t**3 + 3 * t**2) * most
            )
            wanted = (p if e1 >= start else e1) * code(peak)
            assert code(float(bt2390(np.array([nits]), peak)[0]) * 203) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("colour", SYSTEMS, ids=str)
@pytest.mark.parametrize("method", CURVES)
def test_white_stays_white_and_grey_grey_and_brighter_is_never_darker(colour: Colour, method: str) -> None:
    ramp = np.repeat(np.linspace(0, 1, 1025)[:, None], 3, 1)
    made = convert_colour(ramp, colour, BT709, method)
    assert np.abs(made - made.mean(1, keepdims=True)).max() < 1e-4
    assert np.diff(made.mean(1)).min() > -1e-12
    white = convert_colour(
        grey(float(pq_signal(np.array(WHITE))) if colour.transfer == PQ else 0.75), colour, BT709, method
    )
    assert white[0] == pytest.approx(np.full(3, {"bt2446-c": 0.96, "bt2390": 0.903}[method]), abs=2e-3)
    assert convert_colour(grey(0.0), colour, BT709, method).max() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("method", CURVES)
def test_no_colour_is_turned_however_bright(method: str) -> None:
    """Light of a colour of BT.709, from dark to 1000 cd/m2, keeps its chromaticity."""
    for ratio in ((1.0, 0.3, 0.05), (0.2, 0.5, 1.0), (1.0, 0.78, 0.55), (0.1, 1.0, 0.1)):
        nits = np.geomspace(0.5, 990, 60)[:, None] * np.array(ratio)
        codes = pq_signal(nits @ matrix_between(1, 9).T)
        light = convert_colour(codes, Colour(9, PQ, 9), BT709, method) ** 2.4
        assert light / light.max(1, keepdims=True) == pytest.approx(np.tile(ratio, (60, 1)), abs=2e-3)
        assert np.diff(light.max(1)).min() > 0
        assert light.max() <= {"bt2446-c": 1.19, "bt2390": 1.0 + 1e-9}[method]


@pytest.mark.parametrize("colour", SYSTEMS, ids=str)
def test_the_strongest_colours_come_to_the_edge_of_the_gamut(colour: Colour) -> None:
    corners = np.array([[r, g, b] for r in (0, 1) for g in (0, 1) for b in (0, 1)], float) * 0.75
    made = convert_colour(corners, colour, BT709)
    assert made.min() >= 0
    assert np.isfinite(made).all()
    # Each stays the strongest channel it was.
    for before, after in zip(corners, made, strict=True):
        assert set(np.flatnonzero(after > after.max() - 0.05)) <= set(np.flatnonzero(before == before.max()))


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_sdr_in_hdr_comes_back_where_the_peak_is_said(transfer: int) -> None:
    """An SDR picture at a white of 203 cd/m2 is the picture again by BT.2390 with that peak."""
    rgb = np.random.default_rng(4).random((400, 3))
    nits = WHITE * rgb**2.4 @ matrix_between(1, 9).T
    codes = pq_signal(nits) if transfer == PQ else hlg_signal(nits)
    back = convert_colour(codes, Colour(9, transfer, 9), BT709, "bt2390", WHITE)
    assert np.asarray(deltaE_ciede2000(rgb2lab(back), rgb2lab(rgb))).max() < 0.1  # type: ignore[no-untyped-call]  # skimage has no types


def hlg_signal(nits: Array) -> Array:
    """ITU-R BT.2100-2, Table 5: the inverse OOTF, then the OETF."""
    light = np.maximum(nits, 0) / 1000
    luminance = light @ np.array([0.2627, 0.6780, 0.0593])
    scene = light * luminance[:, None] ** ((1 - 1.2) / 1.2)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.asarray(
        np.where(scene <= 1 / 12, np.sqrt(3 * scene), a * np.log(np.maximum(12 * scene - b, 1e-9)) + c)
    )
