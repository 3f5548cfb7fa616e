"""Peaks and gain at a control rate: nothing depends on blocks, and what is computed of a gain is what it does."""

from __future__ import annotations

import numpy as np
import pytest

from post.sound.buses import silence
from post.sound.dynamics.cells import PeakCells, cell_samples, peak_cells, peak_dbtp
from post.sound.dynamics.gain_curve import GainCurve
from post.sound.dynamics.heard import MeasuredSound
from post.sound.dynamics.master import Master
from post.sound.dynamics.reduction import PART, LookAhead, stage_reduction
from post.sound.limiter import hold_peaks, over
from post.sound.meter import integrated
from post.sound.pcm import gain_factor
from post.sound.scratch import block_spans, let_go
from post.sound.true_peak import true_peak_dbtp
from tests.sound.tones import RATE, noise, tone

FAST = LookAhead(0.005, 0.08)


@pytest.mark.parametrize("rate_hz", [8000, 44100, 48000, 96000])
def test_cells_are_the_same_in_blocks_of_any_size(rate_hz: int) -> None:
    pcm = noise(1.3, rate=rate_hz)
    whole = peak_cells(pcm, rate_hz)
    assert len(whole) == -(-len(pcm) // cell_samples(rate_hz))
    for size in (1, 777, 40000):
        cells = PeakCells(rate_hz, 2)
        for first in range(0, len(pcm) if size > 1 else 300, size):
            cells.add(pcm[first : first + size])
        found = cells.read()
        assert np.array_equal(found, whole if size > 1 else peak_cells(pcm[:300], rate_hz))


@pytest.mark.parametrize("above", [0.0, 0.3, 2.0])
def test_the_largest_cell_is_the_true_peak_and_those_above_are_exact(above: float) -> None:
    pcm = np.concatenate([noise(0.5), 3 * tone(-6, 0.2, hz=11999, degrees=45).repeat(2, axis=1)])
    cells, all_exact = PeakCells(RATE, 2, above), peak_cells(pcm, RATE)
    cells.add(pcm)
    found = cells.read()
    assert peak_dbtp(found) == pytest.approx(true_peak_dbtp(pcm), abs=1e-4)
    higher = all_exact > max(above, 0.01)
    assert found[higher] == pytest.approx(all_exact[higher], rel=1e-5)


@pytest.mark.parametrize("samples", [0, 1, 15, 16, 17])
def test_very_short_sound_has_its_cells(samples: int) -> None:
    assert len(peak_cells(np.ones((samples, 1), np.float32), RATE)) == -(-samples // 16)


@pytest.mark.parametrize("rate_hz", [44100, 48000])
def test_a_sample_has_the_same_gain_whatever_is_read_with_it(rate_hz: int) -> None:
    pcm = noise(0.4, rate=rate_hz) * np.float32(6)
    curve = hold_peaks(over(peak_cells(pcm, rate_hz), -1), rate_hz, 0.5).curve
    master, whole = Master(pcm, curve), Master(pcm, curve).pcm()
    pieces = [master.read(first, min(first + 997, len(pcm))) for first in range(0, len(pcm), 997)]
    assert np.array_equal(np.concatenate(pieces), whole)
    assert np.abs(np.diff(whole / pcm, axis=0)).max() < 0.02  # no step


def test_a_part_of_a_long_reduction_is_as_the_whole_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = np.zeros(60_000, np.float32)
    needed[np.random.default_rng(3).integers(0, 60_000, 300)] = 9.0
    whole = stage_reduction(needed, FAST, 3000)
    assert len(needed) < PART
    monkeypatch.setattr("post.sound.dynamics.reduction.PART", 7000)
    assert stage_reduction(needed, FAST, 3000) == pytest.approx(whole, abs=0.001)
    assert (whole >= needed).all()


@pytest.mark.parametrize("rate_hz", [16000, 44100, 48000])
def test_the_loudness_of_a_limited_sound_is_known_before_it_is_made(rate_hz: int) -> None:
    pcm = noise(6, rate=rate_hz) * np.float32(3)
    pcm[rate_hz : 3 * rate_hz] *= np.float32(0.1)
    curve = hold_peaks(over(peak_cells(pcm, rate_hz), -7), rate_hz, -3.0).curve
    heard = MeasuredSound([pcm], rate_hz, 2, above=None, speech=None)
    assert heard.loudness_with(curve) == pytest.approx(
        integrated(Master(pcm, curve).pcm(), rate_hz), abs=0.02
    )


def test_the_mean_power_of_a_gain_is_that_of_its_samples() -> None:
    edges = (0.6 + 0.4 * np.sin(np.arange(3001) / 25)).astype(np.float32)
    curve, ones = GainCurve(edges, 44100, gain_factor(-2)), np.ones((45000, 1))
    places = np.arange(101) * 441.0
    samples = np.square(curve.apply(ones, 0)[:44100, 0]).reshape(100, 441).mean(axis=1)
    assert curve.mean_powers(places) == pytest.approx(samples, rel=0.01)


def test_sound_in_a_file_is_kept_when_it_is_let_go_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("post.sound.buses.LONGEST_IN_MEMORY", 1000)
    monkeypatch.setattr("post.sound.scratch.LET_GO", 100_000)
    bus, sound = silence(200_000, 2), noise(200_000 / RATE)
    for first, stop in block_spans(bus):
        bus[first:stop] += sound[first:stop]
    let_go(bus)
    assert np.array_equal(bus, sound)
