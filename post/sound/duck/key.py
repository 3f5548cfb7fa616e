"""The voice that beds give way to: where it is, and how loud it is there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.sound.buses import VOICES, Buses, BusName
from post.sound.meter.gates import hop_edges
from post.sound.runs import join_runs
from post.sound.voice.hops import hop_powers, hops_of
from post.sound.voice.level_gate import voice_spans
from post.sound.voice.speech import find_speech
from post.values.array import Array
from post.values.time import Span

CLIP = "clip"


@dataclass(frozen=True, slots=True)
class DuckKey:
    """A voice. spans: samples where it is, in order; hops: which hops of 10 ms those are, (hops,) bool; powers: its
    mean square there, K-weighted, (hops,), 0 elsewhere."""

    spans: tuple[Span, ...]
    hops: Array
    powers: Array


def find_key(buses: Buses, rate_hz: int, *, of_ducked: bool, of_clips: bool) -> DuckKey:
    """Returns the voice of a mix.

    On the voice stem all that is loud enough is voice. On the dialogue stem speech is looked for, as clips bring other
    sounds with it; where none is found, what is loud enough counts. of_ducked: voices that give way to others count
    too; of_clips: speech in the clips' own sound counts too, unless that gives way itself.
    """
    hops = max(0, len(hop_edges(buses.length, rate_hz)) - 1)
    spans, powers = list[Span](), np.zeros(hops)
    for name, bus in buses.each():
        if name.stem not in (*VOICES, *((CLIP,) if of_clips else ())):
            continue
        if name.duck and not (of_ducked and name.stem in VOICES):
            continue
        if not bus.any():
            continue
        found, heard = _find(name, bus, rate_hz)
        spans += found
        powers += np.where(hops_of(found, buses.length, rate_hz), heard, 0.0)
    joined = tuple(join_runs(sorted(spans, key=lambda span: span.first), 0))
    return DuckKey(joined, hops_of(joined, buses.length, rate_hz), powers)


def _find(name: BusName, bus: Array, rate_hz: int) -> tuple[tuple[Span, ...], Array]:
    """Returns where there is voice on a bus, and the power of its hops at least there."""
    spans = () if name.stem == "voice" else find_speech(bus, rate_hz)
    if spans:
        return spans, hop_powers(bus, rate_hz, hops_of(spans, len(bus), rate_hz))
    if name.stem == CLIP:
        return (), np.zeros(max(0, len(hop_edges(len(bus), rate_hz)) - 1))
    powers = hop_powers(bus, rate_hz)
    return voice_spans(powers, len(bus), rate_hz), powers
