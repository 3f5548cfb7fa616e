"""Keeps the labels of each film clear of what policies say lies over a film of its shape."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from post.disclosure.demands import CheckDemand
from post.disclosure.metadata import MetadataFilling
from post.job.model import Deliver

SIDES = ("top", "right", "bottom", "left")
SAME_SHAPE = Fraction(3, 100)  # how far two shapes may differ that are taken as one


def keep_clear(filling: MetadataFilling, demand: CheckDemand) -> None:
    """Makes the labels of the films that a demand is about stay clear of its edges."""
    job, edges = filling.job, tuple(_edge(demand, side) for side in SIDES)
    made = list(job.deliver)
    for number, deliver in enumerate(made):
        if not _is_of(deliver, str(demand.values.get("shape", ""))):
            continue
        clear = tuple(map(max, deliver.label_clear, edges)) if deliver.label_clear else edges
        made[number] = replace(deliver, label_clear=clear)
        said = ", ".join(f"{side} {edge:g} %" for side, edge in zip(SIDES, edges, strict=True))
        filling.rows.append((f"deliver[{number}].label.clear", said, ", ".join(demand.rules)))
    filling.job = replace(job, deliver=tuple(made))


def _edge(demand: CheckDemand, side: str) -> float:
    value = demand.values.get(side, 0)
    return float(value) if isinstance(value, int | Fraction) else 0.0


def _is_of(deliver: Deliver, shape: str) -> bool:
    """Returns whether a film has a shape, such as 9:16; every film has none ("")."""
    width, _, height = shape.partition(":")
    if not (width.isdigit() and height.isdigit() and int(width) and int(height)):
        return not shape
    return abs(Fraction(deliver.width, deliver.height) / Fraction(int(width), int(height)) - 1) <= SAME_SHAPE
