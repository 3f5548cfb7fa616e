"""What one box shows at once is one caption."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from post.captions.model import CaptionBox
from post.plan.captions.together import shown_together
from tests.plan.captions.made import said

ZERO, ONE = Fraction(0), Fraction(1)
BOX, OTHER = CaptionBox(ZERO, ZERO, ONE, ONE), CaptionBox(ZERO, ZERO, ONE, ONE, "top")


def joined(*each: Any) -> list[tuple[float, float, str]]:
    return [(float(one.start), float(one.stop), one.text) for one in shown_together(each)]


def test_paragraphs_of_one_box_stand_under_each_other_while_both_are_seen() -> None:
    found = joined(said("0", "2", "a", box=BOX), said("1", "3", "b", box=BOX))
    assert found == [(0, 1, "a"), (1, 2, "a\nb"), (2, 3, "b")]


def test_captions_that_follow_each_other_stay_as_they_are() -> None:
    each = (said("0", "1", "a", box=BOX), said("1", "2", "b", box=BOX), said("4", "5", "a", box=BOX))
    assert shown_together(each) == list(each)


def test_other_boxes_and_no_box_are_left_alone() -> None:
    each = (said("0", "2", "a", box=BOX), said("1", "3", "b", box=OTHER), said("1", "3", "c"))
    assert shown_together(each) == list(each)


def test_what_has_no_text_lies_behind() -> None:
    ground = said("1", "3", box=BOX)
    ground = type(ground)(ground.start, ground.stop, (), ground.where, box=BOX)
    assert [bool(one.runs) for one in shown_together((said("0", "2", box=BOX), ground))] == [False, True]
