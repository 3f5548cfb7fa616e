"""Warns of what a person must know of a finished film's sound, found while it was mixed and levelled."""

from __future__ import annotations

from collections.abc import Iterator

from post.values import DuckNote, JobWarning, MixNotes, Rendition

HEAVY_LIMITING_DB = 10.0  # a peak that is held down by more is heard at half its loudness
RATIO_TOLERANCE_DB = 1.0  # how far a bed may stand from where it was asked to be, below the voice


def mix_warnings(notes: MixNotes, rendition: Rendition) -> Iterator[JobWarning]:
    """Yields the warnings of a film's mix: hard limiting, beds that are not where they were asked to be."""
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
