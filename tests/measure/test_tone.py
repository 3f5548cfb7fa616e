from __future__ import annotations

import numpy as np
import pytest

from post.measure import tone as _declares
from post.measure.fact import Unmeasured
from post.measure.frames import Frame
from post.measure.is_monochrome import LEAST_HUES
from post.measure.tone import PERCENTS, Tone, weights
from post.picture.colour.tone_curve import blend_by_luma
from tests.measure.made import coloured, frames_of, ramp, show

assert _declares


def tone_of(*frames: Frame) -> Tone:
    found = show("tone", frames)
    assert isinstance(found, Tone)
    return found


def test_the_levels_of_a_ramp_are_its_percentiles() -> None:
    found = tone_of(*frames_of([ramp()] * 3))
    assert [percent for percent, _ in found.levels] == list(PERCENTS)
    assert [level for _, level in found.levels] == pytest.approx([p / 100 for p in PERCENTS], abs=0.012)
    assert found.frames == 3


@pytest.mark.parametrize("depth", [8, 10])
def test_range_and_depth_do_not_change_what_is_seen(depth: int) -> None:
    full = ramp() * 0 + np.linspace(0, 255, 128)
    a = tone_of(*frames_of([ramp()], depth=depth))
    b = tone_of(*frames_of([full], spread="full", depth=depth))
    assert [level for _, level in a.levels] == pytest.approx([level for _, level in b.levels], abs=0.005)


def test_bands_weigh_as_the_look_does() -> None:
    level = np.linspace(-0.2, 1.2, 200)
    darks, mids, lights = weights(level)
    assert darks + mids + lights == pytest.approx(1)
    assert 0.3 * darks + 1.7 * mids + 0.9 * lights == pytest.approx(blend_by_luma(level, 0.3, 1.7, 0.9))


def test_a_cast_is_read_from_greys_and_colour_from_all() -> None:
    plain = tone_of(coloured(ramp(), 128, 128))
    cast = tone_of(coloured(ramp(), 128 - 4.48, 128 + 2.24))
    for band in plain.bands:
        assert (band.grey_cb, band.grey_cr, band.chroma, band.grey_share) == pytest.approx((0, 0, 0, 1))
    for band in cast.bands:
        # Codes are whole: 4 and 2 of 224.
        assert (band.grey_cb, band.grey_cr) == pytest.approx((-5 / 224, 2 / 224), abs=0.004)
        assert band.chroma == pytest.approx(np.hypot(band.cb, band.cr), abs=1e-6)
    vivid = tone_of(coloured(ramp(), 128, 188))
    assert vivid.bands[1].chroma == pytest.approx(60 / 224, abs=1e-3)
    assert vivid.bands[1].grey_share == 0
    assert np.hypot(vivid.bands[1].grey_cb, vivid.bands[1].grey_cr) <= 0.0601


def test_greys_under_a_cast_are_told_from_coloured_things() -> None:
    picture = coloured(ramp(), 128 - 5, 128 + 2)
    for plane, code in zip(picture.chroma, (100, 160), strict=True):
        plane[::3] = code  # a third of it is skin
    for band in tone_of(picture).bands:
        assert (band.grey_cb, band.grey_cr) == pytest.approx((-5 / 224, 2 / 224), abs=0.006)
        assert 0.5 < band.grey_share < 0.8


def test_a_tint_has_no_hues_and_coloured_things_have() -> None:
    level = ramp()
    assert tone_of(coloured(level, 128, 128)).hues < 0.003
    tinted = coloured(level, 128, 128)
    for plane, by in zip(tinted.chroma, (-0.06, 0.04), strict=True):
        plane[...] = np.rint(128 + by * (level - 16))
    assert tone_of(tinted).hues < LEAST_HUES
    skin = coloured(level, 122, 130)
    for plane, code in zip(skin.chroma, (112, 148), strict=True):
        plane[::4] = code
    assert tone_of(skin).hues > 2 * LEAST_HUES


def test_fades_and_title_cards_are_no_picture() -> None:
    black = np.full((96, 128), 16.0)
    title = black.copy()
    title[40:44, 40:80] = 235
    assert tone_of(*frames_of([black, ramp(), title, black])) == tone_of(*frames_of([ramp()]))


@pytest.mark.parametrize(("code", "why"), [(16, "black"), (20, "black"), (128, "flat")])
def test_a_clip_that_shows_nothing_says_so(code: int, why: str) -> None:
    found = show("tone", frames_of([np.full((96, 128), float(code))] * 4))
    assert isinstance(found, Unmeasured)
    assert found.why.startswith(why)
