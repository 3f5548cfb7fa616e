"""A loudness meter for sound that comes in blocks. It keeps the power of each 10 ms, and no sound."""

from __future__ import annotations

import numpy as np

from post.errors import SourceError
from post.sound.channels import is_ambisonic, loudness_weights, mix_matrix
from post.sound.meter.gates import (
    HOPS_A_SECOND,
    MOMENTARY,
    SHORT_TERM,
    gated_lufs,
    hop_edges,
    hop_sums,
    range_lu,
    speech_lufs,
    window_levels,
)
from post.sound.meter.k_weighting import KFilter
from post.sound.meter.loudness import DIALOGUE, PROGRAMME, Loudness
from post.sound.pcm import check_pcm, split_blocks
from post.sound.true_peak import TruePeak
from post.values.array import Array
from post.values.speakers import BY_COUNT, Speakers
from post.values.time import Span

SLOWEST_HZ = 1000
# At a lower rate the filters are wrong (the bilinear transform squeezes the shelf under half the rate): 8 kHz
# speech read 0.1 to 0.4 LU high. Such sound is measured at 48 kHz.
NATIVE_HZ, REFERENCE_HZ = 32000, 48000
FLOOR_LUFS = -120.0  # a curve shows no level below this: it is under the noise of 20 bits
# Of a film: with so much speech, or less, its loudness is that of the programme.
# Source: Netflix, as post/sound/dialogue.py has it; confidence B (read in a secondary source).
LEAST_SPEECH = 0.15


