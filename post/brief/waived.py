"""Lets a named person excuse films from a rule of their brief, as from a policy's; non-negotiables stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from post.job.brief.model import PROFILE, BriefRule
from post.values.claim import Ruling
from provenance.policy.document.policy import WaiverTerms
from provenance.policy.document.waivers import Waiver, decide_waivers, excuse

TERMS = WaiverTerms(allowed=True, needs=("who", "why", "expires"))


@dataclass(frozen=True, slots=True)
class GivenWaivers:
    """Waivers, and the day to judge them as of (ISO 8601, "" where none is known)."""

    waivers: tuple[Waiver, ...] = ()
    day: str = ""


@dataclass(frozen=True, slots=True)
class _BriefTerms:
    """A rule of a brief as waivers see it."""

    id: str
    waiver: WaiverTerms


def waive(ruling: Ruling, rule: BriefRule, given: GivenWaivers, films: Sequence[str]) -> Ruling:
    """Returns a rule's ruling, waived where it is not met and a waiver holds for each of the films."""
    terms = _BriefTerms(rule.id, WaiverTerms() if rule.kind == "non_negotiables" else TERMS)
    return excuse(ruling, [decide_waivers(given.waivers, PROFILE, terms, given.day, film) for film in films])
