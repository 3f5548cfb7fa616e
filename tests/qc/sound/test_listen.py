"""Silence, flat tops, overs, phase, clicks, gaps and dead channels are heard at their times."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from post.errors import SourceError
from post.qc.sound.listen import measure_sound
from post.values.array import Array
from post.values.sights.sound import DIGITAL_SILENCE, SoundSight

HZ = 48000
HALF = (Fraction(0), Fraction(1, 2))
T = np.arange(3 * HZ) / HZ
TONE = 0.25 * np.sin(2 * np.pi * 440 * T)


def heard(tmp_path: Path, *channels: Array) -> SoundSight:
    """Returns what is heard in a WAVE file of float samples."""
    pcm = np.stack(channels).astype(np.float32)
    path = tmp_path / "sound.wav"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("pcm_f32le", rate=HZ, layout="mono" if len(channels) == 1 else "stereo")
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(pcm.T.reshape(1, -1)), "flt", stream.layout.name
        )
        frame.rate = HZ
        out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return measure_sound(path)


def test_clean_sound_has_a_loudness_and_no_fault(tmp_path: Path) -> None:
    sight = heard(tmp_path, TONE, TONE)
    assert sight.speakers == ("FL", "FR")
    assert sight.length == 3
    assert sight.loudness.integrated_lufs == pytest.approx(-12.7, abs=0.4)
    assert sight.loudness.true_peak_dbtp == pytest.approx(-12.04, abs=0.05)
    assert (sight.clipped, sight.overs, sight.clicks, sight.gaps) == ((), (), (), ())
    assert {(each.correlation, each.fold_down_db) for each in sight.phase} == {(1.0, 0.0)}
    assert len(sight.levels) == 300
    assert set(sight.levels) == {-12}


def test_silence_is_told_by_its_floor(tmp_path: Path) -> None:
    sound = TONE.copy()
    sound[HZ : 2 * HZ] *= 1e-3  # -72 dBFS
    sound[: HZ // 2] = 0
    sight = heard(tmp_path, sound)
    assert sight.quiet(Fraction(-60)) == (HALF, (Fraction(1), Fraction(2)))
    assert sight.quiet(Fraction(-80)) == (HALF,)
    assert sight.quiet(Fraction(-200)) == (HALF,)
    assert sight.levels[0] == DIGITAL_SILENCE


def test_flat_tops_are_clipping(tmp_path: Path) -> None:
    sound = TONE.copy()
    sound[HZ : HZ + 2000] = np.clip(8 * sound[HZ : HZ + 2000], -1, 1)
    sight = heard(tmp_path, sound)
    assert len(sight.clipped) > 10
    assert all(1 <= start < stop <= Fraction(21, 20) for start, stop in sight.clipped)


def test_a_waveform_over_full_scale_between_samples_is_an_over(tmp_path: Path) -> None:
    quarter = np.sin(2 * np.pi * (HZ / 4) * T + np.pi / 4) * 1.2  # samples at 0.85, peaks at 1.2
    sound = TONE.copy()
    sound[HZ : HZ + 4800] = quarter[HZ : HZ + 4800]
    sight = heard(tmp_path, sound)
    assert max(sight.peaks_dbfs) < 0
    assert [(float(start), float(stop)) for start, stop in sight.overs] == [(1.0, 1.1)]


def test_sides_that_cancel_are_told(tmp_path: Path) -> None:
    sight = heard(tmp_path, TONE, -TONE)
    assert {each.correlation for each in sight.phase} == {-1.0}
    assert {each.fold_down_db for each in sight.phase} == {60.0}
    noise = np.random.default_rng(1).normal(0, 0.1, (2, len(T)))
    (window,) = heard(tmp_path, *noise).phase
    assert window.correlation == pytest.approx(0, abs=0.02)
    assert window.fold_down_db == pytest.approx(3, abs=0.1)


def test_a_dead_channel_has_no_phase_and_no_level(tmp_path: Path) -> None:
    sight = heard(tmp_path, TONE, np.zeros_like(TONE))
    assert sight.phase == ()
    assert sight.peaks_dbfs == pytest.approx((-12.04, DIGITAL_SILENCE), abs=0.01)


def test_a_gap_in_sound_that_goes_on_is_a_dropout_and_a_pause_is_none(tmp_path: Path) -> None:
    sound = TONE.copy()
    sound[HZ : HZ + 480] = 0
    ((start, stop),) = heard(tmp_path, sound).gaps
    assert float(start) == pytest.approx(1, abs=1e-4)  # the tone itself passes 0 there
    assert stop == Fraction(HZ + 480, HZ)
    sound = TONE.copy()
    sound[HZ : 2 * HZ] = 0
    assert heard(tmp_path, sound).gaps == ()


def test_a_click_at_a_join_is_found(tmp_path: Path) -> None:
    sound = TONE.copy()
    sound[HZ:] = np.roll(sound[HZ:], 40)  # a jump of its phase
    (at,) = heard(tmp_path, sound).clicks
    assert at == pytest.approx(1, abs=0.001)


def test_a_file_that_is_no_media_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "no.wav").write_text("no sound")
    with pytest.raises(SourceError):
        measure_sound(tmp_path / "no.wav")
