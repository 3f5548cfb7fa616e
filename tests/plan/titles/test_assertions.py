"""What a job asserts of its titles is checked on the plan, and a fault names the frame."""

from __future__ import annotations

import pytest

from post.errors import AnswerprintError, JobError, Problems
from post.job.asserted import Asserted
from post.job.model import Timed
from post.picture.label import Label
from post.picture.motion.moves import Move, TypeMotion, motion_text
from post.picture.supers.card import Card
from post.picture.supers.countdown import Countdown
from post.picture.title import Title
from post.plan.layers import draw_layer, refuse_covered_labels
from post.plan.titles.assertions import check_assertions
from post.values import BT709, Format
from tests.plan.made import FILM_CLOCK

FILM = Format(640, 360, FILM_CLOCK, 48, 8, "420", BT709)
IN = Move(length="6f", dy="1em", opacity=0, ease="linear")


def timed(motion: TypeMotion | None, asserted: Asserted | None = None, **more: str) -> Timed:
    at, length, own = more.get("at", "0f"), more.get("length", "24f"), more.get("id", "")
    title = Title(
        text=more.get("text", "Winter"), place=more.get("place", "lower-third"), fade_in="0f", fade_out="0f",
        motion=motion_text(motion) if motion else "",
    )  # fmt: skip
    return Timed(title, at, length, "spot.yaml:4", own, asserted=asserted)


def faults(*layers: Timed) -> list[AnswerprintError]:
    try:
        check_assertions([draw_layer(layer, FILM) for layer in layers], FILM)
    except Problems as many:
        return list(many.faults)
    return []


def test_a_title_is_seen_in_full_when_its_way_in_is_over() -> None:
    motion = TypeMotion(into=IN, out=Move(length="4f", opacity=0))
    assert not faults(timed(motion, Asserted(enters_before="6f", stays_until="20f")))
    late, short = faults(timed(motion, Asserted(enters_before="5f", stays_until="21f")))
    assert (late.what, late.got) == (
        'assert.enters_before: title "Winter" is not seen in full in time',
        "frame 6 (0.25 s)",
    )
    assert (short.what, short.got) == (
        'assert.stays_until: title "Winter" is not seen in full for long enough',
        "frame 19 is the last (0.79 s)",
    )
    assert late.where == "spot.yaml:4 (640x360)"


def test_a_title_without_motion_enters_with_its_fade() -> None:
    assert not faults(timed(None, Asserted(enters_before="0f", stays_until="24f")))
    assert len(faults(timed(None, Asserted(stays_until="25f")))) == 1


def test_a_title_that_comes_from_outside_leaves_the_frame_and_the_safe_area() -> None:
    far, near = TypeMotion(into=Move(length="6f", dx="-30%")), TypeMotion(into=Move(length="6f", dx="-1%"))
    assert [fault.what for fault in faults(timed(far, Asserted(inside="frame")))] == [
        'assert.inside: title "Winter" leaves the frame'
    ]
    assert not faults(timed(near, Asserted(inside="frame")))
    (fault,) = faults(timed(near, Asserted(inside="safe-area")))
    assert "frame 0 (0.00 s)" in str(fault.got)
    clipped = TypeMotion(into=Move(length="6f", dx="-30%", clip=True))
    assert not faults(timed(clipped, Asserted(inside="safe-area")))


def test_titles_come_in_the_order_that_is_asserted() -> None:
    motion = TypeMotion(into=IN)
    first = timed(motion, id="first")
    assert not faults(first, timed(motion, Asserted(after="first"), at="7f", place="top"))
    (fault,) = faults(first, timed(motion, Asserted(after="first"), at="5f", place="top"))
    assert fault.what == 'assert.after: title "Winter" does not come after title "Winter"'
    (fault,) = faults(first, timed(motion, Asserted(after="second"), at="9f", place="top"))
    assert fault.expected == "one of: first"


def test_a_label_is_not_covered_on_the_way() -> None:
    """At rest the title is far from the label; on its way in it passes over it."""
    motion = TypeMotion(into=Move(length="12f", dy="-100%"))
    label = Timed(Label(), "0f", "", "spot.yaml:9")
    still = [draw_layer(each, FILM) for each in (timed(None, place="bottom-right"), label)]
    refuse_covered_labels(still, FILM)
    moving = [draw_layer(each, FILM) for each in (timed(motion, place="bottom-right"), label)]
    assert moving[0].box.top < still[0].box.top
    with pytest.raises(Problems, match="would be covered"):
        refuse_covered_labels(moving[::-1], FILM)


def test_a_card_is_where_its_type_is() -> None:
    """Its ground covers the frame; what must be seen of it does not leave the safe area."""
    card = Timed(Card(text="Buy"), "0f", "24f", "spot.yaml:4", asserted=Asserted(inside="safe-area"))
    assert not faults(card)


def test_a_countdown_is_where_all_its_numbers_are() -> None:
    counting = Countdown(start=1, zero="A happy new year", size=16.0, place="top-left")
    layer = draw_layer(Timed(counting, "0f", "48f", "spot.yaml:4"), FILM)
    first = draw_layer(Timed(counting, "0f", "24f", "spot.yaml:4"), FILM)
    assert layer.box.right > first.box.right + 200
    label = draw_layer(Timed(Label(place="top", text="AI"), "0f", "", "spot.yaml:9"), FILM)
    refuse_covered_labels([label, first], FILM)
    with pytest.raises(Problems, match="would be covered"):
        refuse_covered_labels([label, layer], FILM)


def test_a_number_that_does_not_fit_is_told_before_it_is_drawn() -> None:
    counting = Countdown(
        start=1, zero="A happy new year to all of you, and to all others", size=16.0, lines=1
    )
    draw_layer(Timed(counting, "0f", "24f", "spot.yaml:4"), FILM)
    with pytest.raises(JobError, match="more lines than are allowed") as caught:
        draw_layer(Timed(counting, "0f", "48f", "spot.yaml:4"), FILM)
    assert "spot.yaml:4 (640x360)" in str(caught.value)


def test_a_countdown_is_seen_in_full_after_its_fade() -> None:
    counting = Countdown(start=3, fade_in="6f", fade_out="0f", opacity=0.5)
    asserted = Asserted(enters_before="6f", stays_until="48f", inside="safe-area")
    assert not faults(Timed(counting, "0f", "48f", "spot.yaml:4", asserted=asserted))
    early = Asserted(enters_before="3f")
    assert len(faults(Timed(counting, "0f", "48f", "spot.yaml:4", asserted=early))) == 1
