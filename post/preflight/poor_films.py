"""Finds the films in which a layer has less contrast than it needs, for the warnings about titles and logos."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from post.job.model import Job, Timed
from post.plan.layers import layer_for
from post.values import Plan, Rendition


class HasContrast(Protocol):
    """What was measured of a layer in a film."""

    @property
    def contrast(self) -> float:
        """Where it is worst, 1 to 21."""


Measured = TypeVar("Measured", bound=HasContrast)


def poor_films(
    timed: Timed,
    made: tuple[Job, Plan],
    measure: Callable[[Timed, Rendition], Measured | None],
    least: float,
) -> list[tuple[str, Measured]]:
    """Returns the films in which a layer has less contrast than `least`, with what was measured there: the worst first.

    made: the job, and its plan; measure: of the layer as it is in a film, None where nothing is to be measured.
    """
    job, plan = made
    found = [
        (film.name, measure(layer_for(timed, asked.clear), film))
        for asked, film in zip(job.deliver, plan.renditions, strict=True)
    ]
    poor = [(name, known) for name, known in found if known and known.contrast < least]
    worst = min(poor, key=lambda each: each[1].contrast, default=None)
    return [worst, *(each for each in poor if each is not worst)] if worst else []
