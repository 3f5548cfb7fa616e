"""Spans of what is true: found, joined and widened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from post.values.array import Array
from post.values.time import Span


def runs_of(true: Array) -> list[Span]:
    """Returns the spans in which an array, (places,) bool, is true."""
    edges = np.flatnonzero(np.diff(true.astype(np.int8), prepend=0, append=0))
    return [Span(int(first), int(stop)) for first, stop in edges.reshape(-1, 2)]


def join_runs(spans: Iterable[Span], gap: int) -> list[Span]:
    """Returns spans in order; those with at most `gap` places between them are one."""
    joined = list[Span]()
    for each in spans:
        if joined and each.first - joined[-1].stop <= gap:
            joined[-1] = Span(joined[-1].first, max(joined[-1].stop, each.stop))
        else:
            joined.append(each)
    return joined


def padded(spans: Sequence[Span], pad: int, length: int) -> tuple[Span, ...]:
    """Returns spans widened by `pad` at both ends, within 0..length; those that then touch are one."""
    wide = [Span(max(0, each.first - pad), min(length, each.stop + pad)) for each in spans]
    return tuple(join_runs(wide, 0))
