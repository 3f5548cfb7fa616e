"""Holds the cut of a job, as a brief looks at it: its films, its shots, and what each tells."""

from __future__ import annotations

from dataclasses import dataclass

from post.brief.footage import Footage
from post.job.brief.model import MotionBrief
from post.job.model import Job
from post.values import Rendition, Shot


@dataclass(frozen=True, eq=False)
class CutShown:
    """The cut of one version of a job.

    film: its first deliverable, whose shots are those of each other one; films: those of all versions; own: the
    deliverables of this version; footage: what each shot shows of its take, whole and before any crop, in order, None
    for a shot whose take was not measured.
    """

    brief: MotionBrief
    job: Job
    film: Rendition
    films: tuple[Rendition, ...]
    footage: tuple[Footage | None, ...] = ()
    own: tuple[Rendition, ...] = ()

    def beat(self, shot: Shot) -> str:
        """Returns what a shot's take was made for, "" where nobody said."""
        return next((take.beat for take in self.job.takes if take.name == shot.take.name), "")

    def is_made(self, shot: Shot) -> bool:
        """Returns whether a shot shows a picture that is made here, such as a slate: no rule is about those."""
        return any(take.made is not None for take in self.job.takes if take.name == shot.take.name)

    @property
    def seconds(self) -> float:
        """The film's length in seconds."""
        return len(self.film.shown) / float(self.film.format.clock.rate)
