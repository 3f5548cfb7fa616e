"""What is measured of sound that passes by once: its loudness, and the peaks of its cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from post.sound.channels import speakers_of
from post.sound.dynamics.cells import PeakCells, peak_dbtp
from post.sound.dynamics.gain_curve import GainCurve
from post.sound.meter import Loudness, Meter
from post.sound.meter.gates import HOPS_A_SECOND
from post.values.array import Array
from post.values.time import Span


class MeasuredSound:
    """Measures sound.

    blocks: (samples, channels) float, in order; above: see PeakCells, None to leave peaks out; speech: where there is
    speech, in samples, if loudness is that of speech; None for the programme's. Raises SourceError for PCM that is not
    finite.
    """

    def __init__(
        self,
        blocks: Iterable[Array],
        rate_hz: int,
        channels: int,
        *,
        above: float | None,
        speech: tuple[Span, ...] | None,
    ) -> None:
        self.rate_hz = rate_hz
        self._meter, self._speech = Meter(rate_hz, speakers_of(channels), peaks=False), speech
        cells = None if above is None else PeakCells(rate_hz, channels, above)
        for block in blocks:
            self._meter.add(block)
            if cells:
                cells.add(block)
        self.cells = cells.read() if cells else np.zeros(0, np.float32)
        self.loudness = _with_peak(self._meter.read(speech), self.cells)

    def loudness_with(self, curve: GainCurve) -> float | None:
        """Returns the integrated loudness of this sound with a gain, within 0.02 LU; None where there is none.

        A gain that changes slowly multiplies the power of each 10 ms by its own mean square.
        """
        edges = np.arange(self._meter.hops + 1) * (self.rate_hz / HOPS_A_SECOND)
        return self._meter.integrated_with(curve.mean_powers(edges), self._speech)


def _with_peak(read: Loudness, cells: Array) -> Loudness:
    peak = peak_dbtp(cells)
    said = tuple(row for row in read.unmeasured if peak is None or row[0] != "true_peak_dbtp")
    return replace(read, true_peak_dbtp=peak, unmeasured=said)
