"""A unit of type at fractions of a pixel, at other sizes, and blurred: nothing is lost and nothing shifts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.picture.motion.sprite import Sheet, Sprite, blurred
from post.picture.type.block import TextSpec, set_type
from post.picture.type.face import FontSpec

BLOCK = set_type(TextSpec("Rag", 2000, 1), [FontSpec(None, 48)])


def sprite() -> Sprite:
    return Sprite(BLOCK.faces, BLOCK.rows)


MADE = sprite()


def centre(sheet: Sheet) -> tuple[float, float]:
    total = float(sheet.alpha.sum(dtype=np.float64))
    rows, columns = sheet.alpha.sum(1, dtype=np.float64), sheet.alpha.sum(0, dtype=np.float64)
    return (
        sheet.left + float((columns * np.arange(columns.size)).sum()) / total,
        sheet.top + float((rows * np.arange(rows.size)).sum()) / total,
    )


@given(x=st.floats(-3, 3, width=32), y=st.floats(-3, 3, width=32))
@settings(max_examples=30, deadline=None)
def test_a_place_between_pixels_keeps_ink_and_centroid(x: float, y: float) -> None:
    rest, there = MADE.placed(0, 0), MADE.placed(x, y)
    assert there.alpha.sum() == pytest.approx(rest.alpha.sum(), rel=2e-3)
    assert centre(there) == pytest.approx((centre(rest)[0] + x, centre(rest)[1] + y), abs=0.01)
    assert there.alpha.max() <= 1 + 1e-6


def test_whole_pixels_give_the_same_picture_moved() -> None:
    rest, there = MADE.placed(0, 0), MADE.placed(5, -7)
    assert np.array_equal(rest.alpha, there.alpha)
    assert (there.left - rest.left, there.top - rest.top) == (5, -7)


@given(scale=st.floats(0.25, 3, width=32), x=st.floats(-2, 2, width=32))
@settings(max_examples=30, deadline=None)
def test_another_size_has_its_area_about_its_middle(scale: float, x: float) -> None:
    rest, middle = MADE.placed(0, 0), centre(MADE.placed(0, 0))
    # A sheet's pixel 0 has its middle at a half.
    there = MADE.scaled(x, 0, scale, (middle[0] + 0.5, middle[1] + 0.5))
    assert there.alpha.sum() == pytest.approx(rest.alpha.sum() * scale**2, rel=0.02)
    assert centre(there) == pytest.approx((middle[0] + x, middle[1]), abs=0.08 * max(scale, 1))


@pytest.mark.parametrize("sigma", [0.1, 0.8, 2.0, 3.3, 6.5, 13.0, 30.0])
def test_a_blur_has_its_sigma_and_keeps_ink_and_place(sigma: float) -> None:
    rest = MADE.placed(0, 0)
    soft = blurred(rest, sigma)
    assert soft.alpha.sum() == pytest.approx(rest.alpha.sum(), rel=0.01)
    assert centre(soft) == pytest.approx(centre(rest), abs=0.05 * max(sigma, 1))

    def spread(sheet: Sheet) -> float:
        columns = sheet.alpha.sum(0, dtype=np.float64)
        at = np.arange(columns.size)
        mean = (columns * at).sum() / columns.sum()
        return float((columns * (at - mean) ** 2).sum() / columns.sum())

    wanted = sigma if sigma >= 0.15 else 0
    assert spread(soft) - spread(rest) == pytest.approx(wanted**2, rel=0.06, abs=0.1)


def test_what_is_kept_changes_nothing() -> None:
    one, other = sprite(), sprite()
    places = [(0.3, 0.1), (2.75, -0.5), (0, 0)]
    first = [one.placed(*place).alpha for place in places]
    again = [other.placed(*place).alpha for place in reversed(places)][::-1]
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
