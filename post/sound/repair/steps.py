"""Mends the sound of one file, step by step, in a fixed order."""

from __future__ import annotations

from collections.abc import Callable

from post.sound.repair.clicks import declicked
from post.sound.repair.clipping import declipped
from post.sound.repair.hum import without_hum
from post.sound.repair.offset import without_offset
from post.values.array import Array
from post.values.plan import RepairNote

# (PCM, rate in Hz) -> (mended PCM, what was done); the same array and "" where nothing is to be done.
Step = Callable[[Array, int], tuple[Array, str]]
# Flat tops come first: they are found by samples that are equal, which nothing may have changed.
STEPS: tuple[tuple[str, Step], ...] = (
    ("overs", declipped),
    ("dc", without_offset),
    ("clicks", declicked),
    ("hum", without_hum),
)


def repair(pcm: Array, rate_hz: int, name: str) -> tuple[Array, tuple[RepairNote, ...]]:
    """Returns the sound of a file mended, and a note for each step that did or found something.

    pcm: (samples, channels) float, full scale 1, finite, at the rate of its file: resampling would hide flat tops and
    clicks; name: of the file, for the notes. Sound in which nothing is found is returned as it is, the same array.
    Samples beyond full scale stay: the mix holds them, and its limiter brings them down.
    """
    notes = list[RepairNote]()
    for what, step in STEPS:
        pcm, says = step(pcm, rate_hz)
        if says:
            notes.append(RepairNote(name, what, says))
    return pcm, tuple(notes)
