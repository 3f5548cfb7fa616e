"""Defines what a job says of its disclosure."""

from __future__ import annotations

from dataclasses import dataclass

from provenance.policy.document.facts import Facts
from provenance.policy.document.policy import Policy
from provenance.policy.document.waivers import Waiver

NO_FACTS = Facts()


@dataclass(frozen=True, slots=True)
class DisclosureAsked:
    """The policies that a job's films are to meet, and what is declared about them.

    policies: those that it names, then those of its territories and platforms; unmatched: territories of which no
    policy is known; said: what the job itself says of disclosure, by dotted place, each as (place, "file:line").
    """

    policies: tuple[Policy, ...] = ()
    facts: Facts = NO_FACTS
    role: str = ""
    territories: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    unmatched: tuple[str, ...] = ()
    said: tuple[tuple[str, str], ...] = ()
    own_text: str = ""


NO_DISCLOSURE = DisclosureAsked()
