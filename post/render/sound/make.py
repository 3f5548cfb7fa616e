"""Renders the sound of one film: mixes PCM, sets its loudness as it decodes, and encodes it once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from post.render.sound.codec import CodecTrip
from post.render.sound.notes import notes_box
from post.sound import level, mix_down
from post.takes.sound.decode import read_sound
from post.values import File, LevelNote, Mix, Sound, from_plain
from post.values.array import Array


def make(data: Any, files: Mapping[str, Path], path: Path) -> None:
    """Renders a Mix (as plain data) to an encoded sound file at `path`: the task that an engine runs.

    files: where each source file is, by its SHA-256. Raises SourceError if a source cannot be read.
    """
    plan = from_plain(Mix, data, files)
    mixed = mix_down(plan, _read)
    trip = CodecTrip(plan)
    levelled = level(mixed.pcm, plan.rate_hz, plan.loudness_lufs, plan.true_peak_dbtp, trip)
    heard = levelled.pcm if plan.part is None else levelled.pcm[plan.part.first : plan.part.stop]
    done = LevelNote(levelled.gain_db, levelled.reduction_db, levelled.passes, levelled.note)
    path.write_bytes(trip.encode(heard) + notes_box(replace(mixed.notes, level=done)))


def _read(file: File, sound: Sound, rate_hz: int) -> Array:
    return read_sound(file.here, sound, rate_hz)
