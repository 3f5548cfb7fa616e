"""Measured takes made of values alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from post.job.model import TakeRef
from post.selects.measured import MeasuredTake, TakeFigures
from post.selects.usable import Defect, usable_spans
from tests.plan.made import take


def measured(
    name: str = "dog",
    frames: int = 96,
    rate: int = 24,
    *,
    cuts: Sequence[int] = (),
    defects: Sequence[Defect] = (),
    edge_pct: float = 0.08,
    **more: Any,
) -> MeasuredTake:
    """A take of 4 s, usable but for its cuts and defects. more: keys of its reference in the job."""
    opened = take(name, frames, rate)
    ref = TakeRef(name, Path(f"/takes/{name}.mp4"), "spot.yaml:4", **more)
    usable = usable_spans(frames, opened.picture.grid.rate, cuts, defects)
    figures = TakeFigures(edge_pct=edge_pct, speed_pct=1.0, flicker_pct=0.1, drift_pct=1.0)
    return MeasuredTake(ref, opened, tuple(cuts), tuple(defects), usable, figures, (), ())


def recorded(**fields: str) -> tuple[tuple[str, str, str], ...]:
    """A generator record."""
    return tuple((field, value, "recorded") for field, value in fields.items())
