"""What the product quotes of its checks is what the bench counted: shares, and bounds that fit them."""

from __future__ import annotations

import pytest
from scipy.stats import beta

from provenance.policy.checks import CHECKS
from provenance.policy.rates import CheckRate, MeasuredShare, known_rates
from tests.bench.guard.guards import known_guards
from tests.bench.guard.score import GuardScore, Rate

SHARES = [(rate.check, share) for rate in known_rates() for share in (rate.caught, rate.asked, rate.alarms)]


def test_every_check_that_is_measured_is_told_and_exists() -> None:
    assert [each.check for each in known_rates()] == [each.check for each in known_guards()]
    assert {each.check for each in known_rates()} <= set(CHECKS)


@pytest.mark.parametrize(("check", "share"), SHARES)
def test_bounds_are_those_of_clopper_and_pearson(check: str, share: MeasuredShare) -> None:
    hits, cases = share.hits, share.cases
    assert 0 <= hits <= cases, check
    low = beta.ppf(0.025, hits, cases - hits + 1) if hits else 0
    high = beta.ppf(0.975, hits + 1, cases - hits) if hits < cases else 1
    assert share.low == pytest.approx(low, abs=1e-4)
    assert share.high == pytest.approx(high, abs=1e-4)


@pytest.mark.parametrize("rate", known_rates())
def test_a_check_with_few_cases_says_that_it_does_not_know(rate: CheckRate) -> None:
    def plain(share: MeasuredShare) -> Rate:
        return Rate(share.hits, share.cases)

    none = Rate(0, 0)
    score = GuardScore(rate.check, plain(rate.caught), none, plain(rate.asked), plain(rate.alarms), none, 0)
    assert rate.word == score.word
    if rate.alarms.cases < 150:  # nothing in so many is 2.4 % at most
        assert rate.word != "met"


def test_a_share_is_told_with_its_bounds() -> None:
    assert str(MeasuredShare(3, 4, 0.194, 0.9937)) == "3 of 4 (19.4% to 99.4%)"
    assert str(MeasuredShare(0, 0, 0, 1)) == "no cases"
