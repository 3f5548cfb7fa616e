"""Holds the plans of several versions together: each with its own sources, and all as one for who reads of the run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from post.prepare.sources import JobSources
from post.values import Plan
from post.values.warning import JobWarning, ranked

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class PlannedVersion:
    """One version of a job, its files opened and its films planned."""

    sources: JobSources
    plan: Plan


def whole_plan(planned: Sequence[PlannedVersion]) -> Plan:
    """Returns one plan of all films. What versions have in common is in it once; a warning names the films that it is
    about where it is not about all."""
    if len(planned) == 1:
        return planned[0].plan
    plans = [each.plan for each in planned]
    takes = {take.name: take for plan in plans for take in plan.takes}
    return replace(
        plans[0],
        takes=tuple(takes.values()),
        renditions=tuple(each for plan in plans for each in plan.renditions),
        origins=_once(row for plan in plans for row in plan.origins),
        matched=_once(row for plan in plans for row in plan.matched),
        framed=_once(row for plan in plans for row in plan.framed),
        warnings=_warnings(plans),
    )


def whole_sources(planned: Sequence[PlannedVersion]) -> JobSources:
    """Returns the sources of all versions together, with the job of the first."""
    every = [each.sources for each in planned]
    if len(every) == 1:
        return every[0]
    return replace(
        every[0],
        takes={name: take for sources in every for name, take in sources.takes.items()},
        sounds=_once(row for sources in every for row in sources.sounds),
        elements=_once(row for sources in every for row in sources.elements),
        originals=_once(row for sources in every for row in sources.originals),
        shown=_once(row for sources in every for row in sources.shown),
        states=_once(row for sources in every for row in sources.states),
    )


def _once(items: Iterable[Item]) -> tuple[Item, ...]:
    """Returns each item once, in order."""
    return tuple(dict.fromkeys(items))


def _warnings(plans: Sequence[Plan]) -> tuple[JobWarning, ...]:
    """Returns the warnings of all plans, each once with the films that it is about; none where it is about all."""
    films: dict[JobWarning, dict[str, None]] = {}
    for plan in plans:
        own = [each.name for each in plan.renditions]
        for warning in plan.warnings:
            same = replace(warning, films=(), frame=None if len(plans) > 1 else warning.frame)
            films.setdefault(same, {}).update(dict.fromkeys(warning.films or own))
    every = {each.name for plan in plans for each in plan.renditions}
    return ranked(
        replace(warning, films=() if every <= names.keys() else tuple(names))
        for warning, names in films.items()
    )
