"""Time-stretch: reads sound along a time map and keeps its pitch.

Tones go through a phase vocoder, strikes through short windows in which every attack keeps its shape and its place.
Where the map runs at 1, what comes out is the source itself.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from post.sound.onsets import find_onsets
from post.sound.pcm import split_blocks
from post.sound.separation import OVERLAP, SplitSound, window_samples
from post.sound.varispeed import Fetch, Path
from post.values.array import Array

FRAMES = 48  # windows that are worked on at once
STRIKE_PARTS = 8  # a window of strikes is this part of one of tones: 5 ms
# Half windows on each side of an attack in which the time that it takes is made up for, and the most of them, at .1x:
# in fewer, its neighbours would hold the attack too, and it would be heard again.
SPREAD, FAR = 4, 40
NEAR = 0.98
GOLDEN = 0.6180339887498949
QUIET = 1e-12


class Attacks(NamedTuple):
    """Attacks that a path passes, by output sample (rising), source sample, and 1 or -1 for its direction there."""

    at: Array
    place: Array
    turn: Array


def stretch(path: Path, fetch: Fetch, first: int, stop: int, rate_hz: int) -> Array:
    """Returns output samples first..stop-1 of a source read along a path, (stop - first, channels) float32.

    Windows lie on a grid that starts at `first`: ask for all of an event at once. Samples that one call returns are
    the same however long the source is beside them. Positions may stand still or run backwards; sound that runs
    backwards is the source turned round.
    """
    source = SplitSound(fetch, rate_hz)
    made = np.zeros((stop - first, source.channels), np.float32)
    _add_tones(made, path, source, first, rate_hz)
    _add_strikes(made, path, source, first, rate_hz)
    return made


def _add_tones(made: Array, path: Path, source: SplitSound, first: int, rate_hz: int) -> None:
    """Adds the tones of the source along the path, from output sample `first` on: a phase vocoder with locked phases.

    Each window is turned so that it goes on from the one before it as the source itself would: its phases are compared
    with those of the source one hop earlier, whatever place the window before was read at.
    Source: Puckette, "Phase-locked vocoder", 1995; Laroche and Dolson, "Improved phase vocoder", 1999.
    """
    size = window_samples(rate_hz)
    hop = size // OVERLAP
    shape = np.hanning(size + 1)[:-1, None]
    taps = np.arange(size) - size // 2
    count = -(-len(made) // hop) + OVERLAP
    before: Array | None = None
    tail = np.zeros((size, source.channels))
    for a, b in split_blocks(count, FRAMES):
        centres = first + (np.arange(a, b) - OVERLAP // 2) * hop
        exact, speeds = _course(path, centres)
        places, turns = np.round(exact).astype(np.int64), np.where(speeds < 0, -1, 1)
        here = _spectra(source, places, turns, taps, shape)
        earlier = _spectra(source, places - turns * hop, turns, taps, shape)
        owners, loudest = _regions(here)
        summed = np.zeros(((b - a) * hop + size, source.channels))
        summed[: len(tail)] = tail
        turned = np.empty_like(here)
        for row in range(b - a):
            before = turned[row] = _locked(before, here[row], earlier[row], owners[row], loudest[row])
        for row, piece in enumerate(np.fft.irfft(turned, size, axis=1) * (shape / 1.5)):
            summed[row * hop : row * hop + size] += piece
        _put(made, summed[: (b - a) * hop], int(centres[0]) - size // 2 - first)
        tail = summed[(b - a) * hop :]


def _course(path: Path, centres: Array) -> tuple[Array, Array]:
    """Returns source positions at window centres, and the speed there, below 0 where the path runs backwards."""
    ends = path(np.stack([centres - 0.5, centres + 0.5], axis=1).ravel()).reshape(-1, 2)
    return ends.mean(axis=1), ends[:, 1] - ends[:, 0]


def _spectra(source: SplitSound, places: Array, turns: Array, taps: Array, shape: Array) -> Array:
    """Returns the spectra of the tones in windows around places, (windows, bins, channels)."""
    half = len(taps) // 2
    first, stop = int(places.min()) - half, int(places.max()) + half + 1
    tones = source.read(first, stop)[0]
    windows = tones[(places[:, None] + turns[:, None] * taps) - first]
    return np.asarray(np.fft.rfft(windows * shape, axis=1))


def _regions(spectra: Array) -> tuple[Array, Array]:
    """Returns, for each bin, the peak that it belongs to, and the channel that is loudest in it."""
    strength = np.abs(spectra)
    total = strength.sum(axis=2)
    padded = np.pad(total, ((0, 0), (2, 2)), constant_values=-1.0)
    peak = np.logical_and.reduce([total > padded[:, i : i + total.shape[1]] for i in (0, 1, 3, 4)])
    bins = np.arange(total.shape[1])
    far = 4 * len(bins)
    below = np.maximum.accumulate(np.where(peak, bins, -far), axis=1)
    above = np.minimum.accumulate(np.where(peak, bins, far)[:, ::-1], axis=1)[:, ::-1]
    nearest = np.where(bins - below <= above - bins, below, above)
    owners = np.where((nearest < 0) | (nearest >= far), bins, nearest)
    return owners, strength.argmax(axis=2)


def _locked(before: Array | None, here: Array, earlier: Array, owners: Array, loudest: Array) -> Array:
    """Returns a spectrum with its phases turned, by the same angle in every bin of a peak and in every channel."""
    if before is None:
        return here
    bins = np.arange(len(here))
    turn = before[bins, loudest] * np.conj(earlier[bins, loudest])
    size = np.abs(turn)
    turn = np.where(size > QUIET, turn / np.maximum(size, QUIET), 1.0)
    return np.asarray(here * turn[owners][:, None])


def _add_strikes(made: Array, path: Path, source: SplitSound, first: int, rate_hz: int) -> None:
    """Adds the strikes of the source along the path, from output sample `first` on, by short windows that overlap."""
    size = window_samples(rate_hz) // STRIKE_PARTS
    hop = size // 2
    shape = np.hanning(size + 1)[:-1, None]
    taps = np.arange(size) - hop
    count = -(-len(made) // hop) + 2
    for a, b in split_blocks(count, FRAMES * STRIKE_PARTS):
        # One window more at the start, which the block before has laid in full.
        centres = first + np.arange(a - 1, b) * hop
        places, turns = _strike_places(path, source, centres, hop)
        low = int(places.min()) - hop
        pcm = source.read(low, int(places.max()) + hop + 1)[1]
        windows = pcm[(places[:, None] + turns[:, None] * taps) - low] * shape
        laid = (windows[1:, :hop] + windows[:-1, hop:]).reshape(-1, source.channels)
        _put(made, laid, int(centres[0]) - first)


def _strike_places(path: Path, source: SplitSound, centres: Array, half: int) -> tuple[Array, Array]:
    """Returns the source samples at the centres of windows of strikes, `half` samples apart, and their directions."""
    places, speeds = _course(path, centres)
    turns = np.where(speeds < 0, -1, 1)
    # Noise that is read again at one distance everywhere would ring like a comb: the distance varies.
    scatter = np.modf(centres / half * GOLDEN)[0] - 0.5
    places += scatter * half * np.clip(1 - np.abs(speeds), -1, 1)
    margin = 2 * FAR * half
    found = _attacks(path, source, np.arange(centres[0] - margin, centres[-1] + margin + half, half))
    if len(found.at):
        places = _with_attacks(path, places, centres, found, half)
    return np.round(places).astype(np.int64), turns


def _with_attacks(path: Path, places: Array, centres: Array, found: Attacks, half: int) -> Array:
    """Returns the places at which windows are read so that attacks keep their shape.

    Within half a window of an attack the source is read at its own speed, and beside that the rest is made up for.
    """
    room = np.diff(found.at, prepend=-np.inf, append=np.inf) / 2
    left, right = room[:-1], room[1:]
    speed = np.abs(_course(path, found.at)[1])
    reach = half * np.clip(2 / np.maximum(speed, QUIET), SPREAD, FAR / 2)
    # Where two attacks are nearer than a window is long, each has its half of the time between them.
    spans = np.stack(
        [-np.minimum(reach, left), -np.minimum(half, NEAR * left),
         np.minimum(half, NEAR * right), np.minimum(reach, right)], axis=1,
    )  # fmt: skip
    marks = (found.at[:, None] + spans).ravel()
    moved = found.place[:, None] + found.turn[:, None] * spans - path(marks).reshape(spans.shape)
    moved[:, [0, 3]] = 0.0
    near = np.abs(centres[:, None] - found.at).argmin(axis=1)
    away = centres - found.at[near]
    # Rounded once for an attack, so that all its windows put it on the same sample.
    kept = found.place[near] + found.turn[near] * (centres - np.round(found.at[near]))
    its_own = (away >= spans[near, 1]) & (away <= spans[near, 2])
    return np.asarray(np.where(its_own, kept, places + np.interp(centres, marks, moved.ravel())))


def _attacks(path: Path, source: SplitSound, grid: Array) -> Attacks:
    """Returns the attacks that the path passes between the samples of a grid."""
    along = path(grid.astype(np.float64))
    onsets = find_onsets(source, int(np.floor(along.min())), int(np.ceil(along.max())))
    low, high = np.minimum(along[:-1], along[1:]), np.maximum(along[:-1], along[1:])
    from_, to = np.searchsorted(onsets, low), np.searchsorted(onsets, high)
    steps = np.repeat(np.arange(len(low)), to - from_)
    passed = np.array([onset for i, j in zip(from_, to, strict=True) for onset in onsets[i:j]], np.float64)
    run = np.diff(along)[steps]
    at = grid[:-1][steps] + (passed - along[:-1][steps]) / run * np.diff(grid)[steps]
    order = np.argsort(at, kind="stable")
    return Attacks(at[order], passed[order], np.sign(run)[order])


def _put(made: Array, piece: Array, at: int) -> None:
    first, stop = max(0, at), min(len(made), at + len(piece))
    if first < stop:
        made[first:stop] += piece[first - at : stop - at]
