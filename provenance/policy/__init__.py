"""Policies: requirements on a file, as dated YAML with sources, checked one rule at a time.

profile   asks the rules of a policy              check    what a check is given, takes and comes to
document/ policies, facts and waivers as         checks/  what a rule can check, by name
          written: read, merged, compared        look     what looks at the film for checks
rule      the protocol of a rule, and how        claims/  texts beside approved ones
          rules combine
"""

from __future__ import annotations

from provenance.policy.check import PolicyInput
from provenance.policy.checks import CHECKS
from provenance.policy.document.facts import load_facts
from provenance.policy.look import FilmLook
from provenance.policy.profile import AskedProfile, Profile, load
from provenance.policy.rule import AllOf, AnyOf, Rule

__all__ = [
    "CHECKS", "AllOf", "AnyOf", "AskedProfile", "FilmLook", "PolicyInput", "Profile", "Rule", "load", "load_facts",
]  # fmt: skip
