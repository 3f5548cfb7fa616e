"""Renders the sound of one film: mixes PCM, sets its loudness as it decodes, and encodes it once."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from post.render.sound.codec import CodecTrip, peak_margin_db
from post.render.sound.notes import notes_box
from post.sound import Levelled, level, mix_down
from post.sound.dialogue import loudness_goal
from post.sound.level import Listening
from post.step_log import StepLog
from post.takes.sound.decode import read_sound
from post.values import File, LevelNote, Mix, Sound, from_plain
from post.values.array import Array

log = logging.getLogger(__name__)


def make(data: Any, files: Mapping[str, Path], path: Path) -> None:
    """Renders a Mix (as plain data) to an encoded sound file at `path`: the task that an engine runs.

    files: where each source file is, by its SHA-256. Raises SourceError if a source cannot be read.
    """
    plan = from_plain(Mix, data, files)
    steps = StepLog(log, samples=plan.length)
    mixed = mix_down(plan, _read, scratch=path.parent)
    steps.done("sound: mixed", events=len(plan.events))
    target, speech = loudness_goal(mixed.pcm, plan)
    peaks, heard = plan.true_peak_dbtp, Listening(margin_db=peak_margin_db(plan), speech=speech)
    with CodecTrip(plan, path.parent) as trip, path.open("wb") as file:
        made = level(mixed.pcm, plan.rate_hz, target, peaks, trip, heard)
        steps.done("sound: levelled", passes=made.passes)
        trip.write(made.master, plan.delivered, file)
        file.write(notes_box(replace(mixed.notes, level=_note(made))))
    steps.done("sound: written", codec=plan.codec)


def _note(made: Levelled) -> LevelNote:
    heard = made.loudness
    return LevelNote(
        made.gain_db, made.reduction_db, made.passes, made.note, slow_db=made.slow_db,
        loudness_lufs=heard.integrated_lufs, true_peak_dbtp=heard.true_peak_dbtp,
    )  # fmt: skip


def _read(file: File, sound: Sound, rate_hz: int) -> Array:
    return read_sound(file.here, sound, rate_hz)
