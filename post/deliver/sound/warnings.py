"""Warns of what a person must know of a finished film's sound, found while it was mixed and levelled."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from post.sound.repair.clipping import HEAVY_PC
from post.values import DuckNote, JobWarning, MixNotes, Rendition, ShotLoudnessNote

HEAVY_LIMITING_DB = 10.0  # a peak that is held down by more is heard at half its loudness
RATIO_TOLERANCE_DB = 1.0  # how far a bed may stand from where it was asked to be, below the voice
UNEVEN_LU = 10.0  # a shot that stands this far above the others is heard twice as loud
FAINT_LUFS = -45.0  # a shot below this is a room, and not what others are compared with


def mix_warnings(notes: MixNotes, rendition: Rendition) -> Iterator[JobWarning]:
    """Yields the warnings of a film's mix: clipped sources, uneven shots, hard limiting, beds that are not where they
    were asked to be, speech that was asked for and not found."""
    yield from _clipped(notes)
    yield from _uneven(notes, rendition)
    if notes.level.reduction_db > HEAVY_LIMITING_DB:
        yield JobWarning(
            "sound-limited",
            "peaks are held down hard to reach the loudness asked",
            got=f"up to {notes.level.reduction_db:.1f} dB",
            fix="lower the loudness target, or the loudest sound",
        )
    noted = {duck.what for duck in notes.ducks}
    for duck in notes.ducks:
        yield from _duck_warnings(duck)
    asked = {event.stem: event.duck.below_db for event in rendition.mix.events if event.duck}
    for stem in [stem for stem in asked if stem not in noted]:
        yield from _duck_warnings(DuckNote(stem, asked[stem], None))
    for speech in notes.speech:
        if not speech.raised:
            yield JobWarning(
                "no-speech",
                f"speech in {speech.file} is asked to be raised, and none was found: nothing was raised",
                got=f"speech: {speech.asked_db:g} dB",
                fix="leave out `speech`, or raise its `gain`",
            )


def _clipped(notes: MixNotes) -> Iterator[JobWarning]:
    for each in notes.repairs:
        if not each.mended and each.clipped_pc > HEAVY_PC:
            yield JobWarning(
                "sound-clipped",
                f"the sound of {each.file} is heavily clipped, and is left as it is: it sounds distorted",
                got=f"{each.clipped_pc:.1f} % of its samples at their limit",
                fix="generate it again, or record it at a lower level",
            )


def _uneven(notes: MixNotes, rendition: Rendition) -> Iterator[JobWarning]:
    """Yields a warning for each shot whose own sound is far louder than that of the other shots together."""
    for note in notes.shots:
        others = [each.lufs for each in notes.shots if each is not note and each.lufs > FAINT_LUFS]
        over = note.lufs - median(others) if others else 0.0
        if over > UNEVEN_LU:
            yield JobWarning(
                "shots-uneven",
                f"the sound of shot {_shot_name(note, rendition)} is far louder than that of the other shots",
                got=f"{note.lufs:.1f} LUFS, {over:.1f} LU above them",
                fix="in each shot set `sound: {level: -23 LUFS}`, or lower its `gain`",
            )


def _shot_name(note: ShotLoudnessNote, rendition: Rendition) -> str:
    """Returns the name of the first shot that a sound is of. It may start before its shot, and go on over several."""
    clock, rate_hz = rendition.format.clock, rendition.mix.rate_hz
    for shot in rendition.shots:
        own = shot.take.file.sha256 == note.sha256
        if own and clock.samples(shot.span.stop, rate_hz) > note.at:
            return shot.name
    return note.sha256


def _duck_warnings(duck: DuckNote) -> Iterator[JobWarning]:
    asked = f"{duck.asked_db:g} dB below the voice"
    if not duck.passages:
        yield JobWarning(
            "no-voice",
            f"{duck.what} is asked to stand {asked}, and no voice was found: nothing was ducked",
            fix="put the voice under `voice` or `dialogue`, or leave out `duck`",
        )
    elif duck.lower:
        stands = "" if duck.reached_db is None else f"{duck.reached_db:.1f} dB below it"
        yield JobWarning(
            "bed-low",
            f"{duck.what} is asked to stand {asked}, and stands lower without ducking",
            got=stands,
            fix="raise its gain if it should be heard more",
        )
    elif duck.reached_db is not None and abs(duck.reached_db - duck.asked_db) > RATIO_TOLERANCE_DB:
        yield JobWarning(
            "duck-missed",
            f"{duck.what} is asked to stand {asked}, and does not",
            got=f"{duck.reached_db:.1f} dB below it",
            fix="change its gain, or how far it is ducked",
        )
