"""Turns spectra of quiet parts into the spectrum of a room: smooth, without lines, with its width in stereo."""

from __future__ import annotations

import numpy as np

from post.values.array import Array

WIDTH_OCTAVES = 1 / 3  # what is taken together
LEAST_BINS = 3  # at each side
STEPS_AN_OCTAVE = 12  # at which it is worked out; straight between
HEARD_HZ = (100.0, 10000.0)
NOTHING = 1e-30  # power
MOST_ALIKE = 0.999


def covariance(spectra: Array) -> Array:
    """Returns the mean power of blocks and between their channels, (bins, channels, channels) complex128.

    spectra: (blocks, bins, channels).
    """
    return np.asarray(np.einsum("kbi,kbj->bij", spectra, spectra.conj(), dtype=np.complex128) / len(spectra))


def noise_share(power: Array, hz: Array, blocks: int) -> float:
    """Returns what of the power in the heard band is noise and no lines, in dB: 0 is all of it."""
    own = _powers(power).sum(axis=1)
    noise = _floor(own[:, None], blocks)[:, 0]
    heard = (hz >= HEARD_HZ[0]) & (hz < HEARD_HZ[1])
    return float(10 * np.log10((noise[heard].sum() + NOTHING) / (own[heard].sum() + NOTHING)))


def smoothed(power: Array, blocks: int) -> Array:
    """Returns a covariance without lines, smooth over a third of an octave.

    Each channel's power is the median of its surroundings: a line of hum is no part of it. How alike channels are is
    the mean of theirs.
    """
    own = _powers(power)
    scale = 1 / np.sqrt(own + NOTHING)
    alike = _means(power * scale[:, :, None] * scale[:, None, :])
    level = np.exp(
        0.5 * _means(np.log(_floor(own, blocks) + NOTHING))
    )  # of decibels: a codec's cut-off stays sharp
    return np.asarray(alike * level[:, :, None] * level[:, None, :])


def factors(power: Array, size: int, window: Array) -> Array:
    """Returns what turns unlike noises into noise of this covariance, (bins, channels, channels) complex128.

    size: of the blocks it was measured in; window: theirs.
    """
    own = _powers(power)
    scale = 1 / np.sqrt(own + NOTHING)
    channels = np.eye(power.shape[1])
    alike = power * scale[:, :, None] * scale[:, None, :] * np.where(channels, 0.0, MOST_ALIKE)
    level = np.sqrt(own * size / np.sum(np.square(window, dtype=np.float64)))
    level[0] = level[-1] = 0.0  # no offset; and nothing at half the rate
    return np.asarray(np.linalg.cholesky(alike + channels) * level[:, :, None])


def _powers(power: Array) -> Array:
    """Returns the power of each channel, (bins, channels) float64."""
    return np.asarray(np.einsum("bii->bi", power).real)


def _places(bins: int) -> tuple[Array, Array, Array]:
    """Returns the bins at which a spectrum is smoothed, the first bin of each one's surroundings and the one after the
    last."""
    steps = np.arange(np.log2(max(bins - 1, 2)) * STEPS_AN_OCTAVE + 1) / STEPS_AN_OCTAVE
    places = np.unique(np.append(np.rint(2**steps), bins - 1)).astype(np.intp)
    ratio = 2 ** (WIDTH_OCTAVES / 2)
    first = np.minimum(np.floor(places / ratio), places - LEAST_BINS)
    stop = np.maximum(np.ceil(places * ratio), places + LEAST_BINS) + 1
    # The offset, in the first bin, leaks into the one beside it.
    return places, np.clip(first, 2, bins - 2).astype(np.intp), np.clip(stop, 4, bins).astype(np.intp)


def _floor(own: Array, blocks: int) -> Array:
    """Returns the median power of each bin's surroundings, as a mean: the median of noise lies a little lower."""
    places, first, stop = _places(len(own))
    middle = np.stack([np.median(own[a:b], axis=0) for a, b in zip(first, stop, strict=True)])
    return _between(places, middle / (1 - 1 / (9 * blocks)) ** 3, len(own))


def _means(values: Array) -> Array:
    """Returns the mean of each bin's surroundings."""
    places, first, stop = _places(len(values))
    total = np.concatenate([np.zeros_like(values[:1]), np.cumsum(values, axis=0)])
    means = (total[stop] - total[first]) / (stop - first).reshape(-1, *[1] * (values.ndim - 1))
    return _between(places, means, len(values))


def _between(places: Array, values: Array, bins: int) -> Array:
    """Returns values at all bins, straight between those at `places`."""
    at = np.clip(np.searchsorted(places, np.arange(bins), side="right") - 1, 0, len(places) - 2)
    turn = np.clip((np.arange(bins) - places[at]) / (places[at + 1] - places[at]), 0, 1)
    turn = turn.reshape(-1, *[1] * (values.ndim - 1))
    return np.asarray(values[at] * (1 - turn) + values[at + 1] * turn)
