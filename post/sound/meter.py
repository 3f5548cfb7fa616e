"""Loudness by BS.1770-5, EBU Tech 3341 and Tech 3342: integrated, momentary, short-term, range, true peak.

A figure that sound is too short or too quiet for is None with a reason, never 0 and never -inf.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from post.errors import SourceError
from post.sound.channels import is_ambisonic, loudness_weights, mix_matrix, speakers_of
from post.sound.pcm import check_pcm, split_blocks
from post.sound.true_peak import true_peak_dbtp
from post.values.array import Array
from post.values.speakers import BY_COUNT, Speakers

# Windows move by 10 ms. Tech 3341 case 13 fails on a grid of 100 ms: it reads -23.45 for -23.
HOPS_A_SECOND = 100
MOMENTARY, SHORT_TERM = 40, 300  # hops: 400 ms and 3 s
GATING_STEP = 10  # hops: BS.1770-5 blocks of 400 ms overlap by 75 %, Tech 3342 windows come at 10 Hz
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU, RANGE_GATE_LU = -10.0, -20.0
OFFSET_DB = -0.691  # BS.1770-5 eq. 2
FLOOR_LUFS = -120.0  # a curve shows no level below this: it is under the noise of 20 bits
SLOWEST_HZ = 1000
# At a lower rate the filters are wrong (the bilinear transform squeezes the shelf under half the rate): 8 kHz
# speech read 0.1 to 0.4 LU high. Such sound is measured at 48 kHz.
NATIVE_HZ, REFERENCE_HZ = 32000, 48000
BLOCK_HOPS = 100  # one second
# How long the filters ring: the slower one, at 38 Hz, decays as exp(-240 t), to 1e-21 in this time.
TAIL_S = 0.2


@dataclass(frozen=True, slots=True)
class Loudness:
    """A meter's readings. Each is None where it cannot be measured; `unmeasured` says why, by its name."""

    integrated_lufs: float | None
    max_momentary_lufs: float | None
    max_short_term_lufs: float | None
    range_lu: float | None
    true_peak_dbtp: float | None
    unmeasured: tuple[tuple[str, str], ...] = ()


def measure(pcm: Array, rate_hz: int, speakers: Speakers = ()) -> Loudness:
    """Returns every figure of a loudness report.

    pcm: (samples, channels) float, full scale 1; speakers: of its channels; without them, those of
    `post.values.speakers.BY_COUNT`. Ambisonic sound is measured as it is mixed to stereo.
    Raises SourceError for anything else, NaN and infinities included.
    Source: ITU-R BS.1770-5; EBU Tech 3341 (2023); EBU Tech 3342 (2023).
    """
    if is_ambisonic(speakers):
        pcm, speakers = check_pcm(pcm, "sound") @ mix_matrix(speakers, 2), BY_COUNT[2]
    momentary, short_term = _levels(pcm, rate_hz, speakers)
    readings = {
        "integrated_lufs": _gated(momentary),
        "max_momentary_lufs": _loudest(momentary),
        "max_short_term_lufs": _loudest(short_term),
        "range_lu": _range(short_term),
        "true_peak_dbtp": true_peak_dbtp(pcm),
    }
    silent = readings["true_peak_dbtp"] is None
    lengths = {"max_short_term_lufs": short_term, "range_lu": short_term}
    why = tuple(
        (name, _reason(name, lengths.get(name, momentary), silent))
        for name, reading in readings.items()
        if reading is None
    )
    return Loudness(**readings, unmeasured=why)


def integrated(pcm: Array, rate_hz: int) -> float | None:
    """Returns gated loudness in LUFS; None where no block passes the gate. pcm: as `measure` takes it."""
    return _gated(_levels(pcm, rate_hz)[0])


def curve(pcm: Array, rate_hz: int) -> tuple[Array, Array, Array]:
    """Returns (times, momentary, short_term), float64, every 10 ms: seconds at the end of the window, LUFS.

    NaN where a window does not fit yet or has nothing above -120 LUFS. pcm: as `measure` takes it.
    """
    momentary, short_term = _levels(pcm, rate_hz)
    hops = len(momentary) + MOMENTARY - 1 if len(momentary) else 0
    times = np.arange(1, hops + 1) / HOPS_A_SECOND
    return times, _shown(momentary, hops), _shown(short_term, hops)


def _shown(levels: Array, hops: int) -> Array:
    shown = np.full(hops, np.nan)
    if len(levels):
        shown[hops - len(levels) :] = np.where(levels > FLOOR_LUFS, levels, np.nan)
    return shown


def _levels(pcm: Array, rate_hz: int, speakers: Speakers = ()) -> tuple[Array, Array]:
    """Returns momentary and short-term levels, LUFS, every 10 ms; empty where the sound is too short."""
    check_pcm(pcm, "sound")
    if rate_hz < SLOWEST_HZ:
        raise SourceError("rate too low to measure", where="sound", expected=f"at least {SLOWEST_HZ} Hz",
                          got=rate_hz)  # fmt: skip
    if rate_hz < NATIVE_HZ:
        pcm, rate_hz = _raised(pcm, rate_hz), REFERENCE_HZ
    edges = _edges(len(pcm), rate_hz)
    weights = loudness_weights(speakers or speakers_of(pcm.shape[1]))
    power = _hop_powers(pcm, edges, rate_hz, weights)
    return _windowed(power, edges, MOMENTARY), _windowed(power, edges, SHORT_TERM)


