"""Reads the sound of one event: its part of the source at its speed, in the channels of the bus, at its gain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from post.errors import SourceError
from post.sound.buses import Buses
from post.sound.channels import mix_matrix, speakers_of
from post.sound.edits import LONGEST_S
from post.sound.kept_pitch.stretch import stretch
from post.sound.mixdown.loops import close_loop
from post.sound.pcm import gain_factor, split_blocks
from post.sound.shape import find_level_gain, pan_matrix, tilt
from post.sound.stages import KEEP
from post.sound.standstill import heard_gain
from post.sound.varispeed import Fetch, Path, play
from post.values.array import Array
from post.values.plan import SoundEvent, SourceLevelNote
from post.values.time import round_half_up

BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class EventSound:
    """The sound of an event. fetch: gives samples first..stop-1 of it, (stop - first, channels), without its fades;
    beyond its ends, what its source has there. No sample depends on the range that is asked for. shaped: does to any
    sound in the channels of its file what is done to it: pan, tilt, level and gain. level: how it was brought to its
    level, None where none is asked for."""

    fetch: Fetch
    shaped: Callable[[Fetch], Fetch]
    level: SourceLevelNote | None = None


def event_sound(event: SoundEvent, source: Array, buses: Buses, rate_hz: int) -> EventSound:
    """Returns the sound of an event as it goes to its bus: panned, tilted, at its level and its gain.

    source: (samples, channels of the file); buses: where it goes.
    """
    shape, piece_of = event.shape, _player(event, source, rate_hz)
    speakers = event.sound.speakers or speakers_of(source.shape[1], event.file.name or event.file.sha256)
    panned = mix_matrix(speakers, buses.channels) @ pan_matrix(shape.pan, buses.channels)
    if shape.level_lufs is None:
        return _made(piece_of, panned * gain_factor(event.gain_db), event, rate_hz)
    # As it is heard before its gain: a sound at its level has that loudness in its stem.
    heard = _shaped(piece_of, panned, event, rate_hz)
    whole = buses.array(event.length)
    for first, stop in split_blocks(event.length, BLOCK):
        whole[first:stop] = heard(first, stop)
    found = find_level_gain(whole, rate_hz, shape.level_lufs)
    gain = panned * gain_factor(event.gain_db + found.gain_db)
    name = event.file.name or event.file.sha256
    note = SourceLevelNote(name, event.at, shape.level_lufs, found.found_lufs, found.measured, found.gain_db)
    return _made(piece_of, gain, event, rate_hz, note)


def _made(
    piece_of: Fetch, levels: Array, event: SoundEvent, rate_hz: int, level: SourceLevelNote | None = None
) -> EventSound:
    def shaped(read: Fetch) -> Fetch:
        return _shaped(read, levels, event, rate_hz)

    return EventSound(shaped(piece_of), shaped, level)


def _shaped(piece_of: Fetch, levels: Array, event: SoundEvent, rate_hz: int) -> Fetch:
    """Returns a function that reads a piece in the channels of the bus, tilted. levels: the matrix to them."""

    mixed = _mixer(levels)

    def fetch(first: int, stop: int) -> Array:
        if stop <= first:
            return np.zeros((0, levels.shape[1]))
        return mixed(piece_of(first, stop))

    return tilt(fetch, event.shape.tilt_db, rate_hz) if event.shape.tilt_db else fetch


def _mixer(levels: Array) -> Callable[[Array], Array]:
    """Returns a function that gives `piece @ levels`, float64: in less time where no channels are added up."""
    if levels.shape[0] == levels.shape[1] and (levels == levels[0, 0] * np.eye(len(levels))).all():
        return lambda piece: np.asarray(np.multiply(piece, levels[0, 0], dtype=np.float64))
    if len(levels) > 1:
        return lambda piece: np.asarray(piece @ levels)

    def spread(piece: Array) -> Array:
        mixed, sound = np.empty((len(piece), levels.shape[1])), piece[:, 0].astype(np.float64)
        for channel, level in enumerate(levels[0]):
            np.multiply(sound, level, out=mixed[:, channel])
        return mixed

    return spread


def _player(event: SoundEvent, source: Array, rate_hz: int) -> Fetch:
    """Returns a function that gives samples first..stop-1 of an event, in source channels, before gain and fades."""
    offset = round_half_up(event.offset * rate_hz)
    fetch = _looped(source, offset, event, rate_hz) if event.loop else _once(source)
    if event.map is None:
        return lambda first, stop: fetch(offset + first, offset + stop)
    if abs(event.map.start - event.offset * rate_hz) > 1:
        raise ValueError(
            f"an event's map starts at source sample {float(event.map.start):g},"
            f" its offset at {float(event.offset * rate_hz):g}"
        )
    path = Path(event.map)
    if event.pitch == KEEP:
        # Stretched once, with what a fade may use beyond its ends, so that no sample depends on who asks for it.
        beyond = round(LONGEST_S * rate_hz)
        whole = stretch(path, fetch, -beyond, event.length + beyond, rate_hz)
        stretched = _once(whole)
        return _heard(path, lambda first, stop: stretched(first + beyond, stop + beyond), rate_hz)
    return _heard(path, lambda first, stop: play(path, fetch, first, stop), rate_hz)


def _heard(path: Path, read: Fetch, rate_hz: int) -> Fetch:
    """Returns a function that reads sound along a path, silent where the path stands still."""

    def fetch(first: int, stop: int) -> Array:
        if stop <= first:
            return read(first, stop)
        gain = heard_gain(path, first, stop, rate_hz)
        return read(first, stop) if gain is None else read(first, stop) * gain[:, None]

    return fetch


def _once(source: Array) -> Fetch:
    """Returns a function that reads the source; it is silent before its start and after its end."""

    def fetch(first: int, stop: int) -> Array:
        a, b = max(first, 0), min(stop, len(source))
        if (a, b) == (first, stop):
            return source[a:b]
        piece = np.zeros((stop - first, source.shape[1]), source.dtype)
        if a < b:
            piece[a - first : b - first] = source[a:b]
        return piece

    return fetch


def _looped(source: Array, start: int, event: SoundEvent, rate_hz: int) -> Fetch:
    """Returns a function that reads the source from `start` to its end, repeated without a gap."""
    if not 0 <= start < len(source):
        raise SourceError(
            "a loop starts outside its sound",
            where=event.file.name or event.file.sha256,
            expected=f"a start before sample {len(source)}",
            got=start,
        )
    loop = close_loop(source[start:], event.declick, rate_hz)
    return lambda first, stop: loop.read(first - start, stop - start)
