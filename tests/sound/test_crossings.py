from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from post.sound import mix
from post.sound.crossings import crossing_gains, likeness
from post.values import File, Mix, Sound, SoundEvent
from post.values.array import Array
from tests.sound.tones import RATE, tone

LENGTH, OVER = 2 * RATE, RATE  # of each shot, and of the transition between the two
FILES = [File(digit * 64, f"{digit}.wav") for digit in "ab"]


def noise(seed: int, seconds: float = 2.0) -> Array:
    return np.random.default_rng(seed).normal(0, 0.1, (round(seconds * RATE), 1)).astype(np.float32)


def crossed(going: Array, coming: Array, over: int = OVER, **changed: object) -> Array:
    """The mix of two shots that share `over` samples."""
    sound = Sound(0, "pcm_s16le", RATE, 1, LENGTH, Fraction(0))
    first = SoundEvent(
        FILES[0], "clip", sound, 0, LENGTH, Fraction(0), 0, fade_out=over, declick=240, repair=False
    )
    second = replace(first, file=FILES[1], at=LENGTH - over, fade_in=over, fade_out=0)
    events = (first, replace(second, **changed))  # type: ignore[arg-type]  # any field of an event
    plan = Mix(events, RATE, 1, 2 * LENGTH - over, None, -1, "pcm_s24le", 0, ())
    sources = dict(zip(FILES, (going, coming), strict=True))
    return mix(plan, lambda file, _sound, _rate: sources[file])[:, 0].astype(np.float64)


def level_db(pcm: Array, pieces: int) -> Array:
    """The power of equal pieces, over that of the first one."""
    powers = np.array([np.mean(piece**2) for piece in np.array_split(pcm, pieces)])
    return np.asarray(10 * np.log10(powers / powers[0]))


def test_one_sound_that_goes_on_has_no_bump() -> None:
    """Both shots have the same sine, in phase over the transition: equal-power fades would add 3 dB."""
    whole = tone(-12, 3, hz=440).astype(np.float32)
    out = crossed(whole[:LENGTH], whole[LENGTH - OVER :])
    middle = slice(RATE // 2, -RATE // 2)  # without the short fades at the ends
    assert out[middle] == pytest.approx(whole[middle, 0], abs=1e-4)
    assert abs(level_db(out[middle], 40)).max() < 0.1


def test_two_sounds_have_no_dip() -> None:
    """Independent noise: equal-gain fades would take 3 dB in the middle."""
    out = crossed(noise(1), noise(2))
    assert abs(level_db(out[RATE // 2 : -RATE // 2], 10)).max() < 0.35


@pytest.mark.parametrize("shared", [0.25, 0.5, 0.75])
def test_sounds_in_between_keep_their_level(shared: float) -> None:
    """What is in both has this share of the power, so it is their correlation."""
    common, own = noise(3, 3), [noise(seed) for seed in (4, 5)]
    parts = common[:LENGTH], common[LENGTH - OVER :]
    both = [np.sqrt(shared) * part + np.sqrt(1 - shared) * one for part, one in zip(parts, own, strict=True)]
    assert likeness(both[0][-OVER:], both[1][:OVER]) == pytest.approx(shared, abs=0.02)
    out = crossed(both[0].astype(np.float32), both[1].astype(np.float32))
    assert abs(level_db(out[RATE // 2 : -RATE // 2], 10)).max() < 0.35


def test_gains_are_equal_power_for_unlike_sounds_and_equal_gain_for_like_ones() -> None:
    a, b = noise(1), noise(2)
    fall, rise = crossing_gains(a, a)
    assert fall + rise == pytest.approx(1, abs=1e-6)
    fall, rise = crossing_gains(a, b)
    assert fall**2 + rise**2 == pytest.approx(1, abs=0.03)


def test_opposed_and_silent_sounds_are_never_made_louder() -> None:
    a = noise(1)
    for other in (-a, np.zeros_like(a)):
        fall, rise = crossing_gains(a, other)
        assert fall.max() <= 1
        assert rise.max() <= 1


def test_a_sound_that_ends_early_leaves_the_other_its_own_fade() -> None:
    """The outgoing file ends in the middle of the transition."""
    going, coming = noise(1)[: LENGTH - OVER // 2], noise(2)
    out = crossed(going, coming)
    alone = crossed(np.zeros((LENGTH, 1), np.float32), coming)
    assert out[LENGTH - OVER // 2 :] == pytest.approx(alone[LENGTH - OVER // 2 :], abs=1e-6)
    assert np.abs(out).max() < 1


def test_a_longer_fade_of_its_own_is_kept() -> None:
    """The job asks the incoming shot for a fade longer than the transition: no crossing, its own curve."""
    out = crossed(np.zeros((LENGTH, 1), np.float32), np.ones((LENGTH, 1), np.float32), fade_in=LENGTH)
    place = LENGTH - OVER + OVER // 2
    assert out[place] == pytest.approx(np.sin(np.pi / 2 * (OVER / 2 + 0.5) / LENGTH), abs=1e-5)
