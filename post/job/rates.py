"""Reads frame rates as people write them."""

from __future__ import annotations

from fractions import Fraction

from post.values.time import exact

RATES = "24 | 25 | 30 | 50 | 60 | 23.976 | 29.97 | 59.94 | a fraction such as 30000/1001"
DECIMAL_RATES = {
    "23.976": Fraction(24000, 1001), "23.98": Fraction(24000, 1001),
    "29.97": Fraction(30000, 1001), "59.94": Fraction(60000, 1001),
}  # fmt: skip
SLOWEST, FASTEST = 1, 240


def read_rate(text: str) -> Fraction | None:
    """Returns an exact rate in frames a second; None if the text is not a rate.

    Of decimals only those of DECIMAL_RATES are rates: 23.96 is a typing error.
    """
    if text in DECIMAL_RATES:
        return DECIMAL_RATES[text]
    try:
        rate = exact(text)
    except (ValueError, ZeroDivisionError):
        return None
    fits = SLOWEST <= rate <= FASTEST and rate.denominator in (1, 1001)
    return rate if fits else None
