from __future__ import annotations

import numpy as np
import pytest

from post.errors import JobError
from post.picture.colour.develop import SPACES, VIEWS, Develop
from post.picture.colour.look import Look
from post.picture.colour.tone_map import read_as
from post.picture.kernel import bake_lut
from post.values.colour import BT709, BT2020, Colour
from post.values.time import Span

FILM = Span(0, 24)
LOGS = [space for space in SPACES if space != "video"]
# Where each maker's paper puts an 18 % grey card, in shares of full code.
GREY = {
    "arri-logc3": 0.391007,  # ALEXA Log C Curve, EI 800
    "acescct": 0.413588,  # S-2016-001
    "sony-s-log3": 420 / 1023,  # S-Log3 technical summary
    "panasonic-v-log": 0.423311,  # V-Log reference manual
    "red-log3g10": 1 / 3,  # white paper: 18 % is a third
    "davinci-intermediate": 0.336043,
}


def grey(value: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.full((1, 3), value)


@pytest.mark.parametrize("space", GREY)
def test_a_grey_card_has_the_brightness_that_aces_2_and_its_curve_give(space: str) -> None:
    # ACES 2 shows 18 % grey at 10 of 100 cd/m2; without a tone scale it stays 18 %. The display is BT.1886.
    assert Develop(space=space).colour(grey(GREY[space])) == pytest.approx(0.1 ** (1 / 2.4), abs=2e-3)
    plain = Develop(space=space, view="plain").colour(grey(GREY[space]))
    assert plain == pytest.approx(0.18 ** (1 / 2.4), abs=2e-3)


def test_a_stop_of_exposure_is_a_doubling_of_scene_light() -> None:
    up = Develop(space="arri-logc3", view="plain", exposure=1.0).colour(grey(GREY["arri-logc3"]))
    assert up == pytest.approx(0.36 ** (1 / 2.4), abs=2e-3)


@pytest.mark.parametrize("space", LOGS)
@pytest.mark.parametrize("view", VIEWS)
def test_every_camera_gives_a_rising_neutral_grey_ramp_of_finite_numbers(space: str, view: str) -> None:
    ramp = np.repeat(np.linspace(0, 1, 257)[:, None], 3, axis=1)
    out = Develop(space=space, view=view).colour(ramp)
    assert np.diff(out, axis=0).min() > -1e-4
    assert np.ptp(out, axis=1).max() < 2e-3 * max(1, np.abs(out).max())
    corners = np.array(np.meshgrid([0, 0.5, 1], [0, 0.5, 1], [0, 0.5, 1])).reshape(3, -1).T
    assert np.isfinite(Develop(space=space, view=view).colour(corners)).all()


def test_video_is_left_as_it_is_and_declares_nothing() -> None:
    assert bake_lut(Develop().colour, BT709, BT709).identity
    assert Develop(exposure=1.0).declare(FILM) is None
    action = Develop(space="apple-log").declare(FILM)
    assert action is not None
    assert dict(action.parameters)["org.answerprint.develop.space"] == "apple-log"


def test_an_unknown_camera_gets_the_nearest_known_one() -> None:
    with pytest.raises(JobError, match="did you mean 'apple-log'"):
        Develop(space="apple-lgo")


def test_the_colour_tags_of_a_log_clip_do_not_convert_its_codes() -> None:
    log = Develop(space="apple-log")
    for tagged in (BT2020, Colour(9, 16, 9), Colour(12, 13, 9)):
        assert read_as(tagged, BT709, [log, Look()]) == Colour(1, 1, 9)
    for stages in ([], [Develop()], [Look(), log]):
        assert read_as(BT2020, BT709, stages) == BT2020
