"""Music, effects and loudness, as the job writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from post.job.model import Laying
from post.job.reader import Desk, Section
from post.stage import Stage, make
from presets import Node


@dataclass(frozen=True, slots=True)
class Sounds:
    music: tuple[Laying, ...]
    effects: tuple[Laying, ...]
    loudness: Node | None
    rate_hz: int


def read_sounds(desk: Desk, job: Section) -> Sounds:
    """What is laid under the film; loudness is left for each deliverable to resolve."""
    node = job.part("sound") or Node({}, job.node.line, job.node.file)
    section = Section(desk, "sound", node, "sound")
    loudness = section.part("loudness")
    if loudness is not None:
        # Made once for itself, so that what is wrong with it is said of this place.
        read_loudness(desk, [loudness], "sound.loudness")
    return Sounds(
        _laid(desk, section, "music", "music"),
        _laid(desk, section, "effects", "effect"),
        loudness,
        int(section.text("rate_hz", "48000")),
    )


def _laid(desk: Desk, sound: Section, key: str, stage: str) -> tuple[Laying, ...]:
    read = []
    for node, place in sound.items(key):
        section = Section(desk, stage, node, place)
        named = node.mapping.get("file")
        path = desk.source(named, section.spot("file")) if named is not None else None
        made = section.stage(stage)
        at, start, length = section.text("at", "0s"), section.text("in", "0s"), section.text("length")
        if path is not None and made is not None:
            read.append(Laying(made, path, at, start, length, node.where))
    return tuple(read)


def read_loudness(desk: Desk, chain: Sequence[Node | None], place: str) -> Stage | None:
    """The profile that the last of `chain` asks for, laid over those before it."""
    made: Node | None = None
    for node in chain:
        made = desk.over("sound", made, node, place)
    if made is None:
        return make("loudness", {}, place)
    return Section(desk, "loudness", made, place).stage("loudness")
