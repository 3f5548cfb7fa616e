"""Reads the sound of one event: its part of the source at its speed, in the channels of the bus, at its gain."""

from __future__ import annotations

import numpy as np

from post.errors import SourceError
from post.sound.channels import mix_matrix, speakers_of
from post.sound.edits import LONGEST_S, close_loop
from post.sound.kept_pitch.stretch import stretch
from post.sound.pcm import gain_factor
from post.sound.stages import KEEP
from post.sound.standstill import heard_gain
from post.sound.varispeed import Fetch, Path, play
from post.values.array import Array
from post.values.plan import SoundEvent
from post.values.time import round_half_up


def event_sound(event: SoundEvent, source: Array, channels: int, rate_hz: int) -> Fetch:
    """Returns a function that gives samples first..stop-1 of an event, (stop - first, channels), without its fades.

    source: (samples, channels of the file); channels: of the bus. Beyond the event's ends it gives what its source has
    there. No sample depends on the range that is asked for.
    """
    piece_of = _player(event, source, rate_hz)
    speakers = event.sound.speakers or speakers_of(source.shape[1], event.file.name or event.file.sha256)
    levels = mix_matrix(speakers, channels) * gain_factor(event.gain_db)

    def sound_of(first: int, stop: int) -> Array:
        if stop <= first:
            return np.zeros((0, channels))
        return np.asarray(piece_of(first, stop) @ levels)

    return sound_of


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
        return _heard(path, lambda first, stop: whole[first + beyond : stop + beyond], rate_hz)
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
    turn = close_loop(source[start:], event.declick, rate_hz)
    return lambda first, stop: turn[np.arange(first - start, stop - start) % len(turn)]
