"""Loudness from the power of hops: windows, the gates of BS.1770-5 and Tech 3342, and the mean over speech."""

from __future__ import annotations

import numpy as np

from post.values.array import Array
from post.values.time import Span

# Windows move by 10 ms. Tech 3341 case 13 fails on a grid of 100 ms: it reads -23.45 for -23.
HOPS_A_SECOND = 100
MOMENTARY, SHORT_TERM = 40, 300  # hops: 400 ms and 3 s
GATING_STEP = 10  # hops: BS.1770-5 blocks of 400 ms overlap by 75 %, Tech 3342 windows come at 10 Hz
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU, RANGE_GATE_LU = -10.0, -20.0
OFFSET_DB = -0.691  # BS.1770-5 eq. 2


def hop_edges(samples: int, rate_hz: int) -> Array:
    """Returns the first sample of each 10 ms hop, and the end of the last whole hop.

    Exact at any rate: at 22.05 kHz, hops have 220 and 221 samples in turn.
    """
    hops = samples * HOPS_A_SECOND // rate_hz
    edges = (2 * np.arange(hops + 1) * rate_hz + HOPS_A_SECOND) // (2 * HOPS_A_SECOND)
    return np.asarray(edges[edges <= samples])


def hop_sums(heard: Array, weights: Array, edges: Array) -> Array:
    """Returns the sum of squares of K-weighted sound in each hop, channels weighted and added: (hops,).

    heard: (channels, samples) float64, overwritten; weights: of the channels; edges: of the hops, in samples.
    """
    np.square(heard, out=heard)
    total = heard[0]
    if weights[0] != 1:
        total *= weights[0]
    for weight, channel in zip(weights[1:], heard[1:], strict=True):
        total += channel if weight == 1 else weight * channel
    return np.add.reduceat(total[: edges[-1]], edges[:-1]) if len(edges) > 1 else np.zeros(0)


def window_levels(powers: Array, edges: Array, hops: int) -> Array:
    """Returns LUFS of every window of that many hops; -inf for silence. powers: sums of squares, of each hop."""
    if len(powers) < hops:
        return np.zeros(0)
    means = np.convolve(powers, np.ones(hops), "valid") / (edges[hops:] - edges[:-hops])
    with np.errstate(divide="ignore"):
        return np.asarray(OFFSET_DB + 10 * np.log10(means))


def gated_lufs(momentary: Array) -> float | None:
    """Returns gated loudness. Source: BS.1770-5 Annex 1, eq. 4 to 7."""
    blocks_lufs = momentary[::GATING_STEP]
    heard = blocks_lufs[blocks_lufs > ABSOLUTE_GATE_LUFS]
    if not len(heard):
        return None
    return _mean_lufs(heard[heard > _mean_lufs(heard) + RELATIVE_GATE_LU])


def range_lu(short_term: Array) -> float | None:
    """Returns loudness range, by Tech 3342: 10th to 95th percentile of gated short-term loudness."""
    windows = short_term[::GATING_STEP]
    heard = windows[windows >= ABSOLUTE_GATE_LUFS]
    if not len(heard):
        return None
    heard = heard[heard >= _mean_lufs(heard) + RANGE_GATE_LU]
    low, high = np.percentile(heard, (10, 95), method="nearest")
    return float(high - low)


def speech_lufs(powers: Array, edges: Array, speech: tuple[Span, ...]) -> float | None:
    """Returns loudness over speech without a level gate, as BS.1770-1 has it; None where no whole hop is speech.

    speech: in samples at the rate of `edges`.
    """
    chosen = np.zeros(len(powers), bool)
    for span in speech:
        chosen[np.searchsorted(edges, span.first) : np.searchsorted(edges, span.stop, "right") - 1] = True
    power = float(powers[chosen].sum())
    if power <= 0:
        return None
    return float(OFFSET_DB + 10 * np.log10(power / np.diff(edges)[chosen].sum()))


def _mean_lufs(levels: Array) -> float:
    """Returns the level of the windows' mean power."""
    return float(10 * np.log10(np.mean(10 ** (levels / 10))))
