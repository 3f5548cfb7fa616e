"""The level of sound as it is heard, every 10 ms: what the finding of voices and ducking reckon with."""

from __future__ import annotations

import math

import numpy as np

from post.sound.channels import loudness_weights, speakers_of
from post.sound.meter import k_weighting
from post.sound.pcm import split_blocks
from post.values.array import Array
from post.values.time import Span

HOPS_A_SECOND = 100
BLOCK_HOPS = 100
TAIL_S = 0.2  # how long the filters ring, to 1e-21
SLOWEST_HZ = 4000  # below it the shelf of the weighting lies above half the rate


def hop_edges(samples: int, rate_hz: int) -> Array:
    """Returns the first sample of each hop of 10 ms, and the end of the last, which may be shorter: (hops + 1,)."""
    hops = -(-samples * HOPS_A_SECOND // rate_hz)
    edges = np.arange(hops + 1) * rate_hz // HOPS_A_SECOND
    edges[-1] = samples
    return edges


def hops_within(span: Span, rate_hz: int) -> slice:
    """Returns the hops that lie in a span of samples, at least one."""
    first = -(-span.first * HOPS_A_SECOND // rate_hz)
    return slice(first, max(first + 1, span.stop * HOPS_A_SECOND // rate_hz))


def hop_powers(pcm: Array, rate_hz: int) -> Array:
    """Returns the mean square of K-weighted sound in each hop of 10 ms, channels weighted and added: (hops,) float64.

    pcm: (samples, channels) float. It is filtered block by block. 10 * log10 of it, less 0.691, is in LUFS.
    Source: ITU-R BS.1770-5 Annex 1.
    """
    edges = hop_edges(len(pcm), rate_hz)
    weights = loudness_weights(speakers_of(pcm.shape[1]))
    tail, powers = math.ceil(TAIL_S * rate_hz), np.zeros(len(edges) - 1)
    size = 1 << (tail + rate_hz * BLOCK_HOPS // HOPS_A_SECOND + 1).bit_length()
    response = _response(k_weighting(max(rate_hz, SLOWEST_HZ)), size)
    for first, stop in split_blocks(len(powers), BLOCK_HOPS):
        start = int(edges[first])
        before = min(tail, start)
        part = pcm[start - before : edges[stop]].T
        if not part.any():
            continue
        heard = np.fft.irfft(np.fft.rfft(part, size) * response, size)[:, before : part.shape[1]]
        powers[first:stop] = np.add.reduceat(weights @ np.square(heard), edges[first:stop] - start)
    return np.asarray(powers / np.diff(edges))


def _response(sections: Array, size: int) -> Array:
    """Returns the response of second-order sections at each bin of `size` samples: (size // 2 + 1,) complex."""
    delay = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    powers_of = np.stack([np.ones_like(delay), delay, delay * delay])
    return np.asarray(np.prod((sections[:, :3] @ powers_of) / (sections[:, 3:] @ powers_of), axis=0))
