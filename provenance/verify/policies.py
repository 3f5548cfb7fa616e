"""Judges a verified file by policies: the last step of verifying, which can be asked again with others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from post.values.claim import Finding
from provenance.manifest import Reading
from provenance.policy import AskedProfile, FilmLook, PolicyInput
from provenance.policy.document.facts import as_facts
from provenance.policy.document.waivers import Waiver, unused_waivers
from provenance.report import Report

UNUSED_WAIVER = "waiver.unused"


def judge_policies(
    report: Report,
    reading: Reading,
    policies: Sequence[AskedProfile],
    facts: Mapping[str, Any] | None = None,
    look: FilmLook | None = None,
    waivers: Sequence[Waiver] = (),
) -> Report:
    """Returns the report with the ruling of every rule, and a finding for each waiver that names none of them.

    facts: what a named person declares, and what the film is compared with; the film's day of publication among them,
    else the time that the report was judged at, says which rules hold. look: looks at the film. Raises JobError where
    that fact is no day.
    """
    declared = as_facts({} if facts is None else facts)
    day = declared.day(report.judged_at[:10])
    texts = tuple(dict.fromkeys(text for profile in policies for text in profile.label_texts))
    given = PolicyInput(report, reading, declared, look, day, texts, tuple(waivers), declared.references)
    if look is not None:
        look.prepare(lambda: [profile.check(given) for profile in policies])
    results = tuple(profile.check(given) for profile in policies)
    ids = [each for profile in policies for each in profile.rule_ids]
    unused = tuple(Finding(UNUSED_WAIVER, "policy", "", why) for why in unused_waivers(waivers, ids))
    return replace(report, policies=results, findings=(*report.findings, *unused))
