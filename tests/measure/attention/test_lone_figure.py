"""A small figure on plain ground is found; what has its like beside it, and what does not last, is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from post.job.model import TakeRef
from post.measure.attention.lone_figure import find_figures, lasting_figures
from post.plan.camera.follow import way_along
from post.prepare.seen.sights import sights_of
from post.prepare.sources import take_of
from post.values import Span
from post.values.array import Array

WALKER = slice(42, 62), slice(200, 207)
BOX = (200 / 320, 42 / 180, 207 / 320, 62 / 180)


def landscape(*, ground: bool = True) -> Array:
    """A plain sky over rocks, 320x180: every rock has its like beside it."""
    rgb = np.full((180, 320, 3), 190, np.uint8)
    if ground:
        blocks = np.random.default_rng(5).integers(20, 180, (17, 80), dtype=np.uint8)
        rgb[62:] = np.kron(blocks, np.ones((7, 4), np.uint8))[:118, :, None]
        rgb[62:66] = 120  # the ledge
    return rgb


@pytest.mark.parametrize(("value", "sky"), [(20, 190), (240, 90)])
def test_a_walker_on_rocks_is_found_dark_or_light(value: int, sky: int) -> None:
    rgb = landscape()
    rgb[:62] = sky
    assert find_figures(rgb) == ()
    rgb[WALKER] = value
    (found,) = find_figures(rgb)
    assert found == pytest.approx(BOX, abs=0.015)


def test_a_fence_a_low_box_and_a_faint_shape_are_none() -> None:
    fence = landscape(ground=False)
    fence[60:80, 100:220:12] = 20
    fence[60:80, 101:220:12] = 20
    low, faint = landscape(ground=False), landscape(ground=False)
    low[60:68, 100:120] = 20
    faint[WALKER] = 140
    for rgb in (fence, low, faint):
        assert find_figures(rgb) == ()


def test_what_is_there_in_few_looks_is_left_out_and_a_cut_ends_it() -> None:
    walk = [((0.5 + 0.01 * look, 0.2, 0.52 + 0.01 * look, 0.3),) for look in range(6)]
    bird = ((0.1, 0.1, 0.12, 0.2),)
    looks = [each + bird if number in (2, 3) else each for number, each in enumerate(walk)]
    assert lasting_figures(looks, []) == walk
    assert lasting_figures(looks, [4]) == walk  # of four looks, and of two: all of each
    assert lasting_figures([*walk[:3], *[()] * 4], []) == [()] * 7


@pytest.mark.media
def test_a_tall_crop_keeps_a_hiker_far_away(media: Callable[[str], Path]) -> None:
    take = take_of(TakeRef("hiker", media("ai_clips/fasthunyuan_hiker.mp4"), "job.yaml:4"), ())
    looks = sights_of(take, (Span(0, take.picture.length),), None).looks
    window = 9 / 16 / float(take.picture.shown[0] / take.picture.shown[1])
    starts = way_along(0, window, (looks, [look.at for look in looks], take.picture.length), (), 24.0).starts
    assert all(len(look.figures) == 1 for look in looks)
    assert float(starts.max()) < 0.54
    assert float(starts.min()) + window > 0.58
