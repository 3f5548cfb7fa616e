"""Measures the room tone of a clip: the level and the spectrum of its quiet parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.sound.meter import integrated
from post.sound.pcm import split_blocks
from post.sound.tone.noise import make_noise
from post.sound.tone.spectrum import covariance, factors, noise_share, smoothed
from post.values.array import Array

BLOCK_S = 0.085  # of a spectrum; its lines stand 12 Hz apart
MOST_BLOCKS = 600  # 50 s; of a longer clip, blocks are looked at here and there
AT_ONCE = 64
SILENT = 10 ** (-90 / 20)  # digital silence, and the last bit of 16
PARTS = 8  # of a block, none of which may be silent
FEWEST = 3  # blocks, a quarter of a second: less is a pause, and not a room
# What a quiet block may be above the quietest ones, as a whole and in each band. Speech and onsets are far above.
LOWEST_PC, NEAR_DB, BAND_NEAR_DB = 10, 3.0, 5.0
BANDS_HZ = ((60, np.inf), (60, 250), (250, 1000), (1000, 4000), (4000, 12000))  # the whole comes first
LOUD_PC, QUIET_BELOW_DB = 90, 12.0  # quiet parts stand this far below the loud ones
# Else a clip is a tone as a whole: rain, a street. Its level stays within this, and hardly any of it is lines.
STEADY_DB, STEADY_SHARE_DB = 7.0, -3.0
LEAST_SHARE_DB = -6.0  # noise in the quiet parts; below this they are music or a test tone
LOUDEST_LUFS = -45.0  # of tone from quiet parts that are no steady noise
MEASURED_S = 1.0
NOTHING = 1e-14  # power, -140 dB


@dataclass(frozen=True, slots=True)
class ToneModel:
    """The room tone of a clip. factors: of its spectrum, (bins, channels, channels) complex64, as `make_noise` takes
    them; level_dbfs: its power."""

    factors: Array
    level_dbfs: float


def model_tone(pcm: Array, rate_hz: int) -> ToneModel | None:
    """Returns the room tone of a clip; None where it has no quiet part.

    pcm: the clip's sound, (samples, channels) float, full scale 1. Quiet parts are the blocks of 85 ms that stand near
    the clip's 10th percentile, in all of four bands, at least 12 dB below its loud parts. A clip that is steady noise
    is tone as a whole. Music and test tones have none. Tone is at most -45 LUFS, unless the clip is steady noise.
    """
    size = 2 * round(BLOCK_S * rate_hz / 2)
    places = _sounding(pcm, size)
    if len(places) < FEWEST:
        return None
    levels = _levels(pcm, places, size, rate_hz)
    quiet = _quiet(levels)
    if len(quiet) < FEWEST:
        return None
    power = covariance(_spectra(pcm, places[quiet], size))
    share = noise_share(power, np.fft.rfftfreq(size, 1 / rate_hz), len(quiet))
    low, high = np.percentile(levels[:, 0], (LOWEST_PC, LOUD_PC))
    steady = high - low <= STEADY_DB and share >= STEADY_SHARE_DB
    deep = high - float(levels[quiet, 0].mean()) >= QUIET_BELOW_DB
    if share < LEAST_SHARE_DB or not (steady or deep):
        return None
    return _limited(factors(smoothed(power, len(quiet)), size, _window(size)), rate_hz, limit=not steady)


def _sounding(pcm: Array, size: int) -> Array:
    """Returns where blocks start in which no part is silent, in samples.

    The first and the last block are left out: there encoders fade.
    """
    whole, part = len(pcm) // size, size // PARTS
    places = np.arange(1, whole - 1, max(1, -(-whole // MOST_BLOCKS))) * size

    def sounds(at: int) -> bool:
        peaks = np.abs(pcm[at : at + part * PARTS]).max(axis=1).reshape(PARTS, part).max(axis=1)
        return bool((peaks > SILENT).all())

    return places[[sounds(int(at)) for at in places]] if len(places) else places


def _spectra(pcm: Array, places: Array, size: int) -> Array:
    """Returns the spectra of blocks, (blocks, bins, channels) complex64."""
    blocks = np.stack([pcm[at : at + size] for at in places]).astype(np.float32, copy=False)
    return np.asarray(np.fft.rfft(blocks * _window(size)[:, None], axis=1))


def _window(size: int) -> Array:
    return np.asarray(np.hanning(size + 1)[:-1], np.float32)


def _levels(pcm: Array, places: Array, size: int, rate_hz: int) -> Array:
    """Returns the level of each block in dB, in each of BANDS_HZ: (blocks, bands) float64."""
    hz = np.fft.rfftfreq(size, 1 / rate_hz)
    bands = np.stack([(hz >= low) & (hz < high) for low, high in BANDS_HZ], axis=1).astype(np.float32)
    scale = 2 / (size * float(np.sum(_window(size) ** 2)) * pcm.shape[1])
    found = list[Array]()
    for first, stop in split_blocks(len(places), AT_ONCE):
        spectra = _spectra(pcm, places[first:stop], size)
        power = (np.square(spectra.real) + np.square(spectra.imag)).sum(axis=2)
        found.append((power @ bands).astype(np.float64) * scale)
    return 10 * np.log10(np.concatenate(found) + NOTHING)


def _quiet(levels: Array) -> Array:
    """Returns which blocks are quiet, as numbers."""
    near = np.array([NEAR_DB] + [BAND_NEAR_DB] * (len(BANDS_HZ) - 1))
    quiet = np.flatnonzero((levels <= np.percentile(levels, LOWEST_PC, axis=0) + near).all(axis=1))
    # Where a noise gate worked, the quietest blocks differ: half of them are no louder than this.
    alike = quiet[levels[quiet, 0] <= np.median(levels[quiet, 0]) + NEAR_DB] if len(quiet) else quiet
    return alike if len(alike) >= FEWEST else quiet


def _limited(shape: Array, rate_hz: int, *, limit: bool) -> ToneModel:
    heard = make_noise(shape, 0, round(MEASURED_S * rate_hz), 0)
    loudness = integrated(heard[:, :2], rate_hz) if limit else None
    over = max(0.0, loudness - LOUDEST_LUFS) if loudness is not None else 0.0
    level = 10 * float(np.log10(np.mean(np.square(heard, dtype=np.float64)) + NOTHING)) - over
    return ToneModel((shape * 10 ** (-over / 20)).astype(np.complex64), level)
