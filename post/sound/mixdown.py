"""Mixdown: adds every sound event of a deliverable to one bus, exact to the sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from post.errors import SourceError
from post.sound.channels import mix_matrix, speakers_of
from post.sound.crossings import CrossedEnds, CrossingSide, find_crossings, join_crossings
from post.sound.edits import LONGEST_S, Edge, close_loop, faded
from post.sound.ends import find_ends
from post.sound.kept_pitch.stretch import stretch
from post.sound.pcm import check_pcm, gain_factor
from post.sound.scratch import block_spans, silent_pcm
from post.sound.stages import KEEP
from post.sound.standstill import heard_gain
from post.sound.varispeed import Fetch, Path, play
from post.values.array import Array
from post.values.media import File, Sound
from post.values.plan import Crossing, Mix, MixNotes, SoundEvent
from post.values.time import round_half_up

# (file, its sound, rate in Hz) -> that stream decoded at that rate, (samples, channels) float32 or float64.
# Sample 0 is where the take's picture starts: sound that starts later begins with silence.
Read = Callable[[File, Sound, int], Array]


@dataclass(frozen=True, slots=True)
class Mixdown:
    """A deliverable's sound before levelling, (samples, channels) float32, and what was decided from the sound."""

    pcm: Array
    notes: MixNotes


def mix(plan: Mix, read: Read) -> Array:
    """Returns a deliverable's sound before levelling, as `mix_down` makes it."""
    return mix_down(plan, read).pcm


def mix_down(plan: Mix, read: Read) -> Mixdown:
    """Returns a deliverable's sound before levelling, (plan.length, plan.channels) float32.

    Each source is read once, in the order of the plan, and freed before the next: memory is the bus and one
    source. Outside a source there is silence, and sound outside the film is left out. Fades are equal-power (sine).
    The ends of events are joined last, when both sides of each edit are known (post.sound.edits), and so are shots in a
    transition (post.sound.crossings).
    Raises SourceError, naming the file, for sound that cannot be used.
    """
    bus = silent_pcm(plan.length, plan.channels)
    edges, sides = list[Edge](), list[CrossingSide]()
    crossed = find_crossings(plan.events)
    for file, sound in dict.fromkeys((event.file, event.sound) for event in plan.events):
        source = _source(read(file, sound, plan.rate_hz), file)
        for event, ends in zip(plan.events, crossed, strict=True):
            if (event.file, event.sound) == (file, sound):
                edges += _lay(bus, (event, ends), source, (plan.rate_hz, sides))
    for first, joined in faded(edges, plan.rate_hz):
        _add(bus, first, joined)
    told: list[Crossing] = []
    for crossing, first, joined in join_crossings(sides):
        _add(bus, first, joined)
        told += [crossing] if crossing else []
    return Mixdown(bus, MixNotes(crossings=tuple(told)))


def _add(bus: Array, first: int, sound: Array) -> None:
    heard_from, heard_to = max(0, -first), min(len(sound), len(bus) - first)
    if heard_to > heard_from:
        bus[first + heard_from : first + heard_to] += sound[heard_from:heard_to]


def _source(pcm: Array, file: File) -> Array:
    where = file.name or file.sha256
    if not len(pcm):
        raise SourceError("holds no sound", where=where, fix="choose another file")
    return check_pcm(pcm, where)


def _lay(
    bus: Array, laid: tuple[SoundEvent, CrossedEnds], source: Array, joins: tuple[int, list[CrossingSide]]
) -> list[Edge]:
    """Adds one event to the bus, without those of its ends that need a fade, and returns these.

    laid: the event, and what of it crosses with other shots, which is added to the second of `joins`; their first is
    the rate in Hz.
    """
    (event, crossed), (rate_hz, sides) = laid, joins
    piece_of = _player(event, source, rate_hz)
    where = event.file.name or event.file.sha256
    speakers = event.sound.speakers or speakers_of(source.shape[1], where)
    levels = mix_matrix(speakers, bus.shape[1]) * gain_factor(event.gain_db)

    def sound_of(first: int, stop: int, fading: SoundEvent = event) -> Array:
        if stop <= first:
            return np.zeros((0, bus.shape[1]))
        return np.asarray((piece_of(first, stop) @ levels) * _fades(fading, first, stop)[:, None])

    ends = find_ends(event, len(source), rate_hz)
    body_first, body_stop = ends.first, ends.stop
    # Where a file's own sound begins or ends within the event, its edge is made as any other is.
    if crossed.start and ends.first == 0:
        body_first = crossed.start
        opened = sound_of(0, body_first, replace(event, fade_in=0))
        sides.append(CrossingSide(event.at, True, opened.astype(np.float32)))
    if crossed.stop and ends.stop == event.length:
        body_stop = event.length - crossed.stop
        closed = sound_of(body_stop, event.length, replace(event, fade_out=0))
        sides.append(CrossingSide(event.at + body_stop, False, closed.astype(np.float32)))
    heard_from, heard_to = max(body_first, -event.at), min(body_stop, len(bus) - event.at)
    for a, b in block_spans(bus, heard_from, max(heard_from, heard_to)):
        bus[event.at + a : event.at + b] += sound_of(a, b)
    # As float32: a film of a thousand shots keeps two thousand of them.
    beside = [(sound_of(*end.inside), sound_of(*end.outside)) for end in ends.edges]
    return [
        Edge(
            event.at + end.at, end.opens, inside.astype(np.float32), outside.astype(np.float32), event.declick,
            end.meets,
        )
        for end, (inside, outside) in zip(ends.edges, beside, strict=True)
    ]  # fmt: skip


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


def _fades(event: SoundEvent, first: int, stop: int) -> Array:
    """Returns the gain of an event's samples first..stop-1.

    The squares of a fade in and of a fade out of the same length that it crosses add up to 1 at every sample.
    """
    middle = np.arange(first, stop) + 0.5
    return _rise(middle, event.fade_in) * _rise(event.length - middle, event.fade_out)


def _rise(since: Array, samples: int) -> Array:
    if samples < 1:
        return np.ones(len(since))
    return np.asarray(np.sin(np.pi / 2 * np.clip(since / samples, 0, 1)))
