"""What is measured of sound that passes by: its loudness and the peaks of its cells."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from post.sound import meter as m
from post.sound.dynamics.cells import PeakCells
from post.sound.dynamics.gain_curve import GainCurve
from post.sound.meter import Loudness
from post.values.array import Array


class HeardSound:
    @classmethod
    def of(cls, blocks, rate_hz, channels):
        return cls(blocks, rate_hz)

    def __init__(self, blocks: Iterable[Array], rate_hz: int) -> None:
        pcm = np.concatenate(list(blocks))
        self.rate_hz = rate_hz
        self.loudness: Loudness = m.measure(pcm, rate_hz)
        cells = PeakCells(rate_hz, pcm.shape[1])
        cells.add(pcm)
        self.cells = cells.read()
        if rate_hz < m.NATIVE_HZ:
            pcm, rate_hz = m._raised(pcm, rate_hz), m.REFERENCE_HZ
        self._edges = m._edges(len(pcm), rate_hz)
        self._powers = m._hop_powers(pcm, self._edges, rate_hz, m.loudness_weights(m.speakers_of(pcm.shape[1])))

    def loudness_with(self, curve: GainCurve) -> float | None:
        at = np.arange(len(self._edges)) * (self.rate_hz / m.HOPS_A_SECOND)
        return m._gated(m._windowed(self._powers * curve.mean_powers(at), self._edges, m.MOMENTARY))
