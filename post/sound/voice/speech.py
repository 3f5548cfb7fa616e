"""Finds speech in sound that may hold anything else too."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from post.errors import SourceError
from post.sound.pcm import check_pcm, split_blocks
from post.sound.runs import join_runs, padded, runs_of
from post.sound.voice.network import RATE_HZ, WINDOW, speech_chances
from post.values.array import Array
from post.values.time import Span

# Speech begins at a chance of BEGINS, and goes on until it is below ENDS: Silero's own thresholds.
BEGINS, ENDS = 0.5, 0.35
SHORTEST_S = 0.16  # what is shorter is a noise
JOINED_S = 0.1  # what lies nearer together is one
PAD_S = 0.03  # a chance rises after the first sound of a word, and falls before its last
BLOCK = 1 << 16


def find_speech(pcm: Array, rate_hz: int) -> tuple[Span, ...]:
    """Returns the spans of samples with speech, in order; none touch.

    pcm: (samples, channels) float, full scale 1, at any rate; channels are heard together, as their mean. Speech is
    found in any language, and below music too. Sound of its own that is known to be a voice is better served by
    `find_voice`. Raises SourceError for PCM that is not finite.
    """
    check_pcm(pcm, "sound")
    if rate_hz < 1:
        raise SourceError("no rate", where="sound", expected="at least 1 Hz", got=rate_hz)
    chances = speech_chances(_heard(pcm, rate_hz))
    found = runs_of(_going(chances))
    window_s = WINDOW / RATE_HZ
    joined = [
        each for each in join_runs(found, round(JOINED_S / window_s)) if len(each) * window_s >= SHORTEST_S
    ]
    # Edges of windows, in samples of the mix.
    edges = [
        (each.first * WINDOW * rate_hz // RATE_HZ, each.stop * WINDOW * rate_hz // RATE_HZ) for each in joined
    ]
    spans = [Span(first, min(stop, len(pcm))) for first, stop in edges if first < len(pcm)]
    return padded(spans, round(PAD_S * rate_hz), len(pcm))


def _going(chances: Array) -> Array:
    """Returns where there is speech, (windows,) bool: from BEGINS on, until a chance is below ENDS."""
    begins, ends = chances >= BEGINS, chances < ENDS
    # The last window that decided, at or before each: one that begins counts up, one that ends counts down.
    decided = np.where(begins | ends, np.arange(len(chances)), -1)
    last = np.maximum.accumulate(decided) if len(decided) else decided
    return np.asarray((last >= 0) & begins[last])


def _heard(pcm: Array, rate_hz: int) -> Iterator[Array]:
    """Yields the mean of the channels at 16 kHz, block by block."""
    import soxr

    stream = None if rate_hz == RATE_HZ else soxr.ResampleStream(rate_hz, RATE_HZ, 1, "float32", "HQ")
    for first, stop in split_blocks(len(pcm), BLOCK):
        mono = pcm[first:stop].mean(axis=1, dtype=np.float32)
        yield mono if stream is None else stream.resample_chunk(mono, last=stop == len(pcm))
