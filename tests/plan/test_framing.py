"""What a crop keeps: chosen for each shot and each deliverable, and judged before anything is rendered."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from post.measure.subjects import Subject, Subjects
from post.picture.reframe import Reframe
from post.plan import compile_plan
from post.plan.camera.crop_place import choose_focus, judge_crop
from post.plan.framing import crop_warnings
from post.values import Fact, Framed, Plan, Toolchain, Window
from tests.plan.made import cut, deliver, job, subject, take

TALL, WIDE, SQUARE = deliver("tall", 90, 160), deliver("wide", 640, 360), deliver("square", 360, 360)
SHOWN = (Fraction(640), 360)


def seen(*subjects: Subject, views: int = 3) -> Subjects:
    return Subjects((tuple(subjects),) * views)


def window(width: int, height: int, **reframe: Any) -> Window:
    return Reframe(**reframe).window(SHOWN, width, height)


def planned(subjects: Subjects, *shots: Any, **more: Any) -> Plan:
    fact = Fact("0" * 64, "subjects", 1, subjects)
    return compile_plan(job(*shots, **more), {"dog": take()}, (), Toolchain(), {"dog": {"subjects": fact}})


@pytest.mark.parametrize("centre", [0.3, 0.42, 0.7])
def test_auto_is_the_place_of_what_stands_out(centre: float) -> None:
    focus = choose_focus(seen(subject(centre - 0.1, centre + 0.1)), window(90, 160))
    # The crop is 0.316 of the width: it may lie where it keeps the subject and its margins, nearest to the centre.
    start = focus[0] - 0.316 / 2
    assert start <= centre - 0.1 - 0.03
    assert start + 0.316 >= centre + 0.1 + 0.03
    assert focus[1] == 0.5


def test_what_lies_in_the_centre_stays_there_and_so_does_nothing() -> None:
    assert choose_focus(seen(subject(0.45, 0.55)), window(90, 160)) == (0.5, 0.5)
    assert choose_focus(Subjects(((), (), ())), window(90, 160)) == (0.5, 0.5)


def test_a_crop_from_above_keeps_the_top() -> None:
    tall = Reframe().window((Fraction(360), 640), 640, 360)
    x, y = choose_focus(seen(subject(0.3, 0.7, 0.1, 0.38)), tall)
    assert x == 0.5
    assert y - float(tall.height) / 2 <= 0.1
    assert y + float(tall.height) / 2 >= 0.38


@pytest.mark.parametrize(
    ("box", "lost"),
    [
        ((0.4, 0.6), (0.0, "")),
        ((0.29, 0.65), (0.14, "on the left")),  # 0.052 of 0.36 lies left of 0.342
        ((0.05, 0.25), (1.0, "on the left")),
        ((0.5, 0.9), (0.6, "on the right")),
    ],
)
def test_a_crop_is_judged_by_what_lies_beside_it(box: tuple[float, float], lost: tuple[float, str]) -> None:
    share, side = judge_crop(seen(subject(*box)), window(90, 160))
    assert share == pytest.approx(lost[0], abs=0.011)
    assert side == lost[1]


def test_a_head_that_is_cut_off_is_told_and_feet_are_not() -> None:
    tall = Reframe().window((Fraction(360), 640), 360, 360)  # from 0.219 to 0.781 of the height
    assert judge_crop(seen(subject(0.3, 0.7, 0.14, 0.7)), tall) == (0.14, "at the top")
    assert judge_crop(seen(subject(0.3, 0.7, 0.25, 1.0)), tall) == (0.0, "")
    assert judge_crop(seen(subject(0.3, 0.7, 0.6, 1.0)), tall) == (0.55, "at the bottom")


def test_one_view_of_three_is_no_reason_to_warn() -> None:
    once = Subjects(((subject(0.0, 0.2),), (), ()))
    assert judge_crop(once, window(90, 160)) == (0.0, "")


def test_auto_is_one_focus_for_each_shot_and_deliverable() -> None:
    dog = seen(subject(0.6, 0.8))
    made = planned(dog, replace(cut(), focus="auto"), deliver=(TALL, WIDE, SQUARE))
    assert [(each.rendition, each.how, each.lost) for each in made.framed] == [
        ("tall", "auto", 0.0),
        ("square", "auto", 0.0),
    ]
    tall, wide, square = (each.segments[0].clips[0].window for each in made.renditions)
    assert tall.left < Fraction(6, 10) < Fraction(8, 10) < tall.left + tall.width
    assert (wide.left, wide.width) == (Fraction(0), Fraction(1))
    assert square.left < tall.left
    assert (
        "cut[0].focus (tall)",
        f"{made.framed[0].focus[0]:g} 0.5",
        "auto: keeps most of what stands out",
    ) in made.origins


def test_a_shots_focus_comes_before_the_deliverables_and_that_before_the_centre() -> None:
    dog = seen(subject(0.6, 0.8))
    own = replace(cut(), reframe=Reframe(focus_x=0.2), focus=(0.2, 0.5))

    def focus(shot: Any, target: Any) -> tuple[str, tuple[float, float]]:
        (framed,) = planned(dog, shot, deliver=(target,)).framed
        return framed.how, framed.focus

    assert focus(own, replace(TALL, focus="auto")) == ("given", (0.2, 0.5))
    assert focus(cut(), replace(TALL, focus=(0.3, 0.4))) == ("given", (0.3, 0.4))
    assert focus(cut(), replace(TALL, focus="auto"))[0] == "auto"
    assert focus(cut(), TALL) == ("centre", (0.5, 0.5))


def test_a_fitted_shot_is_not_cropped() -> None:
    assert planned(seen(subject(0.0, 0.2)), cut(fit="fit"), deliver=(TALL,)).framed == ()
    assert planned(seen(subject(0.0, 0.2)), cut(), deliver=(replace(TALL, fit="fit"),)).framed == ()


def test_a_crop_that_cuts_says_where_how_much_and_what_helps() -> None:
    (framed,) = planned(seen(subject(0.05, 0.25)), cut(), deliver=(TALL,)).framed
    (told,) = crop_warnings([framed])
    assert str(told) == (
        "spot.yaml:9: shot dog: tall crops it, and cuts what stands out in it; got 100% on the left; "
        f"try `focus: auto`, which is [{framed.better[0]:g}, 0.5] here, or `fit: fit`"
    )
    large = Framed("dog", "tall", "spot.yaml:9", "auto", (0.5, 0.5), 0.4, "on the right", (0.5, 0.5))
    (told,) = crop_warnings([large])
    assert str(told).endswith(
        "no crop of this shape keeps it whole; `fill: auto` shows all of it where that is so"
    )
    assert list(crop_warnings([replace(large, lost=0.0, side="")])) == []


def test_films_that_crop_a_shot_alike_are_told_once_with_their_names() -> None:
    large = Framed("dog", "tall", "spot.yaml:9", "auto", (0.5, 0.5), 0.4, "on the right", (0.5, 0.5))
    alike, more = replace(large, rendition="story"), replace(large, rendition="square", lost=0.1)
    first, second = crop_warnings([large, alike, more], {"story": "story.range-0-23"})
    assert first.what == "tall, story.range-0-23 crop it, and cut what stands out in it"
    assert (first.films, second.films) == (("tall", "story.range-0-23"), ("square",))
