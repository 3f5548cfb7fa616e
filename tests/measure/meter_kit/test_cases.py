"""Checks that the meter reads every case of the kit within the tolerance of its text, at three rates."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest

from post.measure.meter_kit import RATES_HZ, kit_cases, read_case
from post.sound.true_peak import sample_peak

CASES = list(kit_cases())


# The cases of one number together: 20 signals for some.
NUMBERS = {
    name: list(cases) for name, cases in groupby(CASES, key=lambda case: "-".join(case.name.split("-")[:2]))
}


@pytest.mark.parametrize("rate", RATES_HZ)
@pytest.mark.parametrize("name", NUMBERS)
def test_every_case_is_read_within_its_tolerance(name: str, rate: int) -> None:
    for case in NUMBERS[name]:
        read = read_case(case, case.make(rate), rate)
        missed = [each for each in case.expected if not each.holds(read[each.figure])]
        assert not missed, (case.name, read)


def test_the_kit_has_every_case_that_can_be_computed() -> None:
    wanted = {f"3341-{number:02}" for number in (*range(1, 7), *range(9, 24))}
    wanted |= {f"3342-{number}" for number in range(1, 5)}
    assert wanted | {f"1770-{name}" for name in ("FL", "FR", "FC", "SL", "SR")} == set(NUMBERS)
    assert len({case.name for case in CASES}) == len(CASES) == 5 + 1 + 2 + 80 + 9 + 4 + 5


def test_true_peak_cases_lie_between_the_samples() -> None:
    """A meter that reads samples alone misses these. 15 and 20 have their peaks on samples."""
    for case in CASES:
        if case.peaks and case.name not in ("3341-15", "3341-20"):
            [expected] = case.expected
            seen = 20 * np.log10(sample_peak(case.make(48000)))
            assert not expected.holds(seen), case.name


@pytest.mark.parametrize(
    ("read", "held"), [(-23.1, True), (-22.9, True), (-23.11, False), (-22.89, False), (None, False)]
)
def test_a_reading_outside_the_tolerance_or_missing_fails(read: float | None, held: bool) -> None:
    [integrated, *_] = CASES[0].expected
    assert integrated.holds(read) is held
