"""Lets beds give way to the voice."""

from __future__ import annotations

from post.sound.buses import VOICES, Buses, BusName
from post.sound.duck.bed import Bed
from post.sound.duck.depth import solve_depths
from post.sound.duck.envelope import Ducked, Envelope, find_phrases
from post.sound.duck.key import CLIP, DuckKey, find_key
from post.values.array import Array
from post.values.plan import Duck, DuckNote


def duck_buses(buses: Buses, rate_hz: int) -> tuple[DuckNote, ...]:
    """Lowers every bus that gives way to the voice, in place, and returns what was done, in the order of the buses.

    Each bus stands by itself as far below the voice as its `duck` says, measured by BS.1770-5 without a gate over the
    samples with voice. It is down before the first word of a phrase, steady until its last, never raised. Voices that
    give way to other voices go first; other beds then give way to all voices, and to speech in clips.
    """
    ducked = [(name, bus) for name, bus in buses.each() if name.duck and name.duck.below_db and bus.any()]
    keys, notes = dict[tuple[bool, bool], DuckKey](), dict[BusName, DuckNote]()
    for name, bus in sorted(ducked, key=lambda row: row[0].stem not in VOICES):
        which = (name.stem not in VOICES, name.stem not in (*VOICES, CLIP))
        if which not in keys:
            keys[which] = find_key(buses, rate_hz, of_ducked=which[0], of_clips=which[1])
        notes[name] = _duck(name, bus, keys[which], rate_hz)
    return tuple(notes[name] for name, _ in ducked)


def _duck(name: BusName, bus: Array, key: DuckKey, rate_hz: int) -> DuckNote:
    """Ducks one bus in place."""
    duck = name.duck or Duck(0.0)
    phrases = find_phrases(key.spans, rate_hz)
    if not phrases:
        return DuckNote(name.stem, duck.below_db, None)
    bed = Bed(bus, duck, rate_hz)
    solved = solve_depths(bed.levels(phrases, key), duck.below_db)
    rows = zip(phrases, solved.gains_db, solved.dipped, strict=True)
    envelope = Envelope([Ducked(*row) for row in rows], duck.dip_db, rate_hz)
    bed.apply(envelope)
    lower = not any(solved.dipped)
    curve = envelope.curve(len(bus))
    return DuckNote(name.stem, duck.below_db, solved.reached_db, phrases, curve, lower, solved.ratios_db)
