"""Leaves out the rules that a named person waives for all films of a job, and tells of waivers that change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from post.job.brief.model import PROFILE
from post.job.model import Job
from post.values.warning import JobWarning
from provenance.policy.document.policy import Policy, PolicyRule
from provenance.policy.document.waivers import WaiverDecision, decide_waivers, unused_waivers


@dataclass(frozen=True, slots=True)
class PoliciesLeft:
    """Policies without the rules that are waived. rows: those rules, as (place, rule, waiver)."""

    policies: tuple[Policy, ...]
    rows: tuple[tuple[str, str, str], ...]
    warnings: tuple[JobWarning, ...]


def without_waived(job: Job) -> PoliciesLeft:
    """Returns a job's policies without the rules that are waived for each of its films, on the day of its publication.

    Without that day, no waiver is known to be in date.
    """
    asked = job.disclosure
    kept, rows, refused = list[Policy](), list[tuple[str, str, str]](), list[str]()
    for policy in asked.policies:
        left = list[PolicyRule]()
        for rule in policy.rules:
            decisions = [_decided(job, policy, rule, each.name) for each in job.deliver]
            granted = [each.granted for each in decisions if each.granted]
            if granted and len(granted) == len(decisions):
                rows.append(("waivers", f"{policy.name}/{rule.id}", str(granted[0])))
            else:
                left.append(rule)
                refused += [why for each in decisions for why in each.refused]
        kept.append(replace(policy, rules=tuple(left)))
    names = [(policy.name, rule.id) for policy in asked.policies for rule in policy.rules]
    names += [(PROFILE, rule.id) for rule in (job.motion_brief.rules if job.motion_brief else ())]
    told = dict.fromkeys((*refused, *unused_waivers(asked.waivers, names)))
    return PoliciesLeft(tuple(kept), tuple(rows), tuple(_warnings(job, tuple(told))))


def _decided(job: Job, policy: Policy, rule: PolicyRule, film: str) -> WaiverDecision:
    asked = job.disclosure
    return decide_waivers(asked.waivers, policy.name, rule, asked.facts.day(), film)


def _warnings(job: Job, refused: tuple[str, ...]) -> Iterator[JobWarning]:
    for why in refused:
        fix = "mend or drop it; its end is judged by the fact published_at"
        yield JobWarning("waiver-refused", why, fix=fix, of="waivers", where=str(job.path))
