"""Defines eases: how a speed gets from one key to the next. All are exact, or exact to 1e-18.

    linear              in a straight line
    smooth              3u^2 - 2u^3: it starts and ends level
    hold                not at all: it jumps at the key
    bezier(x1,y1,x2,y2) along a cubic Bezier curve from (0, 0) to (1, 1), as CSS Easing Functions 1 defines it

Time runs along x and the share of the way along y. Both of y are 0 to 1, so that no speed leaves the two of its keys.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import lcm
from typing import Literal

Ease = str
PLAIN_EASES: tuple[Literal["linear"], Literal["smooth"], Literal["hold"]] = ("linear", "smooth", "hold")
_SHARE = r"\s*(0*(?:[01](?:\.\d{0,18})?|\.\d{1,18}))\s*"
_BEZIER = re.compile(rf"bezier\({_SHARE},{_SHARE},{_SHARE},{_SHARE}\)", re.ASCII)
# Halvings in which a place on a curve is found. What is left, 2^-32, is squared by the step after them.
HALVINGS = 32
FINEST = 1 << 64  # results are rounded to this part, so that numbers stay short
Polynomial = tuple[Fraction, ...]  # by power of the parameter, from 0


@dataclass(frozen=True, slots=True)
class Curve:
    """A Bezier ease by its parameter t, 0..1. run: the integral of the share over time, up to t."""

    time: Polynomial
    share: Polynomial
    run: Polynomial

    def place(self, u: Fraction) -> tuple[Fraction, Fraction]:
        """Returns a parameter, to 2^-32, where the time is not past `u`, and the rest of the time from there.

        In whole numbers, 20 times as fast as in fractions.
        """
        one = 1 << HALVINGS
        parts = lcm(*(factor.denominator for factor in self.time))
        _, first, second, third = (int(factor * parts) for factor in self.time)
        wanted = (u * parts * one**3).__floor__()
        low, high = 0, one
        while low < high:
            middle = (low + high + 1) // 2
            reached = ((third * middle + second * one) * middle + first * one * one) * middle
            low, high = (middle, high) if reached <= wanted else (low, middle - 1)
        t = Fraction(low, one)
        return t, u - _at(self.time, t)

    def share_at(self, u: Fraction) -> Fraction:
        """Returns the share of the way at a share of the time, 0..1."""
        return u if u in (0, 1) else _rounded(_at(self.share, self.place(u)[0]))


def read_ease(text: str) -> Ease:
    """Returns an ease as it is written everywhere. Raises ValueError for a text that is none."""
    word = text.strip()
    if word in PLAIN_EASES:
        return word
    points = bezier_points(word)
    if points is None:
        raise ValueError(f"not an ease: {word!r}")
    return f"bezier({','.join(_short(point) for point in points)})"


@cache
def bezier_points(ease: Ease) -> tuple[Fraction, Fraction, Fraction, Fraction] | None:
    """Returns the control points x1, y1, x2, y2 of a Bezier ease, each 0..1; None for another ease or a wrong one."""
    found = _BEZIER.fullmatch(ease)
    if found is None:
        return None
    x1, y1, x2, y2 = (
        Fraction(f"0{number}" if number.startswith(".") else number) for number in found.groups()
    )
    return (x1, y1, x2, y2) if max(x1, y1, x2, y2) <= 1 else None


def eased_share(ease: Ease, u: Fraction) -> Fraction:
    """Returns the share of the way from one speed to the next, 0..1. u: the share of the time, 0..1."""
    if ease == "hold":
        return Fraction(0)
    if ease == "linear":
        return u
    if ease == "smooth":
        return u * u * (3 - 2 * u)
    return curve_of(ease).share_at(u)


def eased_run(ease: Ease, u: Fraction) -> Fraction:
    """Returns the integral of `eased_share` from 0 to `u`."""
    if ease == "hold":
        return Fraction(0)
    if ease == "linear":
        return u * u / 2
    if ease == "smooth":
        return u**3 - u**4 / 2
    curve = curve_of(ease)
    t, rest = curve.place(u)
    return _rounded(_at(curve.run, t) + _at(curve.share, t) * rest)


@cache
def curve_of(ease: Ease) -> Curve:
    """Returns the curve of a Bezier ease. Raises ValueError for another."""
    points = bezier_points(ease)
    if points is None:
        raise ValueError(f"not an ease: {ease!r}")
    return curve_through(*points)


@cache
def curve_through(x1: Fraction, y1: Fraction, x2: Fraction, y2: Fraction) -> Curve:
    """Returns the cubic Bezier curve from (0, 0) to (1, 1) with those control points. x1, x2: 0..1."""
    time, share = _cubic(x1, x2), _cubic(y1, y2)
    speed = tuple(power * factor for power, factor in enumerate(time))[1:]
    product = [Fraction(0)] * (len(share) + len(speed) - 1)
    for i, a in enumerate(share):
        for j, b in enumerate(speed):
            product[i + j] += a * b
    return Curve(time, share, (Fraction(0), *(factor / (power + 1) for power, factor in enumerate(product))))


def _cubic(first: Fraction, second: Fraction) -> Polynomial:
    """Returns the cubic Bezier curve from 0 to 1 with those two control points."""
    return Fraction(0), 3 * first, 3 * (second - 2 * first), 1 + 3 * (first - second)


def _at(polynomial: Polynomial, t: Fraction) -> Fraction:
    total = Fraction(0)
    for factor in reversed(polynomial):
        total = total * t + factor
    return total


def _rounded(value: Fraction) -> Fraction:
    return Fraction((value * FINEST + Fraction(1, 2)).__floor__(), FINEST)


def _short(number: Fraction) -> str:
    """Returns a share without needless digits: 0.25, 1."""
    digits = f"{number.numerator * 10**18 // number.denominator:019d}"
    return f"{digits[:-18]}.{digits[-18:]}".rstrip("0").rstrip(".")
