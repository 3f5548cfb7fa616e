"""Measures with libebur128 (MIT), through pyebur128: the meter that most software is built on."""

from __future__ import annotations

import numpy as np
import pytest

from post.sound import Loudness
from post.values.array import Array
from post.values.speakers import Speakers

# BS.1770-5, Table 4, in libebur128's words. It weighs the speakers from 60 to 120 degrees as the surrounds.
PLACES = {
    "FL": "LEFT", "FR": "RIGHT", "FC": "CENTER", "LFE": "UNUSED", "SL": "M_PLUS_090", "SR": "M_MINUS_090",
    "BL": "M_PLUS_135", "BR": "M_MINUS_135", "BC": "M_PLUS_180", "M": "LEFT",
}  # fmt: skip
HOPS = 100  # readings of the moving figures in a second


def measure_with_libebur128(pcm: Array, rate_hz: int, speakers: Speakers, *, moving: bool = True) -> Loudness:
    """Returns libebur128's readings. moving: whether momentary and short-term loudness are read, every 10 ms.

    Skips the test that asks where pyebur128 is not installed, as on Python 3.13.
    """
    peer = pytest.importorskip("pyebur128")
    modes = peer.MeasurementMode
    state = peer.R128State(
        pcm.shape[1], rate_hz, modes.MODE_I | modes.MODE_S | modes.MODE_LRA | modes.MODE_TRUE_PEAK
    )
    for channel, speaker in enumerate(speakers):
        state.set_channel(channel, getattr(peer.ChannelType, PLACES[speaker]))
    momentary, short_term = [-np.inf], [-np.inf]
    step = rate_hz // HOPS if moving else max(1, len(pcm))
    flat = np.ascontiguousarray(pcm, np.float64)
    for first in range(0, len(flat), step):
        block = flat[first : first + step]
        state.add_frames(block.reshape(-1), len(block))
        stop = first + len(block)
        if stop >= rate_hz * 0.4:
            momentary.append(peer.get_loudness_momentary(state))
        if stop >= rate_hz * 3:
            short_term.append(peer.get_loudness_shortterm(state))
    peak = max(peer.get_true_peak(state, channel) for channel in range(pcm.shape[1]))
    spans = len(pcm) >= 3 * rate_hz
    return Loudness(
        integrated_lufs=_finite(peer.get_loudness_global(state)),
        max_momentary_lufs=_finite(max(momentary) if moving else -np.inf),
        max_short_term_lufs=_finite(max(short_term) if moving else -np.inf),
        range_lu=_finite(peer.get_loudness_range(state) if spans else -np.inf),
        true_peak_dbtp=_finite(20 * np.log10(peak) if peak > 0 else -np.inf),
    )


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
