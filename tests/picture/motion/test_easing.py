"""Compares easings with CSS Easing Functions Level 2: its examples, and its equations in floats."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.picture.motion.easing import NAMED, eased, is_easing


def at(easing: str, *inputs: float) -> list[float]:
    return [eased(easing, Fraction(u).limit_denominator(10_000)) for u in inputs]


def bezier(u: float, x1: float, y1: float, x2: float, y2: float) -> float:
    def cubic(t: float, a: float, b: float) -> float:
        return 3 * (1 - t) ** 2 * t * a + 3 * (1 - t) * t**2 * b + t**3

    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if cubic(middle, x1, x2) < u else (low, middle)
    return cubic(low, y1, y2)


SHARE = st.integers(0, 100).map(lambda n: n / 100)


@given(x1=SHARE, x2=SHARE, y1=st.integers(-200, 300), y2=st.integers(-200, 300), u=st.integers(1, 99))
@settings(max_examples=60)
def test_a_bezier_is_the_curve_of_the_equations(x1: float, x2: float, y1: int, y2: int, u: int) -> None:
    easing = f"cubic-bezier({x1:g}, {y1 / 100:g}, {x2:g}, {y2 / 100:g})"
    want = bezier(u / 100, x1, y1 / 100, x2, y2 / 100)
    # Where time stands still along the curve, a place on it is known to 2^-16 of its length.
    assert at(easing, u / 100)[0] == pytest.approx(want, abs=2e-4)


def test_curves_go_past_their_ends_and_come_back() -> None:
    assert at("out-back", 0, 1) == [0, 1]
    assert max(at("out-back", *(n / 20 for n in range(21)))) == pytest.approx(1.1, abs=0.02)
    assert min(at("in-back", *(n / 20 for n in range(21)))) == pytest.approx(-0.1, abs=0.02)


# CSS Easing Functions, 2.3: the figures of steps().
@pytest.mark.parametrize(
    ("easing", "shares"),
    [
        ("steps(1, jump-start)", [1, 1, 1, 1]),
        ("steps(1, jump-end)", [0, 0, 0, 1]),
        ("steps(3, jump-start)", [1 / 3, 1 / 3, 2 / 3, 1]),
        ("steps(3)", [0, 0, 1 / 3, 1]),
        ("steps(3, end)", [0, 0, 1 / 3, 1]),
        ("steps(3, jump-none)", [0, 0, 1 / 2, 1]),
        ("steps(3, jump-both)", [1 / 4, 1 / 4, 2 / 4, 1]),
        ("step-start", [1, 1, 1, 1]),
    ],
)
def test_steps_jump_where_the_standard_says(easing: str, shares: list[float]) -> None:
    assert at(easing, 0, 0.3, 0.5, 1) == pytest.approx(shares)


# CSS Easing Functions, 2.2: its examples of linear().
@pytest.mark.parametrize(
    ("easing", "pairs"),
    [
        ("linear(0, 1)", {0: 0, 0.3: 0.3, 1: 1}),
        ("linear(0, 0.25, 1)", {0.25: 0.125, 0.5: 0.25, 0.75: 0.625}),
        ("linear(0, 0.25 75%, 1)", {0.75: 0.25, 0.5: 1 / 6}),
        ("linear(0, 0.25 25% 75%, 1)", {0.25: 0.25, 0.5: 0.25, 0.75: 0.25, 0.875: 0.625}),
        ("linear(0, 1 50%, 0.5 50%, 1)", {0.25: 0.5, 0.5: 0.5, 0.75: 0.75}),
        ("linear(0 60%, 1 20%)", {0: 0, 0.5: 0, 0.9: 1}),
    ],
)
def test_lines_run_between_their_stops(easing: str, pairs: dict[float, float]) -> None:
    assert at(easing, *pairs) == pytest.approx(list(pairs.values()))


@pytest.mark.parametrize("easing", [*NAMED, "linear", "smooth"])
def test_every_name_starts_at_0_and_ends_at_1(easing: str) -> None:
    start = 1 if easing == "step-start" else 0
    assert at(easing, 0, 1) == pytest.approx([start, 1])
    assert at(easing, -3, 4) == at(easing, 0, 1)


@pytest.mark.parametrize(
    "text",
    ["", "bouncy", "cubic-bezier(1, 2)", "cubic-bezier(0, 0, 2, 1)", "cubic-bezier(0, 99, 1, 1)", "steps(0)",
     "steps(1, jump-none)", "steps(2, middle)", "steps(-1)", "steps(2, end, end)", "linear()", "linear(0)",
     "linear(0, 1 5)", "linear(0, x)", "linear(0, 1 1% 2% 3%)", "linear(0, 1) ease", "linear(0, 1 9e9%)"],
)  # fmt: skip
def test_what_is_no_easing_is_told(text: str) -> None:
    assert not is_easing(text)
    with pytest.raises(ValueError):
        eased(text, Fraction(1, 2))
