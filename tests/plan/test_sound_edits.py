"""J and L cuts: where the sound of shots is heard that lead their picture, or lag behind it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from post.errors import Problems
from post.job.model import Cut
from post.plan.cut.sound_edits import heard_span
from post.plan.shots import plan_shots
from post.plan.sound import plan_mix
from post.sound.stages import ClipSound
from post.values import SoundEvent, Span, Take
from tests.plan.made import FILM_CLOCK, cut, deliver, job, take

FRAME = 2000  # samples
TAKES = {name: take(name, 96) for name in "abc"}


def own(name: str, **asked: Any) -> Cut:
    """Returns a shot of 24 frames from the second second of its take; lead, lag and pitch go to its sound."""
    sound = ClipSound(**{key: asked.pop(key) for key in ("lead", "lag", "pitch", "mute") if key in asked})
    return replace(cut(name, **{"start": "24f", "length": "24f"} | asked), sound=sound)


def heard(*shots: Cut, **takes: Take) -> list[SoundEvent]:
    asked = job(*shots)
    planned = plan_shots(asked, TAKES | takes)
    return list(plan_mix(asked, deliver(), planned, (), ()).events)


def frames(events: list[SoundEvent]) -> list[tuple[float, float, float]]:
    """Returns first and last frame of each event in the film, and the frame of its take that it starts with."""
    return [(e.at / FRAME, (e.at + e.length) / FRAME, float(e.offset * 24)) for e in events]


def test_a_lead_moves_the_edit_of_the_sound_before_that_of_the_picture() -> None:
    events = heard(own("a"), own("b", lead="6f"))
    assert frames(events) == [(0, 18, 24), (18, 48, 18)]
    assert [(e.fade_in, e.fade_out) for e in events] == [
        (0, 0),
        (0, 0),
    ]  # they meet, and cross as at any edit


def test_a_lag_moves_it_after_that_of_the_picture() -> None:
    assert frames(heard(own("a", lag="6f"), own("b"))) == [(0, 30, 24), (30, 48, 30)]


def test_where_one_lags_and_the_next_leads_both_are_heard_and_cross_over() -> None:
    events = heard(own("a", lag="4f"), own("b", lead="6f"))
    assert frames(events) == [(0, 28, 24), (18, 48, 18)]
    assert events[0].fade_out == events[1].fade_in == 10 * FRAME


def test_in_a_transition_the_crossing_of_the_sound_moves_whole() -> None:
    events = heard(own("a"), own("b", lead="6f", transition=8))
    assert frames(events) == [(0, 18, 24), (10, 40, 18)]
    assert (
        events[0].fade_out == events[1].fade_in == 8 * FRAME == events[0].at + events[0].length - events[1].at
    )


def test_a_retimed_shot_leads_at_its_first_speed_and_lags_at_its_last() -> None:
    ramp = own("b", speed="0s:2, 0.5s:0.5:hold", lead="6f", lag="4f", pitch="keep")
    first, middle, last = heard(own("a"), ramp, own("c"))
    assert frames([first, middle, last]) == [(0, 18, 24), (18, 52, 12), (52, 72, 28)]
    assert middle.map is not None
    # Where its picture starts, its sound is where its picture is.
    assert middle.map(6 * FRAME) == 24 * FRAME
    assert middle.map(12 * FRAME) - middle.map(6 * FRAME) == 2 * 6 * FRAME
    assert middle.map(34 * FRAME) - middle.map(30 * FRAME) == Fraction(1, 2) * 4 * FRAME
    assert middle.pitch == "keep"


def test_a_shot_without_sound_is_led_into_all_the_same() -> None:
    silent = replace(TAKES["a"], sound=None)
    assert frames(heard(own("a"), own("b", lead="6f"), a=silent)) == [(18, 48, 18)]


def test_a_shot_that_is_muted_has_no_lead() -> None:
    muted = replace(own("b", lead="6f"), sound=ClipSound(lead="6f", mute=True))
    assert frames(heard(own("a"), muted)) == [(0, 24, 24)]


def test_the_sound_is_declared_where_it_is_heard() -> None:
    asked = own("b", lead="6f", lag="250ms")
    (_, shot, _) = plan_shots(job(own("a"), asked, own("c")), TAKES)
    assert heard_span(asked, shot, FILM_CLOCK) == Span(18, 54)


@pytest.mark.parametrize(
    ("shots", "fault"),
    [
        ([own("a", lead="6f"), own("b")], "the first shot's sound has a lead, but no shot comes before it"),
        ([own("a"), own("b", lag="6f")], "the last shot's sound has a lag, but no shot comes after it"),
        (
            [own("a"), own("b", start="4f", lead="6f")],
            r"the take has no sound for this lead; expected sound between 0.000 s and 4.000 s of take 'b',"
            r" got 0.250 s .6 frames., which reads to -0.083 s; start the shot later",
        ),
        (
            [own("a", start="70f", lag="6f"), own("b")],
            "no sound for this lag; .*reads to 4.167 s; end the shot earlier",
        ),
        ([own("a"), own("b", lead="25f")], "longer than the shot beside it; expected at most 1.000 s"),
        (
            [own("a", lag="9f"), own("b", transition=16)],
            "longer than the shot beside it; .*0.333 s .8 frames.",
        ),
        ([own("a"), own("b", lag="14f"), own("c", lag="20f", lead="12f"), own("a")], None),
        (
            [own("a", lag="20f"), own("b"), own("c", transition=12)],
            "the lag of the sound reaches the shot after 'b'; expected it to end before 'c' begins",
        ),
        (
            [own("a", lag="20f"), own("b", lead="4f"), own("c", lead="10f")],
            "the lag of the sound reaches the shot after 'b'",
        ),
        ([own("a"), own("b", lead="24f")], "leaves nothing of the sound of 'a'"),
        ([own("a", lag="12f"), own("b"), own("c", transition=12)], None),
        ([own("a", freeze="12f", length="24f", lag="6f"), own("b")], "the picture stands still"),
    ],
)
def test_what_cannot_be_is_refused(shots: list[Cut], fault: str | None) -> None:
    if fault is None:
        assert len(heard(*shots)) == len(shots)
        return
    with pytest.raises(Problems, match=f"^spot.yaml:9: .*{fault}"):
        heard(*shots)


def test_a_take_without_sound_cannot_lead() -> None:
    with pytest.raises(Problems, match="its sound has a lead, but the take has no sound"):
        heard(own("a"), own("b", lead="6f"), b=replace(TAKES["b"], sound=None))
