"""Letters may be misread here and there; digits, units and currencies are exact."""

from __future__ import annotations

import pytest

from provenance.policy.claims.compare import compare_texts
from provenance.policy.claims.numbers import numbers_of

PRICE = "Save 50% today — from €19.99/month"
HAN = "限时优惠 全场5折 199元起"


@pytest.mark.parametrize(
    ("seen", "approved"),
    [
        ("Save 50 % today – from €19.99/month", PRICE),
        ("SAVE 50% TODAY - FROM € 19.99/MONTH", PRICE),
        ("Save 50% todav — from €19.99/month", PRICE),
        ("“Fresh” • since 1998", "\"Fresh\" · since 1998"),
        ("限时优惠全场5折199元起", HAN),
        ("限时优惠全场５折１９９元起", HAN),
        ("3,980円", "3,980 円"),
        ("5O %", "50 %"),
    ],
)  # fmt: skip
def test_the_same_text(seen: str, approved: str) -> None:
    assert compare_texts(seen, approved).kind == "same"


@pytest.mark.parametrize(
    ("seen", "approved", "why"),
    [
        ("Save 60 % today – from €19.99/month", PRICE, "60 %, approved is 50 %"),
        ("Save 50 % today – from €18.99/month", PRICE, "18.99 €, approved is 19.99 €"),
        ("Save 50 % today – from $19.99/month", PRICE, "19.99 $, approved is 19.99 €"),
        ("限时优惠 全场6折 199元起", HAN, "6 折, approved is 5 折"),
        ("50 mg", "50 g", "50 mg, approved is 50 g"),
        ("5 mg", "5 µg", "5 mg, approved is 5 μg"),
        ("-5 °C", "5 °C", "-5 °c, approved is 5 °c"),
        ("10² times", "102 times", "10^2, approved is 102"),
        ("USD 20", "EUR 20", "20 usd, approved is 20 eur"),
        ("24 hours", "24 days", "24 hours, approved is 24 days"),
        ("Save today", "Save 5 % today", "no number, approved is 5 %"),
    ],
)
def test_another_number(seen: str, approved: str, why: str) -> None:
    found = compare_texts(seen, approved)
    assert (found.kind, found.why) == ("number", why)


@pytest.mark.parametrize(
    ("seen", "approved"),
    [
        ("Only natural flavours, sugar added", "Only natural flavours, no sugar added"),
        ("限时收惠 全场5折 199元起", HAN),
        ("Not tested on animals", "Tested on animals"),
        ("free", "fees"),
    ],
)
def test_other_words_are_an_altered_text(seen: str, approved: str) -> None:
    assert compare_texts(seen, approved).kind in ("words", "other")


def test_a_separator_is_for_a_person_to_read() -> None:
    found = compare_texts("19,99 €", "19.99 €")
    assert (found.kind, found.why) == ("doubtful", "19,99 € beside 19.99 €")


def test_a_piece_of_a_text_is_for_a_person_to_judge() -> None:
    assert compare_texts("Tested on animals", "Not tested on animals").kind == "doubtful"


def test_another_text_is_no_altered_one() -> None:
    assert compare_texts("Winter sale", PRICE).kind == "other"


def test_numbers_are_taken_with_signs_units_and_thousands() -> None:
    text = "−5 °C, 1 000 km, 24/7, 2 for 3"
    assert list(map(str, numbers_of(text))) == ["-5 °c", "1000 km", "24/7", "2", "3"]