class Meter:
    """Measures sound that comes in blocks; their sizes change nothing. An hour takes 3 MB.

    rate_hz: samples a second, at least 1000; speakers: of the channels, in order; peaks: false leaves the true peak
    out, which takes half of the time.
    Raises SourceError for a lower rate.
    Source: ITU-R BS.1770-5; EBU Tech 3341 (2023); EBU Tech 3342 (2023).
    """

    def __init__(self, rate_hz: int, speakers: Speakers, *, peaks: bool = True) -> None:
        if rate_hz < SLOWEST_HZ:
            raise SourceError("rate too low to measure", where="sound", expected=f"at least {SLOWEST_HZ} Hz",
                              got=rate_hz)  # fmt: skip
        self._matrix = mix_matrix(speakers, 2) if is_ambisonic(speakers) else None
        heard = speakers if self._matrix is None else BY_COUNT[2]
        self._given_hz, self._channels = rate_hz, len(speakers)
        self._raise = _Raise(rate_hz, len(heard)) if rate_hz < NATIVE_HZ else None
        self._rate_hz = REFERENCE_HZ if self._raise else rate_hz
        self._weights = loudness_weights(heard)
        self._filter = KFilter(self._rate_hz, len(heard))
        self._peak = TruePeak(len(heard)) if peaks else None
        self._held = np.zeros((0, len(heard)))
        self._powers = list[Array]()
        self._samples, self._closed = 0, False

    def add(self, pcm: Array) -> None:
        """Takes the next samples: (samples, channels) float, full scale 1.

        Raises SourceError for what is not that, NaN and infinities included; ValueError after a reading.
        """
        if self._closed:
            raise ValueError("a meter that was read takes no more sound")
        check_pcm(pcm, "sound", self._samples)
        if pcm.shape[1] != self._channels:
            raise SourceError("another number of channels", where="sound", expected=str(self._channels),
                              got=pcm.shape[1])  # fmt: skip
        for first, stop in split_blocks(len(pcm), self._given_hz):
            part = pcm[first:stop] if self._matrix is None else pcm[first:stop] @ self._matrix
            if self._peak:
                self._peak.add(part)
            self._take(self._raise.add(part) if self._raise else part)
        self._samples += len(pcm)

    def read(self, speech: tuple[Span, ...] | None = None) -> Loudness:
        """Returns every figure of a loudness report. The meter takes no more sound after it.

        speech: where there is speech, in samples at `rate_hz`: `integrated_lufs` is then that of speech, if there is
        enough of it; None measures the programme.
        """
        momentary, short_term = self._levels(MOMENTARY), self._levels(SHORT_TERM)
        spoken = None if speech is None else self._spoken(speech, self._close())
        readings = {
            "integrated_lufs": gated_lufs(momentary) if spoken is None else spoken,
            "max_momentary_lufs": _loudest(momentary),
            "max_short_term_lufs": _loudest(short_term),
            "range_lu": range_lu(short_term),
            "true_peak_dbtp": self._peak.dbtp() if self._peak else None,
        }
        silent = readings["true_peak_dbtp"] is None if self._peak else not self._close().any()
        lengths = {"max_short_term_lufs": short_term, "range_lu": short_term}
        why = tuple(
            (name, _reason(name, lengths.get(name, momentary), silent))
            for name, reading in readings.items()
            if reading is None
        )
        return Loudness(**readings, unmeasured=why, gate=PROGRAMME if spoken is None else DIALOGUE)

    def curve(self) -> tuple[Array, Array, Array]:
        """Returns (times, momentary, short_term), float64, every 10 ms: seconds at the end of the window, LUFS.

        NaN where a window does not fit yet or has nothing above -120 LUFS. The meter takes no more sound after it.
        """
        momentary, short_term = self._levels(MOMENTARY), self._levels(SHORT_TERM)
        hops = len(momentary) + MOMENTARY - 1 if len(momentary) else 0
        times = np.arange(1, hops + 1) / HOPS_A_SECOND
        return times, _shown(momentary, hops), _shown(short_term, hops)

    def integrated(self) -> float | None:
        """Returns gated loudness in LUFS; None where no block passes the gate. The meter takes no more sound."""
        return gated_lufs(self._levels(MOMENTARY))

    @property
    def hops(self) -> int:
        """How many whole stretches of 10 ms there are. The meter takes no more sound."""
        return len(self._close())

    def integrated_with(self, factors: Array, speech: tuple[Span, ...] | None = None) -> float | None:
        """Returns integrated loudness as if the power of each 10 ms were multiplied by a factor, (hops,) float64.

        speech: as `read` takes it. The meter takes no more sound.
        """
        powers = self._close() * factors
        spoken = None if speech is None else self._spoken(speech, powers)
        edges = self._edges(len(powers))
        return gated_lufs(window_levels(powers, edges, MOMENTARY)) if spoken is None else spoken

    def _levels(self, hops: int) -> Array:
        powers = self._close()
        return window_levels(powers, self._edges(len(powers)), hops)

    def _spoken(self, speech: tuple[Span, ...], powers: Array) -> float | None:
        """Returns the loudness of speech; None where no more than LEAST_SPEECH of the sound is speech."""
        raised = self._rate_hz // self._given_hz if self._raise else 1
        if self._raise:
            speech = tuple(
                Span(*(at * REFERENCE_HZ // self._given_hz for at in (each.first, each.stop)))
                for each in speech
            )
        if sum(map(len, speech)) <= LEAST_SPEECH * self._samples * raised:
            return None
        return speech_lufs(powers, self._edges(len(powers)), speech)

    def _edges(self, hops: int) -> Array:
        samples = -(-hops * self._rate_hz // HOPS_A_SECOND) + 1
        return hop_edges(samples, self._rate_hz)[: hops + 1]

    def _take(self, pcm: Array) -> None:
        """Measures every whole second, and holds the rest."""
        held = np.concatenate([self._held, pcm]) if len(self._held) else pcm
        whole = len(held) // self._rate_hz * self._rate_hz
        for first, stop in split_blocks(whole, self._rate_hz):
            self._powers.append(self._hop_powers(self._filter.second(held[first:stop])))
        self._held = held[whole:].copy()

    def _close(self) -> Array:
        """Returns the sum of squares of the K-weighted sound in each hop, channels weighted and added."""
        if not self._closed:
            self._closed = True
            if self._raise:
                self._take(self._raise.rest(self._samples))
            self._powers.append(self._hop_powers(self._filter.last(self._held)))
            self._powers = [np.concatenate(self._powers)]
        return self._powers[0]

    def _hop_powers(self, heard: Array) -> Array:
        """heard: (channels, samples), overwritten."""
        return hop_sums(heard, self._weights, hop_edges(heard.shape[1], self._rate_hz))


class _Raise:
    """Resamples sound that comes in blocks to 48 kHz."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        import soxr  # here, so that a picture worker that imports this package stays small

        self._rate_hz, self._channels, self._made = rate_hz, channels, 0
        self._stream = soxr.ResampleStream(rate_hz, REFERENCE_HZ, channels, dtype="float64", quality="VHQ")

    def add(self, pcm: Array) -> Array:
        raised: Array = self._stream.resample_chunk(np.ascontiguousarray(pcm, np.float64))
        self._made += len(raised)
        return raised

    def rest(self, samples: int) -> Array:
        """Returns what is left. samples: that were added in all."""
        raised: Array = self._stream.resample_chunk(np.zeros((0, self._channels)), last=True)
        return raised[: max(0, samples * REFERENCE_HZ // self._rate_hz - self._made)]


def _shown(levels: Array, hops: int) -> Array:
    shown = np.full(hops, np.nan)
    if len(levels):
        shown[hops - len(levels) :] = np.where(levels > FLOOR_LUFS, levels, np.nan)
    return shown


def _loudest(levels: Array) -> float | None:
    highest = float(levels.max()) if len(levels) else -np.inf
    return highest if np.isfinite(highest) else None


def _reason(name: str, levels: Array, silent: bool) -> str:
    if silent:
        return "digital silence, or no sound at all"
    if not len(levels):
        return f"shorter than {'3 s' if name in ('max_short_term_lufs', 'range_lu') else '400 ms'}"
    return "nothing is above the gate at -70 LUFS"
