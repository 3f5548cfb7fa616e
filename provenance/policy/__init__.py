"""Policies: requirements on a file, as dated YAML with sources, checked one rule at a time.

profile   reads a policy and asks its rules      check    what a check is given, takes and comes to
fields    reads fields of policies and facts     checks/  what a rule can check, by name
rule      the protocol of a rule, and how        look     what looks at the film for checks
          rules combine
"""

from __future__ import annotations

from provenance.policy.check import PolicyInput
from provenance.policy.checks import CHECKS
from provenance.policy.look import FilmLook
from provenance.policy.profile import Profile, load, load_facts
from provenance.policy.rule import AllOf, AnyOf, Rule

__all__ = ["CHECKS", "AllOf", "AnyOf", "FilmLook", "PolicyInput", "Profile", "Rule", "load", "load_facts"]
