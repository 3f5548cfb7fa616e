"""Black, still and flashing frames and cuts count where the judged frames have them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from post.brief.checks.defects import judge_black, judge_flashes, judge_frozen, judge_one_shot
from post.job.brief.motion_checks import OneShotCheck
from post.job.brief.picture_checks import BlackCheck, FlashesCheck, FrozenCheck
from post.measure.cuts import Cuts
from post.measure.defects import Defects
from post.values.time import Span
from tests.brief.made import footage

BAD = Defects(still=((24, 72),), black=((0, 12),), flashes=(90,), contrast=0.5)


def test_defects_are_told_with_their_times() -> None:
    shown = footage(96, defects=BAD)
    black = judge_black(BlackCheck(), shown)
    assert (black.verdict, black.at, black.frame) == ("fail", ((Fraction(0), Fraction(1, 2)),), 0)
    assert judge_black(BlackCheck(seconds=0.5), shown).verdict == "pass"
    frozen = judge_frozen(FrozenCheck(), shown)
    assert (frozen.verdict, frozen.found, frozen.frame) == ("fail", "still for 2.00 s", 24)
    assert judge_flashes(FlashesCheck(), shown).verdict == "fail"
    assert judge_flashes(FlashesCheck(most=1), shown).verdict == "pass"


def test_defects_outside_what_is_shown_do_not_count() -> None:
    shown = footage(96, defects=BAD, span=Span(12, 40))
    assert judge_black(BlackCheck(), shown).verdict == "pass"
    assert judge_frozen(FrozenCheck(), shown).verdict == "pass"
    assert judge_flashes(FlashesCheck(), shown).verdict == "pass"


@pytest.mark.parametrize(("span", "verdict"), [((0, 48), "pass"), ((0, 49), "fail"), ((48, 96), "pass")])
def test_a_cut_inside_is_found(span: tuple[int, int], verdict: str) -> None:
    assert judge_one_shot(OneShotCheck(), footage(96, cuts=Cuts((48,)), span=Span(*span))).verdict == verdict


def test_a_still_does_not_freeze() -> None:
    from dataclasses import replace

    shown = footage(96, defects=BAD)
    still = replace(shown, picture=replace(shown.picture, kind="still"))
    assert judge_frozen(FrozenCheck(), still).verdict == "not_applicable"
    assert judge_black(BlackCheck(), footage()).verdict == "cannot_check"
