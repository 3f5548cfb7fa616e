"""Words that a job shows itself count as approved where it names who approves them, and a reviewer sees it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from post.api.checking import CheckRequest, of_job
from post.api.of_job.own_text import own_claims
from post.job import load_job
from post.job.model import Job
from post.values.sights.text import SeenText, TextSight
from provenance.policy.check import CheckOutcome, PolicyInput
from provenance.policy.checks import run_check
from provenance.policy.document.facts import as_facts
from provenance.policy.document.references import References
from tests.provenance.policy.fixed_look import FixedLook

JOB = """schema: Job.2
title: Spot
clock: 24
takes: {a: {file: a.mp4}}
cut: [{take: a, length: 2s}]
titles:
  - {id: line, text: Winter is here, at: 0s, length: 1s, style: lower-third, second: A film, language: en}
  - {id: clock, stage: countdown, text: "In {} s", at: 0s, length: 1s}
captions: [{file: lines.srt, language: en, burn: true}, {file: other.srt, language: en, sidecar: vtt}]
label: {text: AI GENERATED}
deliver: [social-16x9]
"""
BY = "claims: {own_text: Ana Roth}\n"


def job(folder: Path, more: str = BY) -> Job:
    (folder / "a.mp4").write_bytes(b"")
    (folder / "lines.srt").write_text("1\n00:00:00,500 --> 00:00:02,000\nSaid the dog.\n")
    (folder / "other.srt").write_text("1\n00:00:00,500 --> 00:00:02,000\nNot in the picture.\n")
    (folder / "job.yaml").write_text(JOB + more)
    return load_job(folder / "job.yaml")


def shown(text: str) -> SeenText:
    whole = ((Fraction(0), Fraction(2)),)
    return SeenText(text, whole, (0, 0, 90, 20), 5.0, 0.99, 1.0, "Latin", 1.0, 0)


def approved(of: Job, *texts: str) -> CheckOutcome:
    facts = as_facts(of_job(CheckRequest(("wcag",)), of).facts)
    sight = TextSight(tuple(map(shown, texts)), scripts=("Latin",), frames=4, length=Fraction(2))
    look: Any = FixedLook(read=sight)
    given = PolicyInput(None, None, {}, look, references=facts.references)  # type: ignore[arg-type]
    return run_check(given, "text.approved", {})


def test_labels_and_burnt_in_captions_stand_beside_the_copy(tmp_path: Path) -> None:
    asked = of_job(CheckRequest(("wcag",)), job(tmp_path))
    assert set(asked.beside_copy) == {"AI GENERATED", "Said the dog."}


def test_titles_labels_and_burnt_in_captions_are_the_words_of_a_job(tmp_path: Path) -> None:
    said = {each.id: each.text for each in own_claims(job(tmp_path))}
    assert set(said.values()) == {"Winter is here", "A film", "AI GENERATED", "Said the dog."}
    assert said["line.text"] == "Winter is here"
    assert all(each.approved_by == "Ana Roth" for each in own_claims(job(tmp_path)))


def test_they_pass_and_the_reviewer_is_told_who_approves_them(tmp_path: Path) -> None:
    outcome = approved(job(tmp_path), "Winter is here", "AI GENERATED")
    assert outcome.verdict == "pass"
    assert "4 of them are the job's own words, approved by Ana Roth with the job" in outcome.evidence
    assert "'Winter is here'" in outcome.evidence
    assert approved(job(tmp_path), "Summer is gone").verdict == "needs_human"


def test_without_a_name_nothing_of_the_job_is_approved(tmp_path: Path) -> None:
    assert own_claims(job(tmp_path, "")) == ()
    outcome = approved(job(tmp_path, ""), "Winter is here")
    assert outcome.verdict == "needs_human"
    assert "nobody gave approved texts" in outcome.found


def test_they_stand_beside_the_texts_that_were_given(tmp_path: Path) -> None:
    given = References((own_claims(job(tmp_path))[0],))
    asked = CheckRequest(("wcag",), replace(as_facts({}), references=given))
    found = as_facts(of_job(asked, job(tmp_path)).facts).references.claims or ()
    assert len(found) == 1 + len(own_claims(job(tmp_path)))
