"""Varispeed: reads sound along a time map, like tape at another speed. Pitch changes with speed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import numpy as np

from post.sound.pcm import split_blocks
from post.values.array import Array
from post.values.ease import HALVINGS, Ease, curve_of
from post.values.time import TimeMap

# A sinc of 32 zero crossings each way under a Kaiser window: stop band 118 dB down.
CROSSINGS, BETA = 32, 12.0
STEPS = 1024  # table entries between crossings; linear between them errs by 4e-7 at most (-128 dB)
CELLS = 1 << 15  # weights computed at once, so that they stay in the cache

# (first, stop) -> those samples of the source, (stop - first, channels); silent outside it.
Fetch = Callable[[int, int], Array]
_RUNS: dict[Ease, Callable[[Array], Array]] = {
    "hold": np.zeros_like,
    "linear": lambda u: u**2 / 2,
    "smooth": lambda u: u**3 - u**4 / 2,
}


@dataclass(frozen=True, slots=True)
class SpeedSection:
    """A time map from one speed key to the next, in float64. length 0: its speed holds to the end."""

    at: float
    position: float
    speed: float
    rise: float = 0.0
    length: float = 0.0
    ease: Ease = "hold"

    def positions(self, samples: Array) -> Array:
        """Returns the source positions of output samples."""
        run = samples - self.at
        if not self.length:
            return np.asarray(self.position + self.speed * run)
        bend = self.rise * self.length * _eased_runs(self.ease, run / self.length)
        return np.asarray(self.position + self.speed * run + bend)


def _eased_runs(ease: Ease, u: Array) -> Array:
    """Returns the integral of an ease from 0 to each of `u`, 0..1, to 1e-15: `values.ease.eased_run` for arrays."""
    if ease in _RUNS:
        return _RUNS[ease](u)
    curve = curve_of(ease)
    time, share, run = (
        np.polynomial.Polynomial([float(c) for c in each]) for each in (curve.time, curve.share, curve.run)
    )
    low, high = np.zeros_like(u), np.ones_like(u)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        past = time(middle) > u
        low, high = np.where(past, low, middle), np.where(past, middle, high)
    return np.asarray(run(low) + share(low) * (u - time(low)))


class Path:
    """A TimeMap for whole arrays. It stays within 1e-8 of a sample of the exact map over ten minutes."""

    def __init__(self, time: TimeMap) -> None:
        keys, step = time.keys, float(time.step)
        runs = replace(time, held=None)  # a section is cut off where it is held, also before the first key
        bent = [
            SpeedSection(float(a.at), float(runs(a.at)), step * float(a.speed), step * float(b.speed - a.speed),
                  float(b.at - a.at), b.ease)
            for a, b in pairwise(keys)
        ]  # fmt: skip
        ends = [
            SpeedSection(float(k.at), float(runs(k.at)), step * float(k.speed)) for k in (keys[0], keys[-1])
        ]
        self._pieces = [ends[0], *bent, ends[1]]
        self._starts = np.array([float(key.at) for key in keys])
        self._held = np.inf if time.held is None else float(time.held)

    def __call__(self, samples: Array) -> Array:
        """Returns source positions at rising output positions, float64, both in samples."""
        samples = np.minimum(samples, self._held)
        cuts = [0, *np.searchsorted(samples, self._starts), len(samples)]
        parts = [
            piece.positions(samples[a:b]) for piece, (a, b) in zip(self._pieces, pairwise(cuts), strict=True)
        ]
        return np.concatenate(parts)


def play(path: Path, fetch: Fetch, first: int, stop: int) -> Array:
    """Returns output samples first..stop-1 of a source read along a path, (stop - first, channels) float64.

    Band-limited at every speed: above 1 the kernel widens with the speed, so nothing aliases.
    """
    at = path(np.arange(first, stop + 1, dtype=np.float64))
    positions, widths = at[:-1], np.maximum(np.abs(np.diff(at)), 1.0)
    reach = int(np.ceil(CROSSINGS * widths.max()))
    rows = max(16, CELLS // (2 * reach))
    parts = [_read(positions[a:b], widths[a:b], fetch) for a, b in split_blocks(stop - first, rows)]
    return np.concatenate(parts)


def _read(positions: Array, widths: Array, fetch: Fetch) -> Array:
    """Returns the source at fractional positions; widths: how many source samples one output sample stands for."""
    reach = int(np.ceil(CROSSINGS * widths.max()))
    taps = np.arange(1 - reach, reach + 1)
    whole = np.floor(positions).astype(np.int64)
    away = np.abs(taps - (positions - whole)[:, None]) / widths[:, None]
    weights = _weights(away)
    # Their sum differs from 1 by up to 1e-6, depending on the fraction: without this, that would be a tone.
    weights /= weights.sum(axis=1, keepdims=True)
    lowest = int(whole.min())
    pcm = fetch(lowest + 1 - reach, int(whole.max()) + reach + 1)
    windows = np.lib.stride_tricks.sliding_window_view(pcm, 2 * reach, axis=0)
    return np.asarray(np.einsum("nt,nct->nc", weights, windows[whole - lowest]))


def _weights(away: Array) -> Array:
    """Returns the kernel at distances of `away` crossings, 0 beyond its reach."""
    table, slope = _kernel()
    place = np.minimum(away, CROSSINGS) * STEPS
    index = place.astype(np.int32)
    place -= index
    return np.asarray(table[index] + place * slope[index])


@cache
def _kernel() -> tuple[Array, Array]:
    u = np.arange(CROSSINGS * STEPS + 2) / STEPS
    window = np.i0(BETA * np.sqrt(np.maximum(0, 1 - (u / CROSSINGS) ** 2))) / np.i0(BETA)
    table = np.where(u < CROSSINGS, np.sinc(u) * window, 0.0)
    return table[:-1], np.diff(table)
