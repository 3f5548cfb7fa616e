"""Measures what is heard in a film."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from math import ceil
from pathlib import Path

import numpy as np

from post.errors import SourceError
from post.qc.sound.stereo import measure_phase
from post.sound import measure
from post.sound.dialogue import gated_speech
from post.sound.meter import Loudness
from post.sound.pcm import split_blocks, to_decibels
from post.sound.repair.clicks import find_clicks
from post.sound.repair.clipping import flat_tops
from post.sound.true_peak import true_peak_dbtp
from post.takes.probe import probe, probe_sound
from post.takes.sound.decode import read_sound, read_sound_file
from post.values.array import Array
from post.values.claim import Stretch
from post.values.sights.sound import DIGITAL_SILENCE, LEVEL_S, HeardLoudness, SoundSight
from post.values.speakers import BY_COUNT, Speakers

OVERS_S = Fraction(1, 10)  # of which each is judged alone
LOUD = 0.5  # samples below this reach no full scale between them, in any sound that is not made to
BESIDE = 64  # samples at each side that a waveform between samples depends on
# A gap of zeros between two sounds: no shorter (a codec writes a few), no longer (a pause), and louder than this beside
# it, within as many seconds.
GAP_S, LOUDER, GAP_BESIDE_S = (0.001, 0.25), 0.01, 0.005


def measure_sound(path: Path, gate: str = "programme") -> SoundSight:
    """Returns what is heard in a film. gate: what its loudness is of, "programme" or "dialogue".

    The file may be anything: call it in a worker. The sound is held whole. Raises SourceError where it cannot be read.
    """
    pcm, rate_hz, speakers = _read(path)
    if pcm is None:
        return SoundSight(fault="the film has no sound", there=False)
    speech = gated_speech(pcm, rate_hz, gate)
    return SoundSight(
        rate_hz,
        len(pcm),
        speakers,
        _heard(measure(pcm, rate_hz, speakers, speech)),
        _levels(pcm, rate_hz),
        _joined((Fraction(first, rate_hz), Fraction(stop, rate_hz)) for first, stop, _ in flat_tops(pcm)),
        _overs(pcm, rate_hz),
        measure_phase(pcm, rate_hz, speakers),
        tuple(Fraction(at, rate_hz) for at in find_clicks(pcm, rate_hz)),
        _gaps(pcm, rate_hz),
        tuple(_decibels(float(np.abs(channel).max(initial=0))) for channel in pcm.T),
    )


def _read(path: Path) -> tuple[Array | None, int, Speakers]:
    """Returns a film's sound, its rate and its speakers; of a file without a picture, all of its sound."""
    try:
        take = probe(path, path.name)
    except SourceError:
        sound, _ = probe_sound(path)
        pcm = read_sound_file(path, sound.rate_hz)
    else:
        if take.sound is None:
            return None, 0, ()
        sound, pcm = take.sound, read_sound(path, take.sound, take.sound.rate_hz)
    return pcm, sound.rate_hz, sound.speakers or BY_COUNT[pcm.shape[1]]


def _heard(read: Loudness) -> HeardLoudness:
    integrated, momentary, short_term, wide, peak = (
        None if each is None else round(each, 3)
        for each in (
            read.integrated_lufs,
            read.max_momentary_lufs,
            read.max_short_term_lufs,
            read.range_lu,
            read.true_peak_dbtp,
        )
    )
    return HeardLoudness(integrated, momentary, short_term, wide, peak, read.unmeasured, read.gate)


def _decibels(peak: float) -> float:
    return round(to_decibels(peak), 2) if peak else float(DIGITAL_SILENCE)


def _levels(pcm: Array, rate_hz: int) -> tuple[int, ...]:
    """Returns the peak of each LEVEL_S, in whole dBFS rounded up."""
    if not len(pcm):
        return ()
    edges = [ceil(at * rate_hz * LEVEL_S) for at in range(ceil(len(pcm) / (rate_hz * LEVEL_S)))]
    edges = [edge for edge in edges if edge < len(pcm)]
    peaks = np.maximum.reduceat(np.abs(pcm).max(axis=1), edges)
    with np.errstate(divide="ignore"):
        levels = np.where(peaks > 0, np.ceil(20 * np.log10(peaks) - 1e-6), DIGITAL_SILENCE)
    return tuple(int(level) for level in levels)


def _overs(pcm: Array, rate_hz: int) -> tuple[Stretch, ...]:
    """Returns where the waveform passes full scale between samples, each OVERS_S that does so."""
    found = list[Stretch]()
    for first, stop in split_blocks(len(pcm), int(OVERS_S * rate_hz)):
        near = pcm[max(0, first - BESIDE) : stop + BESIDE]
        if np.abs(pcm[first:stop]).max() >= LOUD and (true_peak_dbtp(near) or 0) > 0:
            found.append((Fraction(first, rate_hz), Fraction(stop, rate_hz)))
    return _joined(found)


def _joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Returns stretches in order, those that touch made one."""
    found = list[Stretch]()
    for start, stop in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return tuple(found)


def _gaps(pcm: Array, rate_hz: int) -> tuple[Stretch, ...]:
    """Returns the stretches in which all channels are 0, between sound at both sides that goes on."""
    steps = np.flatnonzero(np.diff(pcm.any(axis=1).astype(np.int8), prepend=1, append=1))
    beside, found = max(1, int(GAP_BESIDE_S * rate_hz)), list[Stretch]()
    for first, stop in pairwise(steps.tolist()):
        if not GAP_S[0] * rate_hz <= stop - first <= GAP_S[1] * rate_hz or pcm[first].any():
            continue
        sides = pcm[max(0, first - beside) : first], pcm[stop : stop + beside]
        if all(len(side) and np.abs(side).max() >= LOUDER for side in sides):
            found.append((Fraction(first, rate_hz), Fraction(stop, rate_hz)))
    return tuple(found)
