"""Finds a voice by its level, in sound that holds a voice and nothing else."""

from __future__ import annotations

import numpy as np

from post.sound.meter.gates import hop_edges
from post.sound.pcm import check_pcm
from post.sound.runs import join_runs, padded, runs_of
from post.sound.voice.hops import hop_powers
from post.values.array import Array
from post.values.time import Span

SILENCE = 1e-7  # -70 LUFS, the absolute gate of BS.1770-5
RELATIVE = 0.1  # its relative gate: -10 LU
# A voice is above the quiet of its recording by OVER_DB, and that is between the two below its own loudness.
OVER_DB, LOWEST_DB, HIGHEST_DB = 10.0, -25.0, -12.0
QUIET_PART = 0.1  # of the hops that are not silent
HYSTERESIS_DB = 8.0
SHORTEST, JOINED = 4, 20  # hops
PAD_S = 0.03


def find_voice(pcm: Array, rate_hz: int) -> tuple[Span, ...]:
    """Returns the spans of samples with voice, in order; none touch.

    pcm: (samples, channels) float, a voice and nothing else but the quiet of its recording. Raises SourceError for PCM
    that is not finite.
    """
    check_pcm(pcm, "voice")
    return voice_spans(hop_powers(pcm, rate_hz), len(pcm), rate_hz)


def voice_spans(powers: Array, samples: int, rate_hz: int) -> tuple[Span, ...]:
    """Returns the spans of samples with voice, as `find_voice` does. powers: those of the voice, as `hop_powers` gives
    them; samples: its length."""
    loud = powers[powers > SILENCE]
    if not len(loud):
        return ()
    levels = 10 * np.log10(np.maximum(powers, SILENCE / 1e3))
    loudness = 10 * np.log10(np.mean(loud[loud > RELATIVE * np.mean(loud)]))
    quiet = 10 * np.log10(np.quantile(loud, QUIET_PART))
    opens = loudness + float(np.clip(quiet + OVER_DB - loudness, LOWEST_DB, HIGHEST_DB))
    found = _opened(levels, max(opens, 10 * np.log10(SILENCE)))
    found = [each for each in join_runs(found, JOINED) if len(each) >= SHORTEST]
    edges = hop_edges(samples, rate_hz)
    spans = [Span(int(edges[each.first]), int(edges[each.stop])) for each in found]
    return padded(spans, round(PAD_S * rate_hz), samples)


def _opened(levels: Array, opens_db: float) -> list[Span]:
    """Returns the runs of levels within HYSTERESIS_DB of a threshold that reach it somewhere."""
    near = runs_of(levels >= opens_db - HYSTERESIS_DB)
    return [each for each in near if levels[each.first : each.stop].max() >= opens_db]
