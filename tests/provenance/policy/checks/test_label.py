"""A visible label is judged on what was seen in the picture, and never on what the manifest says of it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

import presets
from post.values.claim import Verdict
from post.values.sights.label import LabelSight, SeenLabel
from provenance.policy import load
from provenance.policy.checks.label import LabelNeed, judge_sight
from provenance.verify import examine
from tests.provenance.made import House
from tests.provenance.policy.fixed_look import FixedLook

HOUSE = Path(presets.__file__).parent / "policy" / "house-default.yaml"
NEED = LabelNeed(Fraction(3), Fraction(2), Fraction(3), ("AI Generated", "AI"))
SEEN = SeenLabel("AI GENERATED", ((Fraction(1), Fraction(4)),), (10, 20, 200, 50), 5.0, 12.0, 0.93, 24)
SIGHT = LabelSight((SEEN,), ("AI GENERATED",), (), Fraction(1, 4), 40, Fraction(10))
NOTHING = replace(SIGHT, seen=())


def seen(**changed: object) -> LabelSight:
    return replace(SIGHT, seen=(replace(SEEN, **changed),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sight", "verdict", "says"),
    [
        (SIGHT, "pass", "AI GENERATED, 5.00 % high, 3.00 s unbroken from 1.00 s, contrast 12.0:1"),
        (NOTHING, "fail", "no label is seen in the picture"),
        (seen(height_percent=2.9), "pass", "2.90 % high"),
        (seen(height_percent=2.8), "fail", "too small"),
        (seen(contrast=2.0), "fail", "too faint"),
        (seen(stretches=((Fraction(0), Fraction(1)), (Fraction(2), Fraction(3)))), "fail", "not long enough"),
        (replace(seen(stretches=((Fraction(0), Fraction(1)),)), length=Fraction(1)), "pass", "1.00 s"),
        (seen(text="HELLO", declared=True), "needs_human", "a person must say"),
        (seen(text="HELLO"), "fail", "no label is seen in the picture"),
        (seen(alone=False), "needs_human", "whether the words beside it make it no label"),
        (seen(alone=False, height_percent=1.0), "fail", "too small"),
        (replace(NOTHING, undrawn=("AI",)), "cannot_check", "no font here has the letters of AI"),
        (replace(NOTHING, undrawn=("人工智能生成",)), "fail", "no label is seen in the picture"),
        (replace(NOTHING, fault="no picture"), "cannot_check", "cannot be searched: no picture"),
    ],
)
def test_verdicts(sight: LabelSight, verdict: Verdict, says: str) -> None:
    found = judge_sight(sight, NEED)
    assert found.verdict == verdict
    assert says in found.found


@pytest.mark.parametrize(("sight", "exit_code"), [(SIGHT, 0), (NOTHING, 4)])
def test_a_film_passes_or_fails_by_its_picture(
    sight: LabelSight, exit_code: int, several: Path, house: House
) -> None:
    look = FixedLook(sight)
    report = examine(several, house.anchors, [load(HOUSE)], look=look).report
    assert report.exit_code == exit_code
    (ruling,) = [each for each in report.policies[0].rulings if each.id == "HOUSE-LABEL"]
    assert "declared" in ruling.evidence
    assert len(look.asked) == 1
    assert "AI GENERATED" in look.asked[0][0]
