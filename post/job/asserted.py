"""Defines what a job asserts about a layer's time and place, which is checked before anything is rendered."""

from __future__ import annotations

from dataclasses import dataclass

INSIDE = ("frame", "safe-area")


@dataclass(frozen=True, slots=True)
class Asserted:
    """What is to be so; "" where nothing is asserted.

    enters_before, stays_until: times of the film by which, and until which, all of it is seen; inside: where it is in
    every frame that shows it, one of INSIDE; after: the id of the layer that is seen in full before it.
    """

    enters_before: str = ""
    stays_until: str = ""
    inside: str = ""
    after: str = ""
