"""Finds the gain that brings one sound to a loudness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.sound.meter import curve, integrated
from post.values.array import Array

WINDOW_S = 0.4  # of momentary loudness
# Sound so far below its level is the noise of a recording: it is raised by this, and no more.
MOST_GAIN_DB = 40.0


@dataclass(frozen=True, slots=True)
class LevelGain:
    """The gain that brings a sound to a loudness. found_lufs: its loudness, None for digital silence, which keeps its
    level; measured: "integrated", "momentary" or "mean", in the order in which they are tried."""

    gain_db: float
    found_lufs: float | None
    measured: str


def find_level_gain(pcm: Array, rate_hz: int, level_lufs: float) -> LevelGain:
    """Returns the gain that brings PCM, (samples, channels), to a loudness in LUFS; at most MOST_GAIN_DB.

    It is the gated loudness of BS.1770-5. Where all of it is below the gate, its loudest 400 ms; where it is shorter
    than that, the loudness of all of it, without a gate.
    """
    found, measured = _loudness(pcm, rate_hz)
    gain_db = 0.0 if found is None else min(level_lufs - found, MOST_GAIN_DB)
    return LevelGain(gain_db, found, measured)


def _loudness(pcm: Array, rate_hz: int) -> tuple[float | None, str]:
    window = round(WINDOW_S * rate_hz)
    if len(pcm) < window:
        # In as much silence as makes one window, which also hears the filters ring out.
        whole = np.zeros((window + rate_hz // 100, pcm.shape[1]), np.float32)
        whole[: len(pcm)] = pcm
        loudest = _loudest(whole, rate_hz)
        shorter = 10 * np.log10(window / max(len(pcm), 1))
        return (None if loudest is None else loudest + float(shorter)), "mean"
    gated = integrated(pcm, rate_hz)
    return (_loudest(pcm, rate_hz), "momentary") if gated is None else (gated, "integrated")


def _loudest(pcm: Array, rate_hz: int) -> float | None:
    _, momentary, _ = curve(pcm, rate_hz)
    heard = momentary[np.isfinite(momentary)]
    return float(heard.max()) if len(heard) else None
