"""Loops: a turn is heard neither as a click, nor as a dip, nor as a jump, and is the same every time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from post.sound.mixdown.loops import close_loop
from post.takes.sound.decode import read_sound_file
from post.values.array import Array
from tests.sound.tones import RATE, noise, tone

DECLICK = 240


def repeated(pcm: Array, rounds: int = 3, declick: int = DECLICK, rate: int = RATE) -> tuple[Array, int]:
    """Returns rounds of a loop, and the sample at which the second one starts."""
    loop = close_loop(pcm, declick, rate)
    return loop.read(0, rounds * len(pcm)), loop.part.stop


def levels_db(pcm: Array, window: int) -> Array:
    """The power of consecutive windows over their median."""
    parts = pcm[: len(pcm) // window * window].reshape(-1, window * pcm.shape[1])
    power = np.mean(np.square(parts, dtype=np.float64), axis=1)
    return np.asarray(10 * np.log10(power / np.median(power)))


def click_db(pcm: Array, at: int, rate: int = RATE) -> float:
    """The second difference at a turn, over the largest in the second before it."""
    bend = np.abs(np.diff(pcm, 2, axis=0)).max(axis=1)
    near = bend[at - 5 : at + 5].max()
    return float(20 * np.log10(near / bend[at - rate : at - 500].max()))


def bend_at(pcm: Array, at: int) -> float:
    """The largest second difference at a sample."""
    return float(np.abs(np.diff(pcm[at - 5 : at + 6], 2, axis=0)).max())


def test_sound_that_joins_by_itself_is_repeated_as_it_is() -> None:
    turn = tone(-6, 1, hz=100)  # a hundred periods
    assert np.array_equal(repeated(turn)[0], np.tile(turn, (3, 1)))


def test_without_a_shortest_fade_nothing_is_changed() -> None:
    turn = tone(-6, 1, hz=100.5)
    assert np.array_equal(repeated(turn, declick=0)[0], np.tile(turn, (3, 1)))


@pytest.mark.parametrize("hz", [97.3, 443.7, 1000.4])
def test_a_tone_that_does_not_join_goes_on_in_phase(hz: float) -> None:
    made, turn = repeated(tone(-6, 2, hz=hz).astype(np.float32))
    assert turn < 2 * RATE
    # Any 50 ms have its power: in phase nothing is taken away, nothing added.
    assert np.abs(levels_db(made, RATE // 20)).max() < 0.25
    assert click_db(made, turn) < 1


def test_noise_has_neither_a_dip_nor_a_bump() -> None:
    made, turn = repeated(noise(4), rounds=4)
    around = levels_db(made, RATE // 10)
    assert np.abs(around).max() < 0.5  # as everywhere in the noise
    assert np.array_equal(made[:turn], noise(4)[:turn])


def test_a_beat_goes_on_in_its_time() -> None:
    """Twelve beats of .4 s, and .15 s too much at the end."""
    beat = noise(0.4, 1, seed=5) * np.exp(-np.arange(round(0.4 * RATE)) / 1500)[:, None].astype(np.float32)
    track = np.concatenate([np.tile(beat, (12, 1)), beat[: round(0.15 * RATE)]]) + 1e-4 * noise(4.95, 1)
    track[-1000:] += 0.3  # it would click
    made, turn = repeated(track)
    assert turn % round(0.4 * RATE) == 0
    onsets = made[turn : turn + 10 * round(0.4 * RATE)].reshape(10, -1)
    assert onsets[1:, :500] == pytest.approx(np.tile(onsets[2, :500], (9, 1)), abs=0.02)


def test_steady_sound_that_fades_at_its_ends_is_repeated_between_its_fades() -> None:
    pcm = noise(6)
    rise = np.linspace(0, 1, RATE, dtype=np.float32)[:, None]
    pcm[:RATE] *= rise
    pcm[-RATE:] *= rise[::-1]
    made, turn = repeated(pcm)
    assert np.array_equal(made[:turn], pcm[:turn])  # the first round comes in as it was made
    assert levels_db(made[RATE:], RATE // 10).min() > -2


def test_it_reads_alike_from_anywhere() -> None:
    loop = close_loop(tone(-6, 1, hz=100.5).astype(np.float32), DECLICK, RATE)
    whole = loop.read(-100, 5 * RATE)
    parts = [loop.read(first, min(first + 7001, 5 * RATE)) for first in range(-100, 5 * RATE, 7001)]
    assert np.array_equal(np.concatenate(parts), whole)
    assert not whole[:100].any()


@pytest.mark.parametrize("samples", [1, 2, 3, 5, 100])
def test_the_shortest_sounds_are_repeated(samples: int) -> None:
    pcm = noise(1)[:samples]
    assert np.isfinite(close_loop(pcm, DECLICK, RATE).read(0, 1000)).all()


@pytest.mark.media
@pytest.mark.parametrize(
    "name", ["audio_music/sonicpi_loop_mika.flac", "audio_music/sonicpi_loop_garzul.flac"]
)
def test_a_real_loop_is_left_as_it_is(media: Callable[[str], Path], name: str) -> None:
    pcm = read_sound_file(media(name), RATE)
    made, turn = repeated(pcm, 2)
    assert turn == len(pcm)
    assert np.array_equal(made, np.tile(pcm, (2, 1)))


@pytest.mark.media
@pytest.mark.parametrize(("name", "first", "stop", "beat"), [
    ("audio_music/sonicpi_loop_garzul.flac", 0.0, 6.2, 0.5), ("audio_music/sonicpi_loop_garzul.flac", 1.3, 7.4, 0.5),
    ("audio_music/sonicpi_loop_mika.flac", 1.0, 6.7, 0.5), ("audio_music/sonicpi_loop_tabla.flac", 1.1, 7.77, 1 / 6),
])  # fmt: skip
def test_a_piece_cut_out_of_music_goes_on_in_its_beat(
    media: Callable[[str], Path], name: str, first: float, stop: float, beat: float
) -> None:
    pcm = read_sound_file(media(name), RATE)[round(first * RATE) : round(stop * RATE)]
    made, turn = repeated(pcm, 2)
    beats = turn / RATE / beat
    assert beats == pytest.approx(round(beats), abs=0.005 / beat)
    # At both ends of the crossing the wave bends no more than the music itself does there.
    crossed = len(close_loop(pcm, DECLICK, RATE).crossed)
    assert bend_at(made, turn) <= 1.05 * bend_at(pcm, turn)
    assert bend_at(made, turn + crossed) <= 1.05 * bend_at(pcm, crossed)
