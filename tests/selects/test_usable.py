"""The parts of a take that a shot can use."""

from __future__ import annotations

from fractions import Fraction

from post.measure.defects import Defects
from post.selects.usable import Defect, defects_in, usable_spans
from post.values.time import Span

RATE = Fraction(24)


def test_cuts_and_broken_runs_part_a_take_and_what_is_shorter_than_half_a_second_is_none() -> None:
    defects = (Defect("frozen", Span(30, 54)), Defect("black", Span(50, 60)), Defect("flash", Span(108, 111)))
    found = usable_spans(120, RATE, (20, 80), defects)
    # 0..20, 20..30 is too short, 60..80, 80..108, 111..120 is too short
    assert found == (Span(0, 20), Span(60, 80), Span(80, 108))


def test_twelve_frames_at_24_a_second_are_half_a_second() -> None:
    assert usable_spans(24, RATE, (12,), ()) == (Span(0, 12), Span(12, 24))
    assert usable_spans(24, RATE, (11,), ()) == (Span(11, 24),)


def test_a_take_that_is_black_from_end_to_end_has_no_usable_part() -> None:
    assert usable_spans(24, RATE, (), (Defect("black", Span(0, 24)),)) == ()


def test_defects_are_told_in_order_and_a_flash_ends_with_the_take() -> None:
    found = Defects(still=((30, 54),), black=((0, 10),), flashes=(118,), contrast=0.1)
    kinds = [(each.kind, each.span.first, each.span.stop) for each in defects_in(found, 120)]
    assert kinds == [("black", 0, 10), ("faint", 0, 120), ("frozen", 30, 54), ("flash", 118, 120)]
    assert "faint" not in [each.kind for each in defects_in(found, 120, codes=True)]
    assert usable_spans(24, RATE, (), (Defect("faint", Span(0, 24)),)) == (Span(0, 24),)
