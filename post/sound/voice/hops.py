"""The level of sound as it is heard, every 10 ms: what the finding of voices and ducking reckon with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from post.errors import SourceError
from post.sound.channels import loudness_weights, speakers_of
from post.sound.meter.gates import HOPS_A_SECOND, hop_edges, hop_sums
from post.sound.meter.k_weighting import KFilter
from post.sound.varispeed import Fetch
from post.values.array import Array
from post.values.time import Span

SLOWEST_HZ = 4000  # below it the shelf of the weighting lies above half the rate


def hops_of(spans: Sequence[Span], samples: int, rate_hz: int) -> Array:
    """Returns which hops of a sound lie within spans of samples, (hops,) bool: those whose middle does."""
    edges = hop_edges(samples, rate_hz)
    chosen = np.zeros(max(0, len(edges) - 1), bool)
    middles = (edges[1:] + edges[:-1]) // 2
    for span in spans:
        chosen[np.searchsorted(middles, span.first) : np.searchsorted(middles, span.stop)] = True
    return chosen


def hop_powers(pcm: Array, rate_hz: int, wanted: Array | None = None) -> Array:
    """Returns the mean square of K-weighted sound in each whole hop of 10 ms, channels weighted and added: (hops,).

    pcm: (samples, channels) float; wanted: the hops that are asked for, (hops,) bool, None for all; in seconds without
    one others are 0, or not exact. 10 * log10 of it, less 0.691, is in LUFS.
    Raises SourceError for a rate below 4 kHz.
    Source: ITU-R BS.1770-5 Annex 1.
    """
    samples, channels = pcm.shape
    if channels == 2 and np.array_equal(pcm[:, 0], pcm[:, 1]):  # a voice in the middle: one side is enough
        return 2 * fetched_powers(lambda first, stop: pcm[first:stop, :1], (samples, 1), rate_hz, wanted)
    return fetched_powers(lambda first, stop: pcm[first:stop], pcm.shape, rate_hz, wanted)


def fetched_powers(fetch: Fetch, shape: tuple[int, ...], rate_hz: int, wanted: Array | None = None) -> Array:
    """Returns as `hop_powers` does. fetch: gives samples first..stop-1 of sound of that shape, second by second."""
    if rate_hz < SLOWEST_HZ:
        raise SourceError(
            "rate too low to measure", where="sound", expected=f"at least {SLOWEST_HZ} Hz", got=rate_hz
        )
    samples, channels = shape
    weights = loudness_weights(speakers_of(channels))
    edges = hop_edges(samples, rate_hz)
    powers = np.zeros(max(0, len(edges) - 1))
    k_filter, before = KFilter(rate_hz, channels), -1
    for second in np.flatnonzero(_seconds(powers, wanted)).tolist():
        if second != before + 1:  # it begins afresh, a second before it is asked for
            k_filter = KFilter(rate_hz, channels)
        part = fetch(second * rate_hz, min((second + 1) * rate_hz, samples))
        filtered = k_filter.second(part) if len(part) == rate_hz else k_filter.last(part)
        first = second * HOPS_A_SECOND
        stop = min(first + HOPS_A_SECOND, len(powers))
        bounds = edges[first : stop + 1] - second * rate_hz
        powers[first:stop] = hop_sums(filtered, weights, bounds) / np.diff(bounds)
        before = second
    return powers


def _seconds(powers: Array, wanted: Array | None) -> Array:
    """Returns which seconds are filtered, (seconds,) bool: those that are asked for, and one before each."""
    whole = np.ones(len(powers), bool) if wanted is None else wanted
    asked = (
        np.add.reduceat(whole, np.arange(0, len(whole), HOPS_A_SECOND)) > 0
        if len(whole)
        else np.zeros(0, bool)
    )
    asked[:-1] |= asked[1:]
    return np.asarray(asked)
