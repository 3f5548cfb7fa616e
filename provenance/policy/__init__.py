"""Policies: requirements on a file, as dated YAML with sources, checked one rule at a time.

document/  policies, facts and waivers as they are written: read, merged, compared
profile    asks the rules of a policy             check   what a rule can check, by name
label      judges what was seen of a visible AI label
rule       the protocol of a rule, and how rules combine
"""

from __future__ import annotations

from provenance.policy.check import CHECKS, PolicyInput
from provenance.policy.document.facts import load_facts
from provenance.policy.label import LabelFinder
from provenance.policy.profile import Profile, load
from provenance.policy.rule import AllOf, AnyOf, Rule

__all__ = ["CHECKS", "AllOf", "AnyOf", "LabelFinder", "PolicyInput", "Profile", "Rule", "load", "load_facts"]
