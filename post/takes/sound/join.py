"""Joins sound that came in pieces: runs of different rates and layouts, and mono tracks that are one sound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from post.takes.sound.bounds import MOST_VALUES, too_long
from post.takes.sound.frames import Run, Samples
from post.takes.sound.layout import ReadLayout
from post.values.speakers import Speakers
from post.values.time import round_half_up


@dataclass(frozen=True, slots=True)
class DecodedSound:
    """A sound as it was decoded: samples (n, channels) float32, full scale 1.

    start: time of sample 0 in the file, in seconds; damaged: how many packets did not decode; they are silent;
    said: each rate and layout that it has, in order; promised: how many samples its head says that there are, 0 where
    that is not known, or where there are as many.
    """

    samples: Samples
    rate_hz: int
    speakers: Speakers
    start: Fraction
    codec: str
    damaged: int
    said: tuple[tuple[int, ReadLayout], ...]
    promised: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """Samples with their place. first_s: when they start, after the first sample of all, in seconds."""

    samples: Samples
    rate_hz: int
    speakers: Speakers
    first_s: Fraction


def join_runs(runs: Sequence[Run], where: str) -> tuple[Samples, int, Speakers]:
    """Returns runs, one after the other, as (samples, rate, speakers)."""
    first, *others = runs
    if not others:
        return first.samples(), first.rate_hz, first.layout.speakers
    pieces = [Piece(run.samples(), run.rate_hz, run.layout.speakers, run.before) for run in runs]
    return lay_together(pieces, where)


def lay_together(pieces: Sequence[Piece], where: str) -> tuple[Samples, int, Speakers]:
    """Returns pieces of sound, each at its time and in the channels of its speakers, as (samples, rate, speakers).

    The rate is the fastest of all, and there is a channel for each speaker of any piece: nothing is mixed. A channel
    is silent where no piece has it. Raises SourceError for more than fits into memory.
    """
    rate = max(piece.rate_hz for piece in pieces)
    speakers = tuple(dict.fromkeys(name for piece in pieces for name in piece.speakers))
    spans = [_span(piece, rate) for piece in pieces]
    length = max(stop for _, stop in spans)
    if length * len(speakers) > MOST_VALUES:
        raise too_long(where)
    out = np.zeros((length, len(speakers)), np.float32)
    for piece, (first, stop) in zip(pieces, spans, strict=True):
        heard = resampled(piece.samples, piece.rate_hz, rate)[: stop - first]
        for channel, name in enumerate(piece.speakers):
            out[first : first + len(heard), speakers.index(name)] += heard[:, channel]
    return out, rate, speakers


def _span(piece: Piece, rate_hz: int) -> tuple[int, int]:
    stop = piece.first_s + Fraction(len(piece.samples), piece.rate_hz)
    return round_half_up(piece.first_s * rate_hz), round_half_up(stop * rate_hz)


def join_tracks(tracks: Sequence[DecodedSound], speakers: Speakers, where: str) -> DecodedSound:
    """Returns mono tracks as one sound, each in the channel of its speaker."""
    start = min(track.start for track in tracks)
    pieces = [
        Piece(track.samples, track.rate_hz, (speaker,), track.start - start)
        for track, speaker in zip(tracks, speakers, strict=True)
    ]
    samples, rate, _ = lay_together(pieces, where)
    damaged = sum(track.damaged for track in tracks)
    promised = max(track.promised for track in tracks)
    return DecodedSound(samples, rate, speakers, start, tracks[0].codec, damaged, tracks[0].said, promised)


def resampled(samples: Samples, rate_hz: int, to_hz: int) -> Samples:
    """Returns sound, (samples, channels), at another rate."""
    if rate_hz == to_hz or not len(samples):
        return samples
    import soxr  # here, because only sound of another rate needs it

    made: Samples = soxr.resample(samples, rate_hz, to_hz, quality="VHQ").astype(np.float32, copy=False)
    return made


def changes(said: Iterable[tuple[int, ReadLayout]]) -> str:
    """Returns what changes in a sound on its way, in words; "" if nothing does."""
    kinds = [f"{rate} Hz {layout.name}" for rate, layout in said]
    turns = [kinds[0], *(after for before, after in pairwise(kinds) if after != before)]
    if len(turns) == 1:
        return ""
    shown = " to ".join(turns[:4])
    return f"{shown}, and on" if len(turns) > 4 else shown
