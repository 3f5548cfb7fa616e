"""Takes ranked by what was measured, with the reason in words."""

from __future__ import annotations

from dataclasses import replace

from post.selects.rank import rank_takes
from post.selects.usable import Defect
from post.values.time import Span
from tests.selects.made import measured


def test_the_longest_usable_range_without_defects_comes_first() -> None:
    frozen = measured("frozen", defects=[Defect("frozen", Span(40, 70))])
    cut, whole = measured("cut", cuts=[60]), measured("whole")
    found = rank_takes([frozen, cut, whole])
    assert [(each.measured.ref.name, each.rank) for each in found] == [
        ("whole", 1),
        ("cut", 2),
        ("frozen", 3),
    ]
    assert [each.why for each in found] == [
        "longest usable range (4.0 s), no defects",
        "shorter usable range (2.5 s), 1 cut inside",
        "shorter usable range (1.7 s), frozen",
    ]


def test_of_equal_ranges_the_sharper_one_comes_first_and_equals_keep_their_order() -> None:
    soft, first, second = measured("soft", edge_pct=0.16), measured("first"), measured("second")
    found = rank_takes([soft, first, second])
    assert [each.measured.ref.name for each in found] == ["first", "second", "soft"]
    assert [each.why for each in found] == [
        "measures like the next, no defects", "measures like first, no defects",
        "softer edges (0.16 % of height), no defects",
    ]  # fmt: skip


def test_a_take_that_was_tampered_with_or_is_faint_comes_last_and_is_there() -> None:
    bad = measured("bad")
    bad = replace(bad, take=replace(bad.take, credential="tampered"))
    faint = measured("faint", defects=[Defect("faint", Span(0, 96))])
    short = measured("short", frames=30)
    found = rank_takes([bad, faint, short])
    assert [each.measured.ref.name for each in found] == ["short", "faint", "bad"]
    assert found[2].why == "its credentials are tampered, no defects"
    assert found[1].why == "shows next to nothing: faint"


def test_a_take_alone_says_so() -> None:
    (only,) = rank_takes([measured(frames=8)])
    assert only.why == "the only take, no defects"
