"""What a mix notes of the sound that it finds: how loud shots are, and speech that was to be raised."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from post.sound.meter import integrated
from post.sound.mixdown import mix_down
from post.values import File, Mix, Sound, SoundEvent, SpeechNote
from post.values.array import Array
from tests.sound.tones import RATE, noise

SECONDS = 2
LENGTH = SECONDS * RATE
FILES = {name: File(name * 64, f"{name}.wav") for name in "abc"}
SOURCES: dict[str, Array] = {name: (0.02 * gain * noise(SECONDS)).astype(np.float32) for name, gain in
                             (("a", 1.0), ("b", 10.0), ("c", 0.0))}  # fmt: skip
FIRST = SoundEvent(
    FILES["a"], "clip", Sound(0, "pcm_f32le", RATE, 2, LENGTH, Fraction(0)), at=0, length=LENGTH,
    offset=Fraction(0), gain_db=0, declick=240,
)  # fmt: skip


def events(names: str) -> list[SoundEvent]:
    return [replace(FIRST, file=FILES[name], at=at * LENGTH) for at, name in enumerate(names)]


def noted(made: list[SoundEvent], length: int) -> list[tuple[str, int, float]]:
    plan = Mix(tuple(made), RATE, 2, length, None, -1, "pcm_s24le", 0, ())
    notes = mix_down(plan, lambda file, *_: SOURCES[file.sha256[0]]).notes
    return [(note.sha256[0], note.at, note.lufs) for note in notes.shots]


def test_the_loudness_of_each_shot_is_noted_in_their_order_whatever_the_plans() -> None:
    made = events("ab")
    found = noted(made, 2 * LENGTH)
    assert [row[:2] for row in found] == [("a", 0), ("b", LENGTH)]
    for name, _, lufs in found:
        assert lufs == pytest.approx(integrated(SOURCES[name], RATE), abs=0.01)
    assert found[1][2] - found[0][2] == pytest.approx(20, abs=0.01)
    assert noted(made[::-1], 2 * LENGTH) == found


def test_gain_counts_and_what_is_outside_the_film_does_not() -> None:
    quieter = [replace(each, gain_db=-6.0) for each in events("ab")]
    assert noted(quieter, 2 * LENGTH)[0][2] == pytest.approx(
        (integrated(SOURCES["a"], RATE) or 0) - 6, abs=0.01
    )
    late = [FIRST, replace(events("b")[0], at=2 * LENGTH - RATE // 4)]
    assert noted(late, 2 * LENGTH) == []  # a quarter of a second of it is heard: it has no loudness


@pytest.mark.parametrize("names", ["a", "ac"])
def test_where_one_shot_is_heard_there_is_nothing_to_compare(names: str) -> None:
    assert noted(events(names), len(names) * LENGTH) == []


def test_sound_beside_the_shots_is_no_shot() -> None:
    laid = [replace(each, role="music", stem="music") for each in events("ab")]
    assert noted(laid, 2 * LENGTH) == []


def test_speech_that_is_asked_for_and_not_found_is_noted() -> None:
    plan = Mix((replace(FIRST, speech_db=6.0),), RATE, 2, LENGTH, None, -1, "pcm_s24le", 0, ())
    made = mix_down(plan, lambda *_: SOURCES["a"])
    assert made.notes.speech == (SpeechNote("a.wav", 0, 6.0, ()),)
    assert mix_down(replace(plan, events=(FIRST,)), lambda *_: SOURCES["a"]).notes.speech == ()
