"""Mixes a film's sound down, in a fixed order: each step takes what the one before it made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from post.errors import SourceError
from post.sound.buses import Buses
from post.sound.crossings import find_crossings
from post.sound.duck import duck_buses
from post.sound.mixdown.laying import Joins, lay
from post.sound.mixdown.shot_levels import ShotLevels
from post.sound.pcm import check_pcm
from post.sound.repair import repair
from post.sound.shape import add_room
from post.sound.tone import FilmTone
from post.sound.voice import raise_clips
from post.values.array import Array
from post.values.media import File, Sound
from post.values.plan import Mix, MixNotes, RepairNote, SourceLevelNote

# (file, its sound, rate in Hz) -> that stream decoded at that rate, (samples, channels) float32 or float64.
# Sample 0 is where the take's picture starts: sound that starts later begins with silence.
Read = Callable[[File, Sound, int], Array]


@dataclass(frozen=True, slots=True)
class Mixdown:
    """A deliverable's sound before levelling. pcm: all of it, (samples, channels) float32; buses: what it was added up
    from; notes: what was decided from the sound."""

    pcm: Array
    buses: Buses
    notes: MixNotes


def mix(plan: Mix, read: Read) -> Array:
    """Returns a deliverable's sound before levelling, as `mix_down` makes it."""
    return mix_down(plan, read).pcm


def mix_down(plan: Mix, read: Read, *, apart: bool = False, scratch: Path | None = None) -> Mixdown:
    """Returns a deliverable's sound before levelling, (plan.length, plan.channels) float32.

    apart: keep a bus for every stem, also where nothing in the mix needs it; scratch: folder for the files of long
    buses (post.sound.buses). Each source is read once, in the order of the plan, and freed before the next: memory is
    the buses and one source. Outside a source there is silence, and sound outside the film is left out.
    Raises SourceError, naming the file, for sound that cannot be used.
    """
    buses = Buses(
        plan.length,
        plan.channels,
        apart=apart or needs_stems(plan),
        sends=plan.room is not None,
        scratch=scratch,
    )
    tone = FilmTone(plan)
    shots = ShotLevels(plan)
    crossed, joins = find_crossings(plan.events), Joins(plan.rate_hz, tone, shots)
    levels, repairs = list[SourceLevelNote | None](), list[RepairNote]()
    for file, sound, mended in _sources(plan):
        # 1. The source is repaired, for events with `repair`; room tone learns from the clips' sources.
        source, notes = _read(file, sound, plan, read) if mended else _as_recorded(file, sound, plan, read)
        repairs += notes
        tone.learn(file, source)
        for event, ends in zip(plan.events, crossed, strict=True):
            if (event.file, event.sound, event.repair) == (file, sound, mended):
                # 2. Each event is shaped and laid on its bus.
                levels.append(lay(buses, event, ends, source, joins))
    # 3. The ends of events are joined, when both sides of each edit are known.
    crossings = joins.lay(buses)
    # 4. Room tone fills the gaps of the shots.
    for event, first, noise in tone.fill():
        buses.add(event, first, noise)
    # 5. What was sent to the room comes back, each on the bus that sent it.
    if plan.room:
        add_room(buses, plan.room, plan.rate_hz)
    # 6. Speech is raised in the clips.
    speech = raise_clips(buses, plan.events, plan.rate_hz)
    # 7. Beds give way to the voice.
    ducks = duck_buses(buses, plan.rate_hz)
    told = MixNotes(
        crossings=crossings,
        ducks=ducks,
        levels=tuple(note for note in levels if note),
        tone=tone.filled,
        repairs=tuple(dict.fromkeys(repairs)),
        speech=speech,
        shots=shots.notes(),
    )
    return Mixdown(buses.total(), buses, told)


def needs_stems(plan: Mix) -> bool:
    """Returns whether anything in a mix works on one stem apart from the others."""
    return any(event.duck or event.speech_db for event in plan.events)


def _sources(plan: Mix) -> Iterator[tuple[File, Sound, bool]]:
    """Yields each source once, and whether it is repaired; twice if one event wants it so and another does not."""
    yield from dict.fromkeys((event.file, event.sound, event.repair) for event in plan.events)


def _read(file: File, sound: Sound, plan: Mix, read: Read) -> tuple[Array, tuple[RepairNote, ...]]:
    """Returns a source as it is mixed, mended at the rate of its file, and what was mended."""
    source, notes = repair(
        _checked(read(file, sound, sound.rate_hz), file),
        sound.rate_hz,
        file.name or file.sha256,
        file.sha256,
    )
    if sound.rate_hz == plan.rate_hz:
        return source, notes
    from post.takes.sound.join import (
        resampled,
    )  # here, because it brings the decoders, which a stage needs not

    return resampled(source, sound.rate_hz, plan.rate_hz), notes


def _as_recorded(file: File, sound: Sound, plan: Mix, read: Read) -> tuple[Array, tuple[RepairNote, ...]]:
    return _checked(read(file, sound, plan.rate_hz), file), ()


def _checked(pcm: Array, file: File) -> Array:
    where = file.name or file.sha256
    if not len(pcm):
        raise SourceError("holds no sound", where=where, fix="choose another file")
    return check_pcm(pcm, where)
