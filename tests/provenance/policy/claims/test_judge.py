"""Lines beside an approved text: it stays approved, and a number beside it is for a person."""

from __future__ import annotations

from fractions import Fraction

import pytest

from post.values.sights.text import SeenText
from provenance.policy.claims.judge import judge_texts
from provenance.policy.document.claims import ApprovedText

CLAIM = ApprovedText("claim", "50 % less sugar")


def line(text: str, row: int) -> SeenText:
    box = (40, 20 * row, 180, 20 * row + 16)
    return SeenText(text, ((Fraction(0), Fraction(2)),), box, 4.4, 0.99, 0.99, "Latin", 1.0, 0)


@pytest.mark.parametrize(
    ("texts", "kinds"),
    [
        (("50 % less sugar", "0.534"), ["same", "doubtful"]),
        (("0.534", "50 % less sugar"), ["doubtful", "same"]),
        (("50 % less", "sugar"), ["same", "same"]),
        (("60 % less", "sugar"), ["number", "number"]),
        (("50 % less sugar", "60 % less sugar"), ["same", "number"]),
        (("50 % less sugar", "Winter"), ["same", "other"]),
    ],
)
def test_lines_that_stand_together(texts: tuple[str, ...], kinds: list[str]) -> None:
    seen = [line(text, row) for row, text in enumerate(texts)]
    assert [each.compared.kind for each in judge_texts(seen, [CLAIM])] == kinds


def test_a_line_that_is_an_altered_claim_by_itself_stays_one() -> None:
    seen = [line("50 %", 0), line("60 %", 1)]
    kinds = [each.compared.kind for each in judge_texts(seen, [ApprovedText("share", "50 %")])]
    assert kinds == ["same", "number"]
