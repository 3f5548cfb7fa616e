"""A job's own policies, facts and references count as those that are named beside a film."""

from __future__ import annotations

from pathlib import Path

import pytest

from post.api.checked import CheckReport, CheckRow
from post.api.checking import CheckRequest, of_job
from post.errors import Problems
from post.job import load_job
from post.job.model import Job
from post.values.claim import Ruling, Verdict
from provenance.policy.document.facts import as_facts, load_facts

JOB = """schema: Job.2
title: Spot
clock: 24
takes: {a: {file: a.mp4}}
cut: [{take: a, length: 2s}]
deliver: [social-16x9]
policies: [ours.yaml]
facts: facts.yaml
"""
OURS = """profile: ours
version: '7'
valid: {from: 2026-01-01}
sources: [{id: s, title: S, date: 2026-01-01, confidence: A}]
rules: [{id: R, force: house, clause: {source: s, at: '1'}, check: {type: label.height, params: {percent: 5}}}]
"""
FACTS = "facts: {a: 1, b: 2}\nclaims: [{id: price, text: From 3 euros}]\nspeech: [Winter is here.]\n"


def job(folder: Path, policy: str = OURS) -> Job:
    (folder / "a.mp4").write_bytes(b"")
    for name, text in (("job.yaml", JOB), ("ours.yaml", policy), ("facts.yaml", FACTS)):
        (folder / name).write_text(text)
    return load_job(folder / "job.yaml")


def test_what_is_given_goes_before_what_the_job_says(tmp_path: Path) -> None:
    own = job(tmp_path)
    (tmp_path / "given.yaml").write_text("facts: {a: 3}\nspeech: [Summer is here.]\n")
    facts = as_facts(of_job(CheckRequest(facts=load_facts(tmp_path / "given.yaml")), own).facts)
    assert dict(facts) == {"a": 3, "b": 2}
    assert [each.id for each in facts.references.claims or ()] == ["price"]
    assert facts.references.speech == ("Summer is here.",)


def test_a_policy_of_a_job_is_known_by_its_digest(tmp_path: Path) -> None:
    (profile,) = of_job(CheckRequest(), job(tmp_path)).profiles
    assert (profile.name, len(profile.sha256)) == ("ours", 64)
    assert of_job(CheckRequest(policies=("wcag",)), job(tmp_path)).profiles == ()


def test_a_parameter_that_its_check_does_not_take_is_refused(tmp_path: Path) -> None:
    # It would be passed over, and whatever height a label has would pass.
    wrong = job(tmp_path, OURS.replace("percent: 5", "seconds: 5"))
    with pytest.raises(Problems, match=r"ours.yaml:5: rules\[0\].check.params.seconds: unknown key"):
        of_job(CheckRequest(), wrong)


def row(verdict: Verdict, film: str = "") -> CheckRow:
    return CheckRow(Ruling("R", verdict), film=film)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([row("pass"), row("pass", "a.mp4")], 0),
        # That the job can be read is no check of its films: each needs one of its own.
        ([row("pass"), row("not_applicable", "a.mp4")], 7),
        ([row("pass", "a.mp4"), row("not_applicable", "b.mp4")], 7),
        ([row("pass"), row("not_applicable")], 0),
        ([row("fail", "a.mp4"), row("not_applicable", "b.mp4")], 4),
        ([], 7),
    ],
)
def test_a_film_of_which_nothing_was_checked_is_no_pass(rows: list[CheckRow], code: int) -> None:
    assert CheckReport(tuple(rows)).exit_code == code
