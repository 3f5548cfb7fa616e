"""The label's place: found where nothing else is, over the whole time it shows, or refused with what is in the way."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.errors import Problems
from post.job.model import Timed
from post.picture.label import AUTO, ORDER, Label
from post.picture.title import Title
from post.picture.type.place import Bounds
from post.plan import compile_plan
from post.plan.label.place import place_labels
from post.plan.layers import draw_layer, layer_for
from post.values import Plan, Toolchain
from tests.plan.label.made import film, timed
from tests.plan.made import FILM_CLOCK, cut, deliver, job, take

SHAPES = ((1280, 720), (720, 1280), (720, 720), (720, 900))
CORNERS = ("top-right", "top-left", "bottom-right", "bottom-left")


def place_of(*layers: Timed, shape: tuple[int, int] = (1280, 720)) -> str:
    settled = place_labels([draw_layer(each, film(*shape)) for each in layers], film(*shape))
    return str(settled[-1].placement.call.knob("place"))


def test_the_label_is_top_right_where_nothing_is_in_the_way() -> None:
    assert place_of(timed(Label())) == "top-right"
    assert place_of(timed(Title(text="Winter")), timed(Label())) == "top-right"


@pytest.mark.parametrize("shape", SHAPES)
def test_titles_in_corners_send_the_label_to_the_next_free_place(shape: tuple[int, int]) -> None:
    taken: list[Timed] = []
    for corner, expected in zip(CORNERS, ORDER[1:], strict=False):
        taken.append(timed(Title(text="Ice", place=corner)))
        assert place_of(*taken, timed(Label(height=3)), shape=shape) == expected


def test_a_title_at_another_time_is_not_in_the_way() -> None:
    early = timed(Title(text="Winter", place="top-right"), "0s", "1s")
    assert place_of(early, timed(Label(), "1s")) == "top-right"
    assert place_of(early, timed(Label(), "23f")) == "top-left"


def test_a_place_that_is_asked_for_is_kept() -> None:
    title = timed(Title(text="Winter", place="top-right"))
    assert place_of(title, timed(Label(place="top-right"))) == "top-right"


def test_an_error_names_what_is_at_each_place() -> None:
    edges = ("top", "bottom", "left", "right")
    titles = [Title(text=f"at {place}", place=place) for place in (*CORNERS, *edges)]
    with pytest.raises(Problems) as caught:
        place_of(*(timed(each) for each in titles), timed(Label()))
    (fault,) = caught.value.faults
    assert (fault.what, fault.where) == ("no place is free for the AI label", "spot.yaml:7 (1280x720)")
    said = {each.rpartition(" at ")[0]: each.rpartition(" at ")[2] for each in str(fault.got).split("; ")}
    assert said['title "at top-right"'] == "top-right"
    assert sorted(place for places in said.values() for place in places.split(", ")) == sorted(ORDER)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_second_label_stands_under_the_first(shape: tuple[int, int]) -> None:
    labels = [timed(Label(text=text), "0s") for text in ("AI GENERATED", "AD WITH SYNTHETIC PERFORMER")]
    labels[1] = replace(labels[1], layer=replace(Label.require(labels[1].layer), height=3, lines=2))
    one, two = place_labels([draw_layer(each, film(*shape)) for each in labels], film(*shape))
    assert [each.placement.call.knob("place") for each in (one, two)] == ["top-right", "top-right"]
    assert one.box.right == two.box.right
    assert 0 < two.box.top - one.box.bottom < 0.03 * min(shape)


def test_labels_stand_under_one_another_until_half_of_the_frame_is_taken() -> None:
    labels = [timed(Label(text=text, height=10)) for text in ("AI", "KI", "IA", "AII")]
    settled = place_labels([draw_layer(each, film()) for each in labels], film())
    places = [each.placement.call.knob("place") for each in settled]
    assert places[:2] == ["top-right"] * 2
    assert places[-1] == "top-left"
    assert all(apart(a.box, b.box) for a, b in combinations(settled, 2))


def test_plan_says_where_each_film_has_its_label_and_why() -> None:
    titles = (timed(Title(text="Winter", place="top-right")),)
    asked = job(cut("dog"), titles=titles, marks=(timed(Label()),), deliver=(deliver("wide"),))
    made: Plan = compile_plan(asked, {"dog": take()}, (), Toolchain((("av", "18"),)))
    assert ("label.place (wide)", "top-left") in [row[:2] for row in made.origins]


@pytest.mark.parametrize("clear", [(12.5, 15, 34.4, 6), (15, 17.8, 35, 4.5)])
def test_the_label_stays_clear_of_what_a_platform_covers(clear: tuple[float, ...]) -> None:
    tall = film(720, 1280)
    for place in ORDER:
        box = draw_layer(layer_for(timed(Label(place=place)), clear), tall).box
        assert box.left >= clear[3] / 100 * 720
        assert box.top >= clear[0] / 100 * 1280
        assert box.right <= 720 - clear[1] / 100 * 720
        assert box.bottom <= 1280 - clear[2] / 100 * 1280


def apart(a: Bounds, b: Bounds) -> bool:
    return a.right <= b.left or b.right <= a.left or a.bottom <= b.top or b.bottom <= a.top


@given(
    st.sampled_from(SHAPES),
    st.lists(
        st.tuples(
            st.sampled_from(CORNERS), st.text("Ice of win", min_size=1, max_size=9), st.integers(0, 24)
        ),
        max_size=5,
    ),
    st.floats(0, 2),
)
@settings(max_examples=25, deadline=None)
def test_a_label_that_is_placed_overlaps_nothing_that_shows_with_it(
    shape: tuple[int, int], words: list[tuple[str, str, int]], drift: float
) -> None:
    titles = [
        timed(Title(text=text, place=place), f"{first}f", "20f")
        for place, text, first in words
        if text.strip()
    ]
    layers = [draw_layer(each, film(*shape)) for each in [*titles, timed(Label(drift=drift), "3f")]]
    try:
        *others, label = place_labels(layers, film(*shape))
    except Problems as fault:
        said = [each.what for each in fault.faults]
    else:
        said = []
    if said:
        assert said == ["no place is free for the AI label"]
        return
    assert label.placement.call.knob("place") != AUTO
    for each in others:
        assert apart(each.box, label.box) or not each.placement.span.meets(label.placement.span)


def test_a_drifting_label_stays_in_the_box_that_is_planned_for_it() -> None:
    label = Label(drift=1.5, drift_time="2s", place="top-right")
    canvas = film()
    box, area = draw_layer(timed(label), canvas).box, label.safe.area(canvas, "label")
    seen = []
    for frame in range(0, 48, 3):
        moment = label.pose(frame, 48, FILM_CLOCK).moment
        assert moment is not None
        made = label.draw_moment(canvas, moment)
        down, across = made.rgba[..., 3].nonzero()
        left, right = made.left + int(across.min()), made.left + int(across.max()) + 1
        top, foot = made.top + int(down.min()), made.top + int(down.max()) + 1
        assert box.left <= left < right <= box.right
        assert box.top <= top < foot <= box.bottom
        seen.append((left, top))
    assert area.left <= box.left < box.right <= area.right
    assert area.top <= box.top < box.bottom <= area.bottom
    assert len(set(seen)) > len(seen) // 2
    assert label.pose(5, 99, FILM_CLOCK).moment == label.pose(53, 99, FILM_CLOCK).moment
    assert max(abs(a[0] - b[0]) for a, b in combinations(seen, 2)) >= 2 * 0.015 * 720 - 2
    assert replace(label, drift=0.0).pose(5, 99, FILM_CLOCK).moment is None
