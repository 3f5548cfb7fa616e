"""Defines what makes a job one version of another: its values on the axes, and what became of the cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from post.job.model import Cut


@dataclass(frozen=True, slots=True)
class VersionOf:
    """What a version is, beside the job that it was laid over.

    axes: its value on each axis, in the order of the axes; deliver: how the job itself names each of its deliverables,
    in their order; left_out: the shots that it does not show; base: the shots of the job itself, without their picture
    stages, where the version's cut is another one, else (); told: what a person should know of how it was laid, as
    (file and line, what).
    """

    axes: tuple[tuple[str, str], ...]
    deliver: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    base: tuple[Cut, ...] = ()
    told: tuple[tuple[str, str], ...] = ()
