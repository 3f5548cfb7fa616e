"""Policies: requirements on a file, as dated YAML with sources, checked one rule at a time.

profile   reads a policy and asks its rules      check   what a rule can check, by name
label     judges what was seen of a visible AI label
rule      the protocol of a rule, and how rules combine          fields  reads the fields of policies and facts
"""

from __future__ import annotations

from provenance.policy.check import CHECKS, PolicyInput
from provenance.policy.label import LabelFinder
from provenance.policy.profile import Profile, load, load_facts
from provenance.policy.rule import AllOf, AnyOf, Rule

__all__ = ["CHECKS", "AllOf", "AnyOf", "LabelFinder", "PolicyInput", "Profile", "Rule", "load", "load_facts"]
