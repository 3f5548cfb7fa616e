"""Light, focus, flicker, the first frame and the size of a picture are judged by figures with limits."""

from __future__ import annotations

import numpy as np
import pytest

from post.brief.checks.picture import (
    judge_first_frame,
    judge_flicker,
    judge_sharpness,
    judge_size,
    judge_tone,
)
from post.job.brief.picture_checks import (
    FirstFrameCheck,
    FlickerCheck,
    SharpnessCheck,
    SizeCheck,
    ToneCheck,
    read_shape,
)
from post.measure.film.softness import Softness
from post.measure.flicker import Flicker
from tests.brief.made import footage, plain, thumbnails


def test_tone_is_the_median_of_its_frames() -> None:
    frames = plain((0.5, 0.5, 0.5))
    frames[:5] = 0
    shown = footage(thumbnails=thumbnails(frames))
    assert judge_tone(ToneCheck(least_light=0.55, most_light=0.62), shown).verdict == "pass"
    found = judge_tone(ToneCheck(most_light=0.5, least_contrast=0.1), shown)
    assert found.verdict == "fail"
    assert found.found == "light 0.6, contrast 0"
    assert found.frame is not None
    assert found.frame >= 5


@pytest.mark.parametrize(("rgb", "warm"), [((0.6, 0.5, 0.3), True), ((0.3, 0.4, 0.7), False)])
def test_warm_and_cold_pictures_are_told_apart(rgb: tuple[float, float, float], warm: bool) -> None:
    shown = footage(thumbnails=thumbnails(plain(rgb)))
    assert (judge_tone(ToneCheck(least_warmth=0.01), shown).verdict == "pass") == warm
    assert (judge_tone(ToneCheck(most_warmth=-0.01), shown).verdict == "pass") == (not warm)


def test_soft_edges_fail() -> None:
    check = SharpnessCheck(edge_percent=0.3)
    assert judge_sharpness(check, footage(softness=Softness(0.5, 0.1, 360, 12))).verdict == "pass"
    assert judge_sharpness(check, footage(softness=Softness(2.0, 0.5, 360, 12))).verdict == "fail"
    assert judge_sharpness(check, footage()).verdict == "cannot_check"


def test_flicker_has_a_limit() -> None:
    light = Flicker((), (), 2.0, 0.0, 0.0)
    assert judge_flicker(FlickerCheck(percent=1.5), footage(flicker=light)).verdict == "fail"
    assert judge_flicker(FlickerCheck(percent=2.5), footage(flicker=light)).verdict == "pass"


def test_a_film_opens_on_a_picture() -> None:
    ramp = plain((0, 0, 0))
    ramp[:] = np.linspace(0, 1, 64)[:, None]
    assert judge_first_frame(FirstFrameCheck(), footage(thumbnails=thumbnails(ramp))).verdict == "pass"
    ramp[0] = 0
    found = judge_first_frame(FirstFrameCheck(), footage(thumbnails=thumbnails(ramp)))
    assert (found.verdict, found.frame) == ("fail", 0)


def test_a_picture_has_its_size_and_shape() -> None:
    assert judge_size(SizeCheck(least_lines=360, shape="16x9"), footage()).verdict == "pass"
    assert judge_size(SizeCheck(least_lines=720), footage()).verdict == "fail"
    assert judge_size(SizeCheck(shape="9:16"), footage()).verdict == "fail"
    assert judge_size(SizeCheck(shape="wide"), footage()).verdict == "cannot_check"
    assert (read_shape("16 x 9"), read_shape("16x0"), read_shape("x")) == (read_shape("32:18"), None, None)
