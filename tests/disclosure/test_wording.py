"""As few labels as meet all that is asked, and those of the job where they do."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest

from post.disclosure.demands import Asked, LabelDemand
from post.disclosure.wording import choose_wordings, language_of

EU = LabelDemand(("AI GENERATED", "AI MODIFIED", "AI"), ("eu/R",), firm=True)
CALIFORNIA = LabelDemand(("AI-generated", "AI GENERATED"), ("california/R",), firm=False)
CHINA = LabelDemand(("人工智能生成", "AI生成"), ("cn/R",), firm=True)


def said(
    demands: Sequence[LabelDemand], present: Sequence[str] = (), open_: Sequence[int] = ()
) -> list[tuple[str, int | None]]:
    return [(each.text, each.at) for each in choose_wordings(demands, present, open_)]


def test_one_label_serves_all_policies_that_accept_its_text() -> None:
    (label,) = choose_wordings([CALIFORNIA, EU], (), ())
    assert label.text == "AI GENERATED"
    assert set(label.demand.rules) == {"eu/R", "california/R"}
    assert label.demand.firm


def test_a_label_of_the_job_that_will_do_is_kept() -> None:
    assert said([EU], ["ai  modified"]) == [("ai  modified", 0)]
    assert said([EU, CHINA], ["AI GENERATED", "AI生成"]) == [("AI GENERATED", 0), ("AI生成", 1)]


def test_a_text_that_no_policy_asks_gives_way_where_the_job_does_not_write_it() -> None:
    assert said([CHINA], ["AI GENERATED"], [0]) == [("人工智能生成", 0)]
    assert said([CHINA], ["AI GENERATED"]) == [("人工智能生成", None)]
    # The one that serves a policy stays, and another is added.
    assert said([EU, CHINA], ["AI GENERATED"], [0]) == [("AI GENERATED", 0), ("人工智能生成", None)]


def test_numbers_alone_are_asked_of_every_label_and_ask_for_none() -> None:
    contrast = Asked(Fraction(7), ("wcag/R",), firm=True)
    wcag = LabelDemand((), ("wcag/R",), firm=True, numbers={("contrast", True): contrast})
    assert said([wcag]) == []
    assert said([wcag], ["OURS", "AI GENERATED"]) == [("OURS", 0), ("AI GENERATED", 1)]
    labels = choose_wordings([EU, wcag], ["OURS"], ())
    assert [(each.text, each.at) for each in labels] == [("AI GENERATED", None), ("OURS", 0)]
    assert all(each.demand.number("contrast") == contrast for each in labels)
    assert labels[0].demand.rules == ("eu/R",)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("AI GENERATED", ""),
        ("人工智能生成", "zh-Hans"),
        ("AI生成", "zh-Hans"),
        ("AI 생성", "ko"),
        ("AIが生成", "ja"),
        ("TẠO BỞI AI", ""),
    ],
)
def test_a_text_has_the_letter_forms_of_its_language(text: str, language: str) -> None:
    assert language_of(text) == language
