"""Time-stretch: attacks at their place, tones that do not waver, and the source itself where the speed is 1."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from post.sound import mix
from post.sound.kept_pitch import separation, stretch
from post.sound.kept_pitch.attack_path import AttackPath, passed
from post.sound.mixdown import laying
from post.sound.standstill import heard_gain
from post.sound.varispeed import Path
from post.values import File, Mix, Sound, SoundEvent, SpeedKey, TimeMap
from post.values.array import Array
from tests.sound.tones import RATE, noise

F = Fraction
LENGTH = 3 * RATE
RAMP = TimeMap(
    F(RATE // 2),
    F(1),
    (SpeedKey(F(0), F(1)), SpeedKey(F(3 * RATE, 2), F(4), "smooth"), SpeedKey(F(LENGTH), F(7, 20), "smooth")),
)
HZ, LEVEL = 440, 0.2
EVENT = SoundEvent(
    File("0" * 64, "street.wav"), "clip", Sound(0, "pcm_f32le", RATE, 2, 10 * RATE, F(0)),
    at=0, length=LENGTH, offset=F(1, 2), gain_db=0, map=RAMP, pitch="keep",
)  # fmt: skip


def ticking(every: int = RATE // 10) -> tuple[Array, Array]:
    """Returns ten seconds of a tone with clicks in stereo, and where the clicks are."""
    places = np.arange(every // 2, 10 * RATE, every)
    made = LEVEL * np.sin(2 * np.pi * HZ * np.arange(10 * RATE) / RATE)
    made[places] += 0.8
    return np.stack([made, made], axis=1), places


def stretched(source: Array, time: TimeMap, samples: int) -> Array:
    def fetch(first: int, stop: int) -> Array:
        at = np.arange(first, stop)
        inside = (at >= 0) & (at < len(source))
        return np.where(inside[:, None], source[np.clip(at, 0, len(source) - 1)], 0)

    return stretch.stretch(Path(time), fetch, 0, samples, RATE)


def steady(speed: F, start: int = RATE) -> TimeMap:
    return TimeMap(F(start), F(1), (SpeedKey(F(0), speed),))


def heard_at(pcm: Array, wanted: Array, reach: int = RATE // 200) -> Array:
    """Returns how many samples off each wanted click is heard: the loudest sample around it."""
    near = np.clip(wanted[:, None] + np.arange(-reach, reach + 1), 0, len(pcm) - 1)
    return np.asarray(np.abs(pcm[near, 0]).argmax(axis=1) - reach)


def steadiness(pcm: Array) -> float:
    """Returns how much the level of the tone varies, as a share of it: standard deviation over mean."""
    window = np.hanning(RATE // 25)
    turned = pcm[:, 0] * np.exp(-2j * np.pi * HZ * np.arange(len(pcm)) / RATE)
    level = np.abs(np.convolve(turned, window / window.sum(), "valid"))
    return float(level.std() / level.mean())


def test_on_a_ramp_every_click_is_at_its_sample_and_the_tone_is_steady() -> None:
    source, places = ticking()
    made = stretched(source, RAMP, LENGTH)
    passed = Path(RAMP)(np.arange(LENGTH, dtype=np.float64))
    inside = places[(places > passed[200]) & (places < passed[-200])]
    wanted = np.searchsorted(passed, inside)
    assert made.shape == (LENGTH, 2)
    assert len(inside) > 60
    assert np.abs(heard_at(made, wanted)).max() <= 1  # 3 ms, 144 samples, are asked for
    # None is lost between windows, even at 4x.
    assert np.abs(made[wanted[:, None] + np.arange(-1, 2), 0]).max(axis=1).min() > 2 * LEVEL
    assert steadiness(made) < 0.005


@pytest.mark.parametrize("speed", [F(1, 10), F(1, 2), F(3, 2), F(16)])
def test_the_pitch_is_kept_at_every_speed_and_no_click_is_heard_twice(speed: F) -> None:
    source, places = ticking(RATE // 4)
    samples = min(RATE, int(8 * RATE / speed))
    made = stretched(source, steady(speed, RATE // 4), samples)
    inside = places[(places > RATE // 4 + 300) & (places < RATE // 4 + samples * speed - 300)]
    loud = np.flatnonzero(np.abs(made[:, 0]) > 0.5)
    assert len(loud) == len(inside)
    assert np.abs(np.diff(np.unwrap(np.angle(_analytic(made)))).mean() * RATE / 2 / np.pi - HZ) < 0.5
    assert steadiness(made) < 0.005


def _analytic(pcm: Array) -> Array:
    spectrum = np.fft.fft(pcm[:, 0])
    hz = np.fft.fftfreq(len(pcm), 1 / RATE)
    return np.fft.ifft(np.where((hz > HZ - 100) & (hz < HZ + 100), spectrum, 0))[2000:-2000]


def test_at_its_own_speed_the_source_comes_out_as_it_is() -> None:
    source = noise(3)
    assert np.abs(stretched(source, steady(F(1)), RATE) - source[RATE : 2 * RATE]).max() < 1e-6


@pytest.mark.parametrize("speed", [F(1, 4), F(1, 2), F(2)])
def test_a_plucked_tone_is_not_heard_before_it_is_plucked(speed: F) -> None:
    """Tones begin at once too: the windows of a phase vocoder would spread this one over 21 ms before it."""
    n = np.arange(RATE)
    tones = np.sum([np.sin(2 * np.pi * 220 * h * n / RATE) / h for h in range(1, 8)], axis=0)
    source = np.concatenate([np.zeros(RATE), 0.3 * np.exp(-4 * n / RATE) * tones])[:, None]
    made = stretched(source, steady(speed, RATE // 2), int(RATE // 2 / speed) + 4800)[:, 0]
    at = int(RATE // 2 / speed)
    power = np.mean(made[at : at + 960] ** 2)
    assert power == pytest.approx(np.mean(source[RATE : RATE + 960] ** 2), rel=0.05)
    assert np.mean(made[at - 240 : at - 5] ** 2) < 1e-4 * power


def test_backwards_the_source_is_turned_round() -> None:
    source = noise(3)
    turned = source[2 * RATE - np.arange(RATE)]
    assert np.abs(stretched(source, steady(F(-1), 2 * RATE), RATE) - turned).max() < 1e-6


def test_a_path_that_turns_passes_each_click_both_ways() -> None:
    source, _ = ticking(RATE // 2)
    keys = (SpeedKey(F(0), F(2)), SpeedKey(F(RATE), F(-2)))  # it turns after half a second
    made = stretched(source, TimeMap(F(0), F(1), keys), RATE)
    passed = Path(TimeMap(F(0), F(1), keys))(np.arange(RATE, dtype=np.float64))
    loud = np.flatnonzero(np.abs(made[:, 0]) > 0.45)
    assert len(loud) == 2
    assert passed[loud] == pytest.approx(RATE / 4, abs=3)


def test_channels_keep_their_phases() -> None:
    left = noise(3)[:, 0]
    made = stretched(np.stack([left, -left], axis=1), steady(F(3, 5), 0), RATE)
    assert np.abs(made[:, 0] + made[:, 1]).max() < 1e-6


def test_blocks_change_no_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    source, _ = ticking()
    source += noise(10)[: len(source)] * 0.1
    whole = _mixed(source, "keep", RATE)
    monkeypatch.setattr(laying, "BLOCK", 10007)
    assert np.array_equal(_mixed(source, "keep", RATE), whole)
    monkeypatch.setattr(stretch, "FRAMES", 15)
    monkeypatch.setattr(separation, "BLOCK", 40)
    assert np.abs(_mixed(source, "keep", RATE) - whole).max() < 1e-6


def test_a_mix_follows_the_pitch_that_its_event_asks_for() -> None:
    source, _ = ticking(20 * RATE)
    spectrum = {
        pitch: np.abs(np.fft.rfft(_mixed(source, pitch)[RATE : 2 * RATE, 0])) for pitch in ("keep", "tape")
    }
    assert spectrum["keep"].argmax() == pytest.approx(HZ, abs=2)
    assert spectrum["tape"].argmax() > 2 * HZ


def _mixed(source: Array, pitch: str, samples: int = LENGTH, time: TimeMap = RAMP) -> Array:
    event = replace(EVENT, pitch=pitch, length=samples, map=time)
    plan = Mix((event,), RATE, 2, samples, None, -1, "pcm_s24le", 0, ())
    return mix(plan, lambda _file, _sound, _rate: source)


@pytest.mark.parametrize("pitch", ["keep", "tape"])
def test_a_picture_that_stands_still_is_silent_without_a_click(pitch: str) -> None:
    keys = (SpeedKey(F(0), F(1)), SpeedKey(F(RATE), F(0), "hold"), SpeedKey(F(2 * RATE), F(1), "hold"))
    source, _ = ticking(20 * RATE)
    heard = _mixed(source, pitch, LENGTH, TimeMap(F(RATE // 2), F(1), keys))[:, 0]
    assert not heard[RATE + 1 : 2 * RATE - 1].any()
    assert np.abs(np.diff(heard)).max() < 1.1 * LEVEL * 2 * np.pi * HZ / RATE
    assert np.abs(heard[: RATE // 2]).max() == pytest.approx(LEVEL, rel=0.01)


def test_speeds_that_jobs_have_are_heard_in_full() -> None:
    assert heard_gain(Path(steady(F(1, 10))), 0, RATE, RATE) is None
    slower = heard_gain(Path(steady(F(1, 20))), 0, RATE, RATE)
    assert slower is not None
    assert slower == pytest.approx(0.5)


def test_a_strike_just_before_the_picture_stands_still_does_not_lose_the_path() -> None:
    """Between two samples of the grid its place is taken from the mean speed: it may lie where the path stands."""
    path = Path(TimeMap(held=F(1000)))
    grid = np.arange(0, 2000, stretch.STEP)
    for place in range(965, 1000):
        found = passed(path, np.array([place]), grid)
        assert np.isfinite(AttackPath(path, found, 512)(np.arange(2000.0))).all()
