"""Texts on screen are judged by approved texts: altered, unapproved, garbled and unread ones never pass."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from post.values.claim import Verdict
from post.values.sights.text import SeenText, TextSight
from provenance.policy.check import Parameters, PolicyInput
from provenance.policy.checks import run_check
from provenance.policy.document.claims import ApprovedText
from provenance.policy.document.references import FilmedTake, References
from tests.provenance.policy.fixed_look import FixedLook

WHOLE = ((Fraction(0), Fraction(10)),)
LATIN = ("Latin", "Han", "Hiragana", "Katakana")
PRICE = ApprovedText("price", "From €19.99 a month", first="2026-11-01", last="2026-12-31")
LINE = ApprovedText("line", "Made for cold winter days")
CLAIMS = (PRICE, LINE)
DAY = "2026-11-21"


def line(text: str, top: int = 100, **changed: Any) -> SeenText:
    made = SeenText(text, WHOLE, (100, top, 500, top + 40), 5.0, 0.98, 0.99, "Latin", 0.9, 24)
    return replace(made, **changed)


def sight(*seen: SeenText, **changed: Any) -> TextSight:
    return replace(TextSight(seen, (), LATIN, 20, Fraction(1, 2), Fraction(10)), **changed)


def run(kind: str, found: TextSight, parameters: Parameters | None = None, **given: Any) -> Any:
    given = {"references": References(claims=CLAIMS), "at": DAY, **given}
    asked = PolicyInput(None, None, {}, FixedLook(read=found), **given)  # type: ignore[arg-type]
    return run_check(asked, kind, parameters or {})


@pytest.mark.parametrize(
    ("seen", "verdict", "says"),
    [
        ((line("From €19.99 a month"),), "pass", "1 texts on screen"),
        ((line("From €18.99 a month"),), "fail", "price with another number: 18.99 €, approved is 19.99 €"),
        ((line("From €18.99 a month", digits=0.6),), "needs_human", "another number"),
        ((line("From €19,99 a month"),), "needs_human", "19,99 € beside 19.99 €"),
        ((line("Made for old winter wards"),), "fail", "line with other words"),
        ((line("Made for old winter wards", confidence=0.8),), "needs_human", "line with other words"),
        ((line("Made for"), line("cold winter days", 150)), "pass", "2 texts on screen"),
        ((line("Made for"), line("cold winter days", 400)), "needs_human", "only a piece of"),
        ((line("Buy now, pay later"),), "needs_human", "'Buy now, pay later' is not an approved text"),
        ((line("G"),), "pass", "1 texts"),
        ((), "pass", "0 texts"),
    ],
)
def test_approved(seen: tuple[SeenText, ...], verdict: Verdict, says: str) -> None:
    found = run("text.approved", sight(*seen))
    assert (found.verdict, says in found.found) == (verdict, True)


def test_a_rule_says_what_an_unapproved_text_comes_to() -> None:
    found = run("text.approved", sight(line("Buy now, pay later")), {"unapproved": "fail"})
    assert (found.verdict, found.box, found.at) == ("fail", (100, 100, 500, 140), WHOLE)


def test_a_text_that_the_reader_lacks_the_script_of_is_not_unapproved() -> None:
    claims = (ApprovedText("ru", "Зима близко"),)
    found = run(
        "text.approved", sight(line("3MMA", confidence=0.97)), {"unapproved": "fail"},
        references=References(claims=claims),
    )  # fmt: skip
    assert found.verdict == "needs_human"


@pytest.mark.parametrize("kind", ["text.approved", "text.numbers", "text.gibberish"])
def test_type_that_could_not_be_read_is_for_a_person(kind: str) -> None:
    assert run(kind, sight(unread=(line("", confidence=0.3),))).verdict == "needs_human"


@pytest.mark.parametrize("kind", ["text.approved", "text.numbers", "text.gibberish", "text.reads"])
def test_what_could_not_be_looked_at_never_passes(kind: str) -> None:
    found = run(kind, TextSight(fault="no reader"))
    assert (found.verdict, "no reader" in found.found) == ("cannot_check", True)


@pytest.mark.parametrize(
    ("day", "verdict"),
    [("2026-11-21", "pass"), ("2027-01-01", "fail"), ("2026-10-01", "fail"), ("", "needs_human")],
)
def test_an_approval_has_its_dates(day: str, verdict: Verdict) -> None:
    assert run("text.approved", sight(line("From €19.99 a month")), at=day).verdict == verdict


def test_without_approved_texts_a_person_is_asked() -> None:
    found = run("text.approved", sight(line("Winter")), references=References())
    assert (found.verdict, "Winter" in found.found) == ("needs_human", True)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("From €18.99 a month", "fail"), ("Buy now", "pass"), ("From €19,99 a month", "needs_human")],
)
def test_numbers(text: str, verdict: Verdict) -> None:
    assert run("text.numbers", sight(line(text))).verdict == verdict


@pytest.mark.parametrize(
    ("seen", "parameters", "verdict"),
    [
        (line("Wnter slae aovnd", words=0.5), {}, "needs_human"),
        (line("Wnter slae aovnd", words=0.5), {"verdict": "fail"}, "fail"),
        (line("Wnter slae aovnd", words=0.5, confidence=0.8), {"verdict": "fail"}, "needs_human"),
        (line("Made for cold winter days", words=0.5), {"verdict": "fail"}, "pass"),
        (line("Qwrk", words=0.1), {"verdict": "fail"}, "pass"),
    ],
)
def test_gibberish(seen: SeenText, parameters: Parameters, verdict: Verdict) -> None:
    assert run("text.gibberish", sight(seen), parameters).verdict == verdict


def test_garbled_footage_is_asked_about_once_a_take_and_added_words_are_known() -> None:
    """Letters on a guitar, seen three times, and a title in a language that the reader's triplets lack."""
    late = ((Fraction(3), Fraction(4)),)
    seen = [
        line("CRSIVEDS", words=0.1),
        line("CRSIVEDB", 150, words=0.1),
        line("Xqzwvkj", words=0.1, stretches=late),
        line("Talvimyrsky", 200, words=0.3),
    ]
    takes = (FilmedTake("guitar", Fraction(0), Fraction(3)), FilmedTake("wall", Fraction(3), Fraction(12)))
    known = References(added=("Talvimyrsky",), takes=takes)
    found = run("text.gibberish", sight(*seen), references=known)
    assert found.verdict == "needs_human"
    assert found.found.split("; ") == [
        "'CRSIVEDS' is no words of a language that is known here (in the footage of take guitar, at 2 places)",
        "'Xqzwvkj' is no words of a language that is known here (in the footage of take wall)",
    ]
    assert found.frame == seen[0].frame
    alone = run("text.gibberish", sight(seen[3]), references=known)
    assert alone.verdict == "pass"
    assert run("text.gibberish", sight(seen[3]), references=References()).verdict == "needs_human"


