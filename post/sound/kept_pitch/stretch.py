"""Time-stretch: reads sound along a time map and keeps its pitch.

Tones go through a phase vocoder, strikes through short windows in which every attack keeps its shape and its place.
Where the map runs at 1, what comes out is the source itself.
"""

from __future__ import annotations

import numpy as np

from post.sound.kept_pitch.attack_path import FAR, AttackPath, passed, speeds_of
from post.sound.kept_pitch.onsets import find_attacks, find_onsets
from post.sound.kept_pitch.separation import OVERLAP, SplitSound, window_samples
from post.sound.pcm import split_blocks
from post.sound.varispeed import Fetch, Path
from post.values.array import Array

FRAMES = 48  # windows that are worked on at once
STRIKE_PARTS = 8  # a window of strikes is this part of one of tones: 5 ms
GOLDEN = 0.6180339887498949
STEP = 64  # output samples between which the path is taken as straight, to find where it passes an attack
QUIET = 1e-12


def stretch(path: Path, fetch: Fetch, first: int, stop: int, rate_hz: int) -> Array:
    """Returns output samples first..stop-1 of a source read along a path, (stop - first, channels) float32.

    Windows lie on a grid that starts at `first`: ask for all of an event at once. Samples that one call returns are
    the same however long the source is beside them. Positions may stand still or run backwards; sound that runs
    backwards is the source turned round.
    """
    source, course = SplitSound(fetch, rate_hz), _with_strong_attacks(path, fetch, first, stop, rate_hz)
    made = np.zeros((stop - first, source.channels), np.float32)
    _add_tones(made, course, source, first, rate_hz)
    _add_strikes(made, (path, course), source, first, rate_hz)
    return made


def _with_strong_attacks(path: Path, fetch: Fetch, first: int, stop: int, rate_hz: int) -> AttackPath:
    """Returns the path, with all that begins suddenly passed at its own speed by windows of tones too.

    Else its tones would be heard up to half a window too early.
    """
    half = window_samples(rate_hz) // 2
    grid = np.arange(first - FAR * half, stop + FAR * half, STEP)
    along = path(grid.astype(np.float64))
    attacks = find_attacks(fetch, int(np.floor(along.min())), int(np.ceil(along.max())), rate_hz)
    return AttackPath(path, passed(path, attacks, grid), half)


def _add_tones(made: Array, course: AttackPath, source: SplitSound, first: int, rate_hz: int) -> None:
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
    was_within = False
    tail = np.zeros((size, source.channels))
    for a, b in split_blocks(count, FRAMES):
        centres = first + (np.arange(a, b) - OVERLAP // 2) * hop
        exact, within = course.read(centres.astype(np.float64))
        fresh, was_within = within & ~np.concatenate([[was_within], within[:-1]]), bool(within[-1])
        places = np.round(exact).astype(np.int64)
        turns = np.where(speeds_of(course, centres) < 0, -1, 1)
        here = _spectra(source, places, turns, taps, shape)
        earlier = _spectra(source, places - turns * hop, turns, taps, shape)
        owners, loudest = _regions(here)
        summed = np.zeros(((b - a) * hop + size, source.channels))
        summed[: len(tail)] = tail
        turned = np.empty_like(here)
        for row in range(b - a):
            # Just before a strong attack phases are the source's own, so that it begins at once in all of them.
            before = None if fresh[row] else before
            before = turned[row] = _locked(before, here[row], earlier[row], owners[row], loudest[row])
        for row, piece in enumerate(np.fft.irfft(turned, size, axis=1) * (shape / 1.5)):
            summed[row * hop : row * hop + size] += piece
        _put(made, summed[: (b - a) * hop], int(centres[0]) - size // 2 - first)
        tail = summed[(b - a) * hop :]


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


def _add_strikes(
    made: Array, paths: tuple[Path, AttackPath], source: SplitSound, first: int, rate_hz: int
) -> None:
    """Adds the strikes of the source along the path, from output sample `first` on, by short windows that overlap."""
    size = window_samples(rate_hz) // STRIKE_PARTS
    hop = size // 2
    shape = np.hanning(size + 1)[:-1, None]
    taps = np.arange(size) - hop
    count = -(-len(made) // hop) + 2
    for a, b in split_blocks(count, FRAMES * STRIKE_PARTS):
        # One window more at the start, which the block before has laid in full.
        centres = first + np.arange(a - 1, b) * hop
        places, turns = _strike_places(paths, source, centres, hop)
        low = int(places.min()) - hop
        pcm = source.read(low, int(places.max()) + hop + 1)[1]
        windows = pcm[(places[:, None] + turns[:, None] * taps) - low] * shape
        laid = (windows[1:, :hop] + windows[:-1, hop:]).reshape(-1, source.channels)
        _put(made, laid, int(centres[0]) - first)


def _strike_places(
    paths: tuple[Path, AttackPath], source: SplitSound, centres: Array, half: int
) -> tuple[Array, Array]:
    """Returns the source samples at the centres of windows of strikes, `half` samples apart, and their directions.

    paths: the exact one, and the one with strong attacks.
    """
    path, course = paths
    margin = 2 * FAR * half
    grid = np.arange(centres[0] - margin, centres[-1] + margin + half, half)
    along = course(grid.astype(np.float64))
    onsets = find_onsets(source, int(np.floor(along.min())), int(np.ceil(along.max())))
    # Each is where the exact map has it, also beside a strong attack.
    found = passed(path, onsets, grid)
    places, within = AttackPath(course, found, half).read(centres.astype(np.float64))
    speeds = speeds_of(course, centres)
    # Noise that is read again at one distance everywhere would ring like a comb: the distance varies.
    scatter = (np.modf(centres / half * GOLDEN)[0] - 0.5) * half * np.clip(1 - np.abs(speeds), -1, 1)
    places = np.where(within, places, places + scatter)
    return np.round(places).astype(np.int64), np.where(speeds < 0, -1, 1)


def _put(made: Array, piece: Array, at: int) -> None:
    first, stop = max(0, at), min(len(made), at + len(piece))
    if first < stop:
        made[first:stop] += piece[first - at : stop - at]
