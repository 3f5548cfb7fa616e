"""Returns what decisions about a job's films hold under: its brief, its policies, and the job itself, as digests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from post.atomic import checksum
from post.job.model import Job
from post.os_faults import reading
from post.values import digest
from provenance.approval.gate import Gate
from provenance.approval.statement import DecisionTerms
from provenance.policy.document.facts import Facts
from provenance.policy.document.policy import Policy
from provenance.policy.document.waivers import Waiver


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """The policies that films are to meet, with the facts that were declared and the rules that were waived."""

    policies: tuple[Policy, ...]
    facts: Facts
    waivers: tuple[Waiver, ...]


def decision_terms(job: Job, gate: Gate) -> DecisionTerms:
    """Returns the terms of a job at a gate. Raises SourceError where the brief or the job cannot be read."""
    asked = job.disclosure
    policies = PolicyTerms(asked.policies, asked.facts, asked.waivers)
    named = bool(asked.policies or asked.waivers or asked.facts)
    return DecisionTerms(gate.digest, _file(job.brief), digest(policies) if named else "", _file(job.path))


def _file(path: Path | None) -> str:
    if path is None:
        return ""
    with reading(path):
        return checksum(path).sha256