SYNTHETIC: Parameters = {"texts": ("This advertisement shows a synthetic performer",), "seconds": Fraction(2)}
SHORT = ((Fraction(3), Fraction(4)),)


@pytest.mark.parametrize(
    ("seen", "parameters", "verdict"),
    [
        ((line("This advertisement shows a synthetic performer"),), {}, "pass"),
        ((line("This advertisement shows"), line("a synthetic performer", 150)), {}, "pass"),
        ((line("This advertisement shows a synthetic performer", stretches=SHORT),), {}, "fail"),
        ((line("This advertisement shows a synthetic performer", stretches=SHORT),),
         {"seconds": Fraction(1)}, "pass"),
        ((line("This advertisement shows a synthetic performer", stretches=SHORT),),
         {"seconds": Fraction(1), "by_s": Fraction(1)}, "fail"),
        ((line("This advertisement shows a symbolic performer"),), {}, "needs_human"),
        ((line("Winter"),), {}, "fail"),
        ((), {"texts": ("Зима",)}, "cannot_check"),
        ((), {"texts": ()}, "cannot_check"),
    ],
)  # fmt: skip
def test_a_line_is_read_for_long_enough(
    seen: tuple[SeenText, ...], parameters: Parameters, verdict: Verdict
) -> None:
    assert run("text.reads", sight(*seen), {**SYNTHETIC, **parameters}).verdict == verdict


def test_speech_is_listed_for_a_person() -> None:
    found = run("speech.listed", sight(), references=References(speech=("Winter is here.",)))
    assert (found.verdict, found.found) == ("needs_human", "Winter is here.")
