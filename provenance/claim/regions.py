"""Builds the regions with which C2PA names a part of a film. Source: C2PA 2.4, 18.2 (regions); RFC 2326, 3.6."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from post.values.time import Span


def build_region(where: Span, rate: Fraction) -> dict[str, Any]:
    """Returns a span of a film as a temporal region, in normal play time. rate: frames a second."""
    start, end = (_npt(Fraction(frame) / rate) for frame in (where.first, where.stop))
    return {"type": "temporal", "time": {"type": "npt", "start": start, "end": end}}


def _npt(seconds: Fraction) -> str:
    """Returns seconds as text, to the microsecond: finer than a sample at any rate that films have."""
    return f"{float(seconds):.6f}".rstrip("0").rstrip(".") or "0"
