"""Mends the sound of one file, step by step, in a fixed order."""

from __future__ import annotations

from collections.abc import Callable

from post.sound.repair.clicks import declicked
from post.sound.repair.clipping import clipped_pc, declipped
from post.sound.repair.hum import without_hum
from post.sound.repair.offset import without_offset
from post.values.array import Array
from post.values.plan import RepairNote

# (PCM, rate in Hz) -> (mended PCM, what was done); the same array and "" where nothing is to be done.
Step = Callable[[Array, int], tuple[Array, str]]
OVERS = "overs"
# Flat tops come first: they are found by samples that are equal, which nothing may have changed.
STEPS: tuple[tuple[str, Step], ...] = (
    (OVERS, declipped),
    ("dc", without_offset),
    ("clicks", declicked),
    ("hum", without_hum),
)


def repair(pcm: Array, rate_hz: int, name: str, sha256: str = "") -> tuple[Array, tuple[RepairNote, ...]]:
    """Returns the sound of a file mended, and a note for each step that did or found something.

    pcm: (samples, channels) float, full scale 1, finite, at the rate of its file: resampling would hide flat tops and
    clicks; name, sha256: of the file, for the notes. Sound in which nothing is found is returned as it is, the same
    array. Samples beyond full scale stay: the mix holds them, and its limiter brings them down.
    """
    notes = list[RepairNote]()
    for kind, step in STEPS:
        given, (pcm, says) = pcm, step(pcm, rate_hz)
        if says:
            mended = pcm is not given
            left_pc = clipped_pc(pcm) if kind == OVERS and not mended else 0.0
            notes.append(RepairNote(name, kind, says, sha256, mended, round(left_pc, 2)))
    return pcm, tuple(notes)
