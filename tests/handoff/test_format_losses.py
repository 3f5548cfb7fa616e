"""What of a job no editor's file shows is said, section by section."""

from __future__ import annotations

from fractions import Fraction

import pytest

from post.handoff.format_losses import job_losses
from post.handoff.timeline import Timeline, TimelineClip, TimelineMedia
from post.values.time import Clock, Span


@pytest.mark.parametrize(
    ("section", "what"),
    [
        ({"brand": [{"file": "logo.svg"}]}, "brand elements"),
        ({"captions": [{"file": "en.srt", "burn": True}]}, "captions"),
        ({"label": "standard"}, "AI label"),
    ],
)
def test_a_section_of_the_film_is_told_as_lost(section: dict[str, object], what: str) -> None:
    timeline = Timeline("film", Clock(Fraction(24)), (), metadata={"job": section})
    assert [(each.what, each.where) for each in job_losses(timeline)] == [(what, "film")]
    assert not job_losses(Timeline("film", Clock(Fraction(24)), (), metadata={"job": dict.fromkeys(section)}))


def test_what_is_asked_of_a_sound_is_told_as_lost_and_a_gain_is_not() -> None:
    music = {
        "file": "bed.flac",
        "id": "bed",
        "duck": "12 dB",
        "level": "-18 LUFS",
        "gain": "-3 dB",
        "fade_out": "1s",
    }
    voice = {"file": "vo.wav", "pan": -0.5, "room": "-12 dB"}
    sound = {"music": [music], "voice": [{"file": "one.wav"}, voice], "tone": {"gain": "-3 dB"}}
    shot = TimelineClip(
        "talk", "talk", TimelineMedia("talk"), Span(0, 24), metadata={"cut": {"sound": {"speech": "6 dB"}}}
    )
    timeline = Timeline("film", Clock(Fraction(24)), (shot,), metadata={"job": {"sound": sound}})
    assert [(each.what, each.where) for each in job_losses(timeline)] == [
        ("room tone", "film"),
        ("ducking", "bed"),
        ("sound level in LUFS", "bed"),
        ("pan", "voice 2"),
        ("reverb send", "voice 2"),
        ("raised speech", "talk"),
    ]
