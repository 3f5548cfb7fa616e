"""A rule applies by what is declared; what nobody has declared decides nothing."""

from __future__ import annotations

import pytest

from provenance.policy.document.conditions import ALWAYS, Comparing, Condition, Scalar

A, B = Comparing("a", "eq", (True,)), Comparing("b", "eq", (True,))


@pytest.mark.parametrize(
    ("condition", "facts", "holds"),
    [
        (ALWAYS, {}, True),
        (Condition("all", (A, B)), {"a": True, "b": True}, True),
        (Condition("all", (A, B)), {"a": True, "b": False}, False),
        # One that does not hold settles it, whatever is not declared.
        (Condition("all", (A, B)), {"b": False}, False),
        (Condition("all", (A, B)), {"b": True}, None),
        (Condition("any", (A, B)), {"b": True}, True),
        (Condition("any", (A, B)), {"b": False}, None),
        (Condition("any", (A, B)), {"a": False, "b": False}, False),
        (Condition("not", (A,)), {"a": True}, False),
        (Condition("not", (A,)), {"a": False}, True),
        (Condition("not", (A,)), {}, None),
        (Condition("not", (Condition("any", (A, B)),)), {"b": True}, False),
    ],
)
def test_combinations_hold_as_their_parts_do(
    condition: Condition, facts: dict[str, Scalar], holds: bool | None
) -> None:
    assert condition.ask(facts).holds is holds


@pytest.mark.parametrize(
    ("comparing", "value", "holds"),
    [
        (Comparing("f", "eq", (1,)), 1.0, True),
        (Comparing("f", "one_of", (True, "partly")), "no", False),
        (Comparing("f", "one_of", (True, 0)), False, False),
        (Comparing("f", "one_of", ("EU", "NO")), "NO", True),
        (Comparing("f", "one_of", ("EU", "NO")), "CN", False),
        (Comparing("f", "gte", (3,)), 3, True),
        (Comparing("f", "gte", (3,)), 2.9, False),
        (Comparing("f", "lte", (0.5,)), 0.5, True),
        (Comparing("f", "gte", ("2026-08-02",)), "2026-08-02", True),
        (Comparing("f", "gte", ("2026-08-02",)), "2026-08-01", False),
        (Comparing("f", "lte", ("2026-08-02",)), "2027-01-01", False),
        # What has no order is left to a person: a text that is no day, a day against a number, true against 1.
        (Comparing("f", "gte", ("2026-08-02",)), "in August", None),
        (Comparing("f", "gte", (3,)), "2026-08-02", None),
        (Comparing("f", "gte", (1,)), True, None),
        # So is a word for true or false: YAML reads `yes` as text, and a rule may not go by because of that.
        (Comparing("f", "eq", (True,)), "yes", None),
        (Comparing("f", "eq", (False,)), "no", None),
        (Comparing("f", "one_of", (True,)), "true", None),
        (Comparing("f", "eq", (1,)), True, None),
    ],
)
def test_values_are_compared_by_their_kind(comparing: Comparing, value: Scalar, holds: bool | None) -> None:
    assert comparing.ask({"f": value}).holds is holds


def test_what_is_missing_is_named() -> None:
    assert Condition("all", (A, B)).ask({"a": True}).why == "nobody has declared: b"
    assert list(Condition("any", (A, Condition("not", (B,)), A)).facts()) == ["a", "b"]


def test_a_condition_reads_as_words() -> None:
    nested = Condition("all", (A, Condition("any", (B, Comparing("c", "gte", (3,))))))
    assert str(nested) == "a is true and (b is true or c is at least 3)"
    assert str(Condition("not", (A,))) == "not (a is true)"