def _raised(pcm: Array, rate_hz: int) -> Array:
    import soxr

    samples = len(pcm) * REFERENCE_HZ // rate_hz
    raised: Array = soxr.resample(pcm, rate_hz, REFERENCE_HZ, quality="VHQ")[:samples]
    return raised


def _edges(samples: int, rate_hz: int) -> Array:
    """Returns the first sample of each 10 ms hop, and the end of the last whole hop.

    Exact at any rate: at 22.05 kHz, hops have 220 and 221 samples in turn.
    """
    hops = samples * HOPS_A_SECOND // rate_hz
    edges = (2 * np.arange(hops + 1) * rate_hz + HOPS_A_SECOND) // (2 * HOPS_A_SECOND)
    return edges[edges <= samples]


def _hop_powers(pcm: Array, edges: Array, rate_hz: int, channel_weights: Array) -> Array:
    """Returns the sum of squares of the K-weighted sound in each hop, channels weighted and added.

    Each block is filtered by its spectrum, together with the sound before it: no filter state, no denormal numbers.
    """
    tail = math.ceil(TAIL_S * rate_hz)
    powers = np.zeros(len(edges) - 1)
    # Blocks differ by a sample, as hops do.
    size = 1 << (tail + rate_hz * BLOCK_HOPS // HOPS_A_SECOND + 1).bit_length()
    response = _response(k_weighting(rate_hz), size)
    for first, stop in split_blocks(len(powers), BLOCK_HOPS):
        start = int(edges[first])
        before = min(tail, start)
        part = pcm[start - before : edges[stop]].T.astype(np.float64)
        heard = np.fft.irfft(np.fft.rfft(part, size) * response, size)[:, before : part.shape[1]]
        powers[first:stop] = np.add.reduceat(channel_weights @ np.square(heard), edges[first:stop] - start)
    return powers


def _response(sections: Array, size: int) -> Array:
    """Returns the response of second-order sections at each bin of `size` samples: (size // 2 + 1,) complex."""
    delay = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    powers_of = np.stack([np.ones_like(delay), delay, delay * delay])
    return np.asarray(np.prod((sections[:, :3] @ powers_of) / (sections[:, 3:] @ powers_of), axis=0))


def _windowed(powers: Array, edges: Array, hops: int) -> Array:
    """Returns LUFS of every window of that many hops; -inf (inside this module only) for silence."""
    if len(powers) < hops:
        return np.zeros(0)
    means = np.convolve(powers, np.ones(hops), "valid") / (edges[hops:] - edges[:-hops])
    with np.errstate(divide="ignore"):
        return np.asarray(OFFSET_DB + 10 * np.log10(means))


def _mean_lufs(levels: Array) -> float:
    """Returns the level of the windows' mean power."""
    return float(10 * np.log10(np.mean(10 ** (levels / 10))))


def _gated(momentary: Array) -> float | None:
    """Returns gated loudness. Source: BS.1770-5 Annex 1, eq. 4 to 7."""
    blocks_lufs = momentary[::GATING_STEP]
    heard = blocks_lufs[blocks_lufs > ABSOLUTE_GATE_LUFS]
    if not len(heard):
        return None
    return _mean_lufs(heard[heard > _mean_lufs(heard) + RELATIVE_GATE_LU])


def _range(short_term: Array) -> float | None:
    """Returns loudness range, by Tech 3342: 10th to 95th percentile of gated short-term loudness."""
    windows = short_term[::GATING_STEP]
    heard = windows[windows >= ABSOLUTE_GATE_LUFS]
    if not len(heard):
        return None
    heard = heard[heard >= _mean_lufs(heard) + RANGE_GATE_LU]
    low, high = np.percentile(heard, (10, 95), method="nearest")
    return float(high - low)


def _loudest(levels: Array) -> float | None:
    highest = float(levels.max()) if len(levels) else -np.inf
    return highest if np.isfinite(highest) else None


def _reason(name: str, levels: Array, silent: bool) -> str:
    if silent:
        return "digital silence, or no sound at all"
    if not len(levels):
        return f"shorter than {'3 s' if name in ('max_short_term_lufs', 'range_lu') else '400 ms'}"
    return "nothing is above the gate at -70 LUFS"


def k_weighting(rate_hz: int) -> Array:
    """Returns the two filters of BS.1770-5 Annex 1 at any rate, (2, 6) float64 second-order sections.

    The text gives coefficients at 48 kHz only (Tables 1 and 2). These are the analogue prototypes they
    come from, put through the bilinear transform; at 48 kHz they are the tables to 1e-14.
    Source: B. De Man, "Evaluation of implementations of the EBU R128 loudness measurement", AES 145.
    """
    shelf = _shelf(np.tan(np.pi * 1681.974450955533 / rate_hz), 3.999843853973347, 0.7071752369554196)
    rumble = _high_pass(np.tan(np.pi * 38.13547087602444 / rate_hz), 0.5003270373238773)
    return np.array([shelf, rumble])


def _shelf(k: float, boost_db: float, q: float) -> list[float]:
    high = 10 ** (boost_db / 20)
    middle = high**0.4996667741545416
    scale = 1 + k / q + k * k
    zeros = [high + middle * k / q + k * k, 2 * (k * k - high), high - middle * k / q + k * k]
    poles = [scale, 2 * (k * k - 1), 1 - k / q + k * k]
    return [value / scale for value in zeros + poles]


def _high_pass(k: float, q: float) -> list[float]:
    scale = 1 + k / q + k * k
    return [1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / scale, (1 - k / q + k * k) / scale]
