"""The frames of the film in which a sound is heard."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from post.plan.sound import sounding_frames
from post.values import SoundEvent, Span
from tests.plan.made import FILM_CLOCK, take

RATE = 48000
FRAME = RATE // 24
DOG = take()
assert DOG.sound is not None
EVENT = SoundEvent(DOG.file, "music", DOG.sound, at=0, length=FRAME, offset=Fraction(0), gain_db=0.0)


@pytest.mark.parametrize(
    ("at", "length", "heard"),
    [
        (2 * FRAME, 3 * FRAME, (2, 5)),
        (2 * FRAME - 1, 3 * FRAME, (1, 5)),
        (2 * FRAME, 3 * FRAME + 1, (2, 6)),
        (2 * FRAME + 10, 100, (2, 3)),
    ],
)
def test_a_frame_in_which_a_sound_begins_or_ends_is_one_of_its_frames(
    at: int, length: int, heard: tuple[int, int]
) -> None:
    assert sounding_frames(replace(EVENT, at=at, length=length), FILM_CLOCK, RATE) == Span(*heard)
