"""Edits of sound: none clicks, no length changes, and what goes on is left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from post.plan.sound import unbroken
from post.sound import mix
from post.sound.edits import Fade, _gain
from post.values import File, Mix, Sound, SoundEvent, SpeedKey, TimeMap
from post.values.array import Array

F = Fraction
RATES = (44100, 48000, 96000)
FIRST, SECOND = File("0" * 64, "first.wav"), File("1" * 64, "second.wav")
SECONDS = 4
CUT = 1.0  # the edit, in seconds of the film
# One window is 2 ms. A click is what rises above the loudest of its surroundings.
WINDOW_S, HIGH_HZ = 0.002, 2000
ACCEPTED_DB = 6.0


def sine(hz: float, level: float = 0.5, degrees: float = 90.0) -> Callable[[Array], Array]:
    """A tone that is at its peak at every whole second, as far as it divides it."""
    return lambda t: level * np.sin(2 * np.pi * hz * t + np.deg2rad(degrees))


def hiss(level: float, seed: int) -> Callable[[Array], Array]:
    return lambda t: level * np.random.default_rng(seed).standard_normal(len(t))


def clicks(a_second: int) -> Callable[[Array], Array]:
    def made(t: Array) -> Array:
        out = np.zeros(len(t))
        out[:: int((len(t) / SECONDS) / a_second)] = 0.5
        return out

    return made


def silence(t: Array) -> Array:
    return np.zeros(len(t))


def added(*parts: Callable[[Array], Array]) -> Callable[[Array], Array]:
    return lambda t: np.sum([part(t) for part in parts], axis=0)


DITHER = 1e-4  # -80 dB: the noise of a quiet room
CASES: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "60 Hz at its peak, to silence": (added(sine(60), hiss(DITHER, 1)), hiss(DITHER, 2)),
    "60 Hz at its peak, to its trough": (
        added(sine(60), hiss(DITHER, 1)), added(sine(60, degrees=-90), hiss(DITHER, 2)),
    ),
    "40 Hz at its peak": (added(sine(40), hiss(DITHER, 1)), hiss(DITHER, 2)),
    "an offset": (added(lambda t: 0 * t + 0.3, hiss(DITHER, 1)), hiss(DITHER, 2)),
    "two offsets": (added(lambda t: 0 * t + 0.3, hiss(DITHER, 1)), added(lambda t: 0 * t - 0.3, hiss(DITHER, 2))),
    "1 kHz to 400 Hz": (added(sine(1000), hiss(DITHER, 1)), added(sine(400, degrees=-90), hiss(DITHER, 2))),
    "clicks": (added(clicks(50), hiss(DITHER, 1)), added(sine(60), hiss(DITHER, 2))),
    "hiss to hiss": (hiss(0.1, 1), hiss(0.1, 2)),
}  # fmt: skip


def film(
    first: Array, second: Array, rate: int, *, declick: float, offset: float = 1.0, fade_s: float = 0.0
) -> Array:
    """Returns a film of the two sounds, a second of each from `offset` on, (samples, 2)."""
    sources = {FIRST: first, SECOND: second}
    events = [
        SoundEvent(
            file, "clip", Sound(0, "pcm_f32le", rate, 1, len(pcm), F(0)), at=at * rate, length=rate,
            offset=F(offset), gain_db=0, declick=round(declick * rate), fade_in=round(fade_s * rate),
            repair=False,  # some of the sounds are an offset and nothing else
        )
        for at, (file, pcm) in enumerate(sources.items())
    ]  # fmt: skip
    plan = Mix(tuple(events), rate, 2, 2 * rate, None, -1, "pcm_s24le", 0, ())
    return mix(plan, lambda file, _sound, _rate: sources[file][:, None].astype(np.float32))


def excess_db(pcm: Array, rate: int, at_s: float = CUT) -> float:
    """Returns by how much the high-frequency power at an edit is above the loudest within 0.2 s around it."""
    high = sosfilt(butter(4, HIGH_HZ, "high", fs=rate, output="sos"), pcm[:, 0])
    size = round(WINDOW_S * rate)
    power = np.convolve(high**2, np.ones(size) / size, "same") + 1e-12
    at, near, far = (round(seconds * rate) for seconds in (at_s, 0.045, 0.2))
    around = np.concatenate([power[at - far : at - near], power[at + near : at + far]])
    return float(10 * np.log10(power[at - near : at + near].max() / around.max()))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("case", CASES)
def test_no_edit_clicks(case: str, rate: int) -> None:
    t = np.arange(SECONDS * rate) / rate
    first, second = (make(t) for make in CASES[case])
    assert excess_db(film(first, second, rate, declick=0.005), rate) <= ACCEPTED_DB


def test_the_same_edits_click_without_it() -> None:
    """The measurement above hears clicks."""
    t = np.arange(SECONDS * 48000) / 48000
    heard = {
        name: excess_db(film(one(t), two(t), 48000, declick=0), 48000) for name, (one, two) in CASES.items()
    }
    loud = {name for name, excess in heard.items() if excess > 12}
    assert loud == set(CASES) - {"clicks", "hiss to hiss"}


def thump_db(pcm: Array, rate: int) -> float:
    """Returns the power of 150 to 1000 Hz at the edit, in 20 ms, relative to full scale."""
    heard = sosfilt(butter(4, (150, 1000), "band", fs=rate, output="sos"), pcm[:, 0])
    size = round(0.02 * rate)
    at = round(CUT * rate)
    power = np.convolve(heard**2, np.ones(size) / size, "same")[at - 4 * size : at + 4 * size]
    return float(10 * np.log10(power.max()))


def test_a_low_tone_and_an_offset_have_a_longer_fade() -> None:
    """A fade of 5 ms over a low tone is a thump; what there is room for is used."""
    rate = 48000
    t = np.arange(SECONDS * rate) / rate
    for name in ("60 Hz at its peak, to silence", "an offset"):
        first, second = (make(t) for make in CASES[name])
        adaptive = thump_db(film(first, second, rate, declick=0.005), rate)
        five_ms = first[rate : 2 * rate].copy()
        five_ms[-240:] *= np.cos(np.linspace(0, np.pi / 2, 240)) ** 2
        fixed = thump_db(np.concatenate([five_ms, second[rate : 2 * rate]])[:, None], rate)
        assert adaptive < fixed - 12, name


def test_where_the_signal_asks_for_no_more_a_fade_is_5_ms() -> None:
    rate = 48000
    t = np.arange(SECONDS * rate) / rate
    first, second = hiss(0.1, 1)(t).astype(np.float32), hiss(0.1, 2)(t).astype(np.float32)
    made = film(first, second, rate, declick=0.005)[:, 0]
    plain = np.concatenate([first[rate : 2 * rate], second[rate : 2 * rate]])
    touched = np.flatnonzero(np.abs(made - plain) > 1e-6)
    inner = touched[(touched > rate // 2) & (touched < 3 * rate // 2)]
    assert rate - 121 <= inner.min() <= rate
    assert rate <= inner.max() <= rate + 120


def test_a_crossing_keeps_its_power() -> None:
    """Of 60 edits in one film: unlike noises, each with its own place in one take."""
    rate, edits, shot = 48000, 60, 9600
    noise = hiss(0.1, 1)(np.empty((edits + 1) * 3 * shot)).astype(np.float32)[:, None]
    sound = Sound(0, "pcm_f32le", rate, 1, len(noise), F(0))
    events = tuple(
        SoundEvent(
            FIRST, "clip", sound, at * shot, shot, F((3 * at + 1) * shot, rate), gain_db=0, declick=240
        )
        for at in range(edits + 1)
    )
    plan = Mix(events, rate, 2, (edits + 1) * shot, None, -1, "pcm_s24le", 0, ())
    made = mix(plan, lambda *_: noise)[:, 0]
    power = [made[at * shot - 240 : at * shot + 240] ** 2 for at in range(1, edits + 1)]
    shape = np.mean(power, axis=0).reshape(8, 60).mean(axis=1) / 0.01
    assert 10 * np.log10(shape) == pytest.approx(np.zeros(8), abs=0.6)


def test_a_change_of_gain_in_one_sound_has_neither_a_bump_nor_a_dip() -> None:
    rate = 48000
    t = np.arange(3 * rate) / rate
    pcm = sine(997)(t)
    event = SoundEvent(FIRST, "clip", Sound(0, "pcm_f32le", rate, 1, len(pcm), F(0)), at=0, length=rate, offset=F(1, 2),
                       gain_db=0, declick=240)  # fmt: skip
    after = replace(event, at=rate, offset=F(3, 2), gain_db=-6)
    plan = Mix((event, after), rate, 2, 2 * rate, None, -1, "pcm_s24le", 0, ())
    made = mix(plan, lambda *_: pcm[:, None].astype(np.float32))[:, 0]
    gain = made[rate - 300 : rate + 300] / pcm[3 * rate // 2 - 300 : 3 * rate // 2 + 300]
    heard = gain[np.abs(pcm[3 * rate // 2 - 300 : 3 * rate // 2 + 300]) > 0.1]
    assert heard.max() <= 1 + 1e-4
    assert heard.min() >= 10 ** (-6 / 20) - 1e-4


def test_lengths_and_everything_away_from_the_edits_stay() -> None:
    rate = 48000
    t = np.arange(SECONDS * rate) / rate
    first, second = (make(t) for make in CASES["1 kHz to 400 Hz"])
    plain, made = (film(first, second, rate, declick=declick) for declick in (0, 0.005))
    assert made.shape == plain.shape
    away = np.ones(len(made), bool)
    for edge in (0, rate, 2 * rate):
        away[max(0, edge - round(0.04 * rate)) : edge + round(0.04 * rate)] = False
    assert np.abs(made[away] - plain[away]).max() < 1e-6


def test_where_neither_take_goes_on_each_fades_on_its_own_side() -> None:
    rate = 48000
    pcm = np.full(rate, 0.3)
    made = film(pcm, -pcm, rate, declick=0.005, offset=0)[:, 0]
    assert abs(made[rate - 1]) < 1e-3
    assert abs(made[rate]) < 1e-3
    assert made[rate // 2] == pytest.approx(0.3)
    assert np.all(np.diff(made[rate - 1920 : rate]) <= 1e-7)


@pytest.mark.parametrize("speed", [F(1), F(2), F(1, 2)])
def test_sound_that_starts_late_or_ends_early_is_faded_there(speed: F) -> None:
    rate = 48000
    pcm = np.full(rate, 0.3, np.float32)
    pcm[: rate // 4] = 0  # the sound starts 250 ms after the picture
    sound = Sound(0, "pcm_f32le", rate, 1, 3 * rate // 4, F(1, 4))
    time = TimeMap(F(0), F(1), (SpeedKey(F(0), speed),)) if speed != 1 else None
    event = SoundEvent(
        FIRST, "clip", sound, at=0, length=3 * rate, offset=F(0), gain_db=0, declick=240, map=time
    )
    plan = Mix((event,), rate, 2, 3 * rate, None, -1, "pcm_s24le", 0, ())
    made = mix(plan, lambda *_: pcm[:, None])[:, 0]
    start, end = round(rate / 4 / speed), round(rate / speed)
    assert np.abs(np.diff(made)).max() < 0.01
    assert made[(start + end) // 2] == pytest.approx(0.3, abs=1e-4)
    assert np.abs(made[: start - 70]).max() < 1e-4
    assert np.abs(made[end + 70 :]).max() < 1e-4


def test_a_hit_that_begins_with_silence_keeps_its_attack() -> None:
    rate = 48000
    hit = np.random.default_rng(5).standard_normal(rate) * np.exp(-np.arange(rate) / 2000) * 0.3
    hit = np.concatenate([np.zeros(24), hit]).astype(np.float32)
    event = SoundEvent(FIRST, "effect", Sound(0, "pcm_f32le", rate, 1, len(hit), F(0)), at=500, length=len(hit),
                       offset=F(0), gain_db=0, declick=240)  # fmt: skip
    plan = Mix((event,), rate, 2, 2 * rate, None, -1, "pcm_s24le", 0, ())
    made = mix(plan, lambda *_: hit[:, None])[:, 0]
    assert np.abs(made[500 : 500 + len(hit) - 480] - hit[:-480]).max() < 1e-6


def looped(turn: Array, declick: int) -> Array:
    event = SoundEvent(FIRST, "music", Sound(0, "pcm_f32le", 48000, 1, len(turn), F(0)), at=0, length=3 * len(turn),
                       offset=F(0), gain_db=0, loop=True, declick=declick)  # fmt: skip
    plan = Mix((event,), 48000, 2, 3 * len(turn), None, -1, "pcm_s24le", 0, ())
    return mix(plan, lambda *_: turn[:, None].astype(np.float32))


def test_a_loop_that_joins_by_itself_is_left_alone() -> None:
    t = np.arange(48000) / 48000
    turn = added(sine(60, degrees=0), sine(997, 0.1), hiss(0.001, 1))(t)
    assert looped(turn, 240)[40000:56000, 0] == pytest.approx(np.tile(turn, 2)[40000:56000], abs=1e-6)


def test_a_loop_that_does_not_join_does_not_click() -> None:
    t = np.arange(48000) / 48000
    turn = added(sine(60.5, degrees=90), hiss(DITHER, 1))(t)
    assert excess_db(looped(turn, 0), 48000) > 12
    assert excess_db(looped(turn, 240), 48000) <= ACCEPTED_DB


def test_a_fade_has_no_corner_and_keeps_the_power() -> None:
    places = np.arange(480)
    rise, fall = (_gain(places, Fade(0, 480), opens) for opens in (True, False))
    assert rise**2 + fall**2 == pytest.approx(1)
    assert np.abs(np.diff(rise, 2)).max() < 2e-4  # a corner at either end would be 1 / 480


TAKE = Sound(0, "pcm_f32le", 48000, 2, 480000, F(0))
SHOT = SoundEvent(FIRST, "clip", TAKE, at=0, length=48000, offset=F(1), gain_db=0, declick=240)
NEXT = replace(SHOT, at=48000, offset=F(2))


def test_a_cut_within_a_take_leaves_its_sound_unbroken() -> None:
    rate = 48000
    (one,) = unbroken([SHOT, NEXT], rate)
    assert one == replace(SHOT, length=96000)
    noise = np.random.default_rng(3).standard_normal((480000, 2)).astype(np.float32)
    plan = Mix((one,), rate, 2, 96000, None, -1, "pcm_s24le", 0, ())
    made = mix(plan, lambda *_: noise)
    assert np.array_equal(made[24000:72000], noise[72000:120000])


def test_a_cut_at_a_rate_whose_frames_are_no_whole_samples_is_unbroken_too() -> None:
    rate = 48000
    frame = F(rate) * 1001 / 30000
    edges = [round(frame * count) for count in (0, 31, 62)]
    events = [
        replace(SHOT, at=a, length=b - a, offset=F(1) + count * frame / rate)
        for a, b, count in zip(edges, edges[1:], (0, 31), strict=False)
    ]
    assert len(unbroken(events, rate)) == 1


@pytest.mark.parametrize(
    "changed",
    [
        replace(NEXT, gain_db=-3), replace(NEXT, file=SECOND), replace(NEXT, offset=F(3)), replace(NEXT, fade_in=480),
        replace(NEXT, at=48001), replace(NEXT, map=TimeMap(F(96000), F(1), (SpeedKey(F(0), F(2)),))),
        replace(NEXT, declick=0),
    ],
)  # fmt: skip
def test_any_other_cut_is_an_edit(changed: SoundEvent) -> None:
    assert unbroken([SHOT, changed], 48000) == [SHOT, changed]
