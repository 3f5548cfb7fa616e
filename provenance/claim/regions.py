"""Parts of a film as C2PA names them. Source: C2PA 2.4, 18.2 (regions); RFC 2326, 3.6."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from post.values.time import Span


def region(where: Span, rate: Fraction) -> dict[str, Any]:
    """A stretch of the film, in normal play time."""
    start, end = (_npt(Fraction(frame) / rate) for frame in (where.first, where.stop))
    return {"type": "temporal", "time": {"type": "npt", "start": start, "end": end}}


def _npt(seconds: Fraction) -> str:
    """Seconds to the microsecond: far below a sample at any rate a film has."""
    return f"{float(seconds):.6f}".rstrip("0").rstrip(".") or "0"
