"""Room tone and repair in a mix: tone as loud as its shot, repair where an event asks for it; and in the plan."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from post.plan.cut.sound_gaps import gap_frames
from post.sound import mix_down
from post.values import Clock, File, Mix, Sound, SoundEvent, Span
from post.values.array import Array
from post.values.plan import RoomTone, SoundShape
from tests.sound.tone.made import RATE, part, power_db, room, spoken

FILE = File("a" * 64, "take.wav")
TAKE = spoken(room(4, -60, 1), -20)
EVENT = SoundEvent(
    FILE,
    "clip",
    Sound(0, "pcm_s16le", RATE, 2, len(TAKE), Fraction(0)),
    RATE,
    RATE,
    Fraction(0),
    0,
    declick=80,
)


def plan(*events: SoundEvent, seconds: int = 4, tone: RoomTone | None = RoomTone()) -> Mix:  # noqa: B008  frozen
    return Mix(events, RATE, 2, seconds * RATE, None, -1, "pcm_s24le", 0, (), tone=tone)


def mixed(mix: Mix, source: Array = TAKE) -> Array:
    return mix_down(mix, lambda _file, _sound, _rate: source).pcm


@pytest.mark.parametrize("changed", [{"gain_db": -6.0}, {"shape": SoundShape(pan=1.0)}])
def test_tone_has_the_gain_and_the_pan_of_its_shot(changed: dict[str, object]) -> None:
    event = replace(EVENT, **changed)  # type: ignore[arg-type]  # any field of an event
    made = part(mixed(plan(event)), 2.1, 4)
    if "shape" in changed:
        assert not made[:, 0].any()
        assert power_db(made[:, 1:]) > -64
    else:
        assert power_db(made) == pytest.approx(-66, abs=1)


def test_a_mix_notes_what_was_filled_and_what_was_mended() -> None:
    leaning = TAKE + np.float32(0.01)
    notes = mix_down(plan(EVENT), lambda _file, _sound, _rate: leaning).notes
    assert notes.tone == (Span(0, RATE), Span(2 * RATE, 4 * RATE))
    assert [(note.file, note.what) for note in notes.repairs] == [("take.wav", "dc")]
    kept = mix_down(plan(replace(EVENT, repair=False)), lambda _file, _sound, _rate: leaning)
    assert kept.notes.repairs == ()
    assert part(kept.pcm, 1.2, 1.8) == pytest.approx(leaning[round(0.2 * RATE) : round(0.8 * RATE)], abs=1e-6)


def test_a_source_is_mended_at_the_rate_of_its_file() -> None:
    asked = list[int]()

    def read(_file: File, sound: Sound, rate: int) -> Array:
        asked.append(rate)
        return TAKE[: round(len(TAKE) * rate / RATE)]

    slow = replace(EVENT, sound=replace(EVENT.sound, rate_hz=RATE // 2, samples=len(TAKE) // 2))
    mix_down(plan(slow, replace(slow, at=2 * RATE, repair=False)), read)
    assert asked == [RATE // 2, RATE]


def test_a_laid_ambience_is_the_room() -> None:
    laid = replace(
        EVENT, role="ambience", stem="ambience", at=0, length=4 * RATE, file=File("b" * 64, "rain.wav")
    )
    assert mix_down(plan(EVENT, laid), lambda _file, _sound, _rate: TAKE).notes.tone == ()


def test_the_plan_knows_the_gaps_between_shots_and_where_a_file_ends() -> None:
    clock = Clock(Fraction(25))
    assert gap_frames(plan(EVENT), clock) == (Span(0, 25), Span(50, 100))
    assert gap_frames(plan(EVENT, tone=None), clock) == ()
    short = replace(EVENT, sound=replace(EVENT.sound, samples=RATE // 2))
    assert gap_frames(plan(short, replace(EVENT, at=2 * RATE, length=2 * RATE)), clock) == (
        Span(0, 25),
        Span(37, 50),
    )
    late = replace(EVENT, at=0, length=4 * RATE, sound=replace(EVENT.sound, start=Fraction(1)))
    assert gap_frames(plan(late), clock) == (Span(0, 25),)
