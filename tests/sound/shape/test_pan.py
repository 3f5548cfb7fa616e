"""Pan: equal power everywhere, and nothing changed in the middle."""

from __future__ import annotations

import numpy as np
import pytest

from post.sound.channels import mix_matrix
from post.sound.shape import pan_matrix
from post.values.speakers import BY_COUNT

PLACES = (-1.0, -0.75, -0.5, -0.1, 0.0, 0.3, 0.5, 1.0)
L, R, C, LFE, LS, RS = range(6)


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_the_middle_is_the_sound_itself(channels: int) -> None:
    assert np.array_equal(pan_matrix(0.0, channels), np.eye(channels))


@pytest.mark.parametrize("pan", PLACES)
@pytest.mark.parametrize("given", [1, 2])
def test_the_power_of_both_sides_is_the_same_at_every_place(pan: float, given: int) -> None:
    """Of one channel on both sides, and of two that are unlike each other and as loud."""
    matrix = mix_matrix(BY_COUNT[given], 2) @ pan_matrix(pan, 2)
    assert np.sum(matrix**2) == pytest.approx(2)


def test_a_mono_sound_in_the_middle_is_3_db_below_one_at_the_side() -> None:
    mono = mix_matrix(BY_COUNT[1], 2)
    left, middle = ((mono @ pan_matrix(pan, 2))[0] for pan in (-1.0, 0.0))
    assert 20 * np.log10(middle[0] / left[0]) == pytest.approx(-3.01, abs=0.01)
    assert left[1] == 0


def test_left_and_right_are_mirrored() -> None:
    for pan in PLACES:
        assert pan_matrix(pan, 2)[::-1, ::-1] == pytest.approx(pan_matrix(-pan, 2))


def test_sides_of_a_stereo_sound_keep_their_own_channel() -> None:
    half = pan_matrix(-0.5, 2)
    assert half[0, 1] == half[1, 0] == 0
    assert half[0, 0] > 1 > half[1, 1] > 0


def test_in_5_1_dialogue_moves_between_the_centre_and_one_side() -> None:
    mono = mix_matrix(BY_COUNT[1], 6)
    for pan in PLACES:
        (gains,) = mono @ pan_matrix(pan, 6)
        assert np.sum(gains**2) == pytest.approx(1)
        assert gains[R if pan <= 0 else L] == 0
        assert gains[LFE] == gains[LS] == gains[RS] == 0
    assert (mono @ pan_matrix(-1.0, 6))[0].tolist() == [1, 0, 0, 0, 0, 0]
    assert (mono @ pan_matrix(-0.5, 6))[0][[L, C]] == pytest.approx([0.70711, 0.70711], abs=1e-5)
    assert pan_matrix(1.0, 6)[LFE, LFE] == 1
    assert pan_matrix(1.0, 6)[LS, LS] == 0
