"""Reads the sound of a job: what lies beside the shots, the tone under them, the room, the loudness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from post.job.diagnostics import Diagnostics
from post.job.model import AudioClip
from post.job.reader import Section
from post.job.sections.entries import EntryIds
from post.sound.stages import (
    Ambience,
    Dialogue,
    Effect,
    LaidSound,
    LoudnessTarget,
    Music,
    ReverbRoom,
    RoomToneFill,
    VoiceOver,
)
from presets import Node

Bed = TypeVar("Bed", RoomToneFill, ReverbRoom)
# The lists of a job, and the stage of each.
LISTS: dict[str, type[LaidSound]] = {
    "voice": VoiceOver, "dialogue": Dialogue, "music": Music, "ambience": Ambience, "effects": Effect,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sounds:
    """The sound of a job: what lies beside the shots, list after list; the tone, the room, and its loudness."""

    laid: tuple[AudioClip, ...]
    tone: RoomToneFill
    room: ReverbRoom
    loudness: Node | None
    rate_hz: int


def read_sounds(diagnostics: Diagnostics, job: Section) -> Sounds:
    """Returns the sound of the film. Each deliverable resolves its loudness later."""
    node = job.part("sound") or Node({}, job.node.line, job.node.file)
    section = Section(diagnostics, "sound", node, "sound")
    loudness = section.part("loudness")
    if loudness is not None:
        # Read once here, so that its faults are reported at this place.
        read_loudness(diagnostics, [loudness], "sound.loudness")
    return Sounds(
        tuple(clip for key, kind in LISTS.items() for clip in _laid(diagnostics, section, key, kind)),
        _whole(diagnostics, section, "tone", RoomToneFill),
        _whole(diagnostics, section, "room", ReverbRoom),
        loudness,
        int(section.text("rate_hz", "48000")),
    )


def _laid(diagnostics: Diagnostics, sound: Section, key: str, kind: type[LaidSound]) -> tuple[AudioClip, ...]:
    read, ids = [], EntryIds()
    for node, place in sound.items(key):
        section = Section(diagnostics, kind.name, node, place)
        own = ids.read(section)
        named = node.mapping.get("file")
        path = diagnostics.source(named, section.spot("file")) if named is not None else None
        made: LaidSound | None = section.stage(kind)
        at, start, length = section.text("at", "0s"), section.text("in", "0s"), section.text("length")
        if path is not None and made is not None:
            read.append(AudioClip(made, path, at, start, length, node.where, own))
    return tuple(read)


def _whole(diagnostics: Diagnostics, sound: Section, key: str, kind: type[Bed]) -> Bed:
    """Returns a stage that the film's sound has once, as the job sets it."""
    node = sound.part(key)
    if node is None:
        return kind()
    return Section(diagnostics, key, node, sound.spot(key)).stage(kind) or kind()


def read_loudness(
    diagnostics: Diagnostics, chain: Sequence[Node | None], place: str
) -> LoudnessTarget | None:
    """Returns the loudness target that `chain` adds up to: each node is merged over those before it."""
    made: Node | None = None
    for node in chain:
        made = diagnostics.over("sound", made, node, place)
    if made is None:
        return LoudnessTarget()
    return Section(diagnostics, "loudness", made, place).stage(LoudnessTarget)
