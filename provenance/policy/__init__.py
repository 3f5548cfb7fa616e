"""Policies: what must be true of a file, as dated data with sources, checked one rule at a time."""

from __future__ import annotations

from provenance.policy.check import CHECKS, Evidence
from provenance.policy.profile import Profile, load
from provenance.policy.rule import AllOf, AnyOf, Rule

__all__ = ["CHECKS", "AllOf", "AnyOf", "Evidence", "Profile", "Rule", "load"]
