"""Lets a brief be asked of a finished film beside policies, as one of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from post.brief.checks.film import FilmShown
from post.brief.footage import Footage
from post.brief.rulings import film_result
from post.errors import SourceError
from post.job.brief.model import PROFILE, MotionBrief
from provenance.policy.check import PolicyInput
from provenance.report import PolicyResult


class BriefProfile:
    """The rules of a brief for one finished film. It is asked as a policy is: `provenance.policy.AskedProfile`."""

    name = PROFILE
    label_texts: tuple[str, ...] = ()

    def __init__(
        self, brief: MotionBrief, measure: Callable[[], Footage], beside_copy: tuple[str, ...] = ()
    ) -> None:
        """measure: measures the film, and raises SourceError where it cannot be read; it is called once; beside_copy:
        words of labels and captions, which the brief's copy need not hold."""
        self._brief, self._measure, self._beside_copy = brief, measure, beside_copy

    @property
    def rule_ids(self) -> tuple[tuple[str, str], ...]:
        """Its rules as (policy, rule id), those of takes and cuts too: a waiver may name them."""
        return tuple((PROFILE, rule.id) for rule in self._brief.rules)

    def check(self, given: PolicyInput) -> PolicyResult:
        """Returns the ruling of each rule about finished films."""
        footage, fault = self._footage
        return film_result(FilmShown(self._brief, given, footage, fault, self._beside_copy))

    @cached_property
    def _footage(self) -> tuple[Footage | None, str]:
        try:
            return self._measure(), ""
        except SourceError as fault:
            return None, fault.what
