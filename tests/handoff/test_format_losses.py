"""What of a job no editor's file shows is said, section by section."""

from __future__ import annotations

from fractions import Fraction

import pytest

from post.handoff.format_losses import job_losses
from post.handoff.timeline import Timeline
from post.values.time import Clock


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
