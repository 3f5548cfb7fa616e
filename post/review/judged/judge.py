"""Checks and verifies a kept film by its job's policies, and keeps what that came to as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from post.api.checked import CheckReport, CheckRow
from post.api.checking import CheckRequest, check_film, of_job
from post.api.settings import Settings
from post.atomic import write_whole
from post.job.model import Job
from post.review.judged_views import (
    FindingsView,
    FindingView,
    ProvenanceNode,
    ProvenanceView,
)
from post.values.time import round_half_up
from provenance.report import Report

JUDGED = "judged.json"
MOST_EVIDENCE = 8
WAITING = "waiting"


def judge_film(
    film: Path, job: Job | None, receipt: dict[str, Any], settings: Settings, rate: Fraction
) -> None:
    """Writes judged.json beside a kept film: its findings and its provenance.

    job: whose policies it is checked by, None for those that the film names; receipt: what `finish` wrote of it; rate:
    frames a second. Raises what `check_film` raises.
    """
    asked = of_job(CheckRequest(), job) if job else CheckRequest()
    report = check_film(film, asked, settings)
    data = {
        "findings": asdict(_findings(report, rate)),
        "provenance": asdict(_provenance(report.reports[0], receipt)),
    }
    write_whole(film.parent / JUDGED, json.dumps(data))


def read_judged(folder: Path) -> dict[str, Any] | None:
    """Returns what was kept of a film; None until it is there."""
    path = folder / JUDGED
    if not path.is_file():
        return None
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def write_failure(folder: Path, why: str) -> None:
    """Keeps why a film could not be checked."""
    data = {
        "findings": asdict(FindingsView("failed", why, "", {}, [], [])),
        "provenance": asdict(ProvenanceView("failed", why, "", "", "", "", [], [], None)),
    }
    write_whole(folder / JUDGED, json.dumps(data))


def waiting_findings() -> FindingsView:
    """Returns the findings of a film that is not checked yet."""
    return FindingsView(WAITING, "", "", {}, [], [])


def waiting_provenance() -> ProvenanceView:
    """Returns the provenance of a film that is not verified yet."""
    return ProvenanceView(WAITING, "", "", "", "", "", [], [], None)


def _findings(report: CheckReport, rate: Fraction) -> FindingsView:
    policies = [(name, version) for name, version, _ in report.policies]
    rows = [_finding(row, rate) for row in report.rows]
    why = "; ".join(report.notes)
    return FindingsView("ready", why, report.summary, report.counts, policies, rows)


def _finding(row: CheckRow, rate: Fraction) -> FindingView:
    ruling = row.ruling
    spans = [
        (_frame(start, rate), max(_frame(start, rate) + 1, _frame(end, rate))) for start, end in ruling.at
    ]
    first, stop = (min(a for a, _ in spans), max(b for _, b in spans)) if spans else (None, None)
    shown = [ruling.frame] if ruling.frame is not None else [a for a, _ in spans[:MOST_EVIDENCE]]
    if first is None and ruling.frame is not None:
        first, stop = ruling.frame, ruling.frame + 1
    box = tuple(float(each) for each in ruling.box) if ruling.box else None
    why = "; ".join(each for each in (ruling.says, ruling.evidence) if each)
    return FindingView(
        ruling.id, row.policy, ruling.verdict, ruling.measured, ruling.threshold, why,
        "; ".join(each for each in (ruling.origin, ruling.source) if each), first, stop, shown,
        box if box is not None and len(box) == 4 else None,
    )  # fmt: skip


def _frame(second: Fraction, rate: Fraction) -> int:
    return max(0, round_half_up(Fraction(second) * rate))


def _provenance(report: Report, receipt: dict[str, Any]) -> ProvenanceView:
    actions = [(str(each["name"]), str(each.get("description", ""))) for each in receipt.get("actions", [])]
    if not actions and report.manifests:
        actions = [(name, "") for name in report.manifests[0].actions]
    findings = [f"{each.code}: {each.why}" for each in report.findings]
    return ProvenanceView(
        "ready",
        "",
        report.integrity,
        report.signer,
        report.time,
        report.chain,
        findings,
        actions,
        _tree(report, receipt),
    )


def _tree(report: Report, receipt: dict[str, Any]) -> ProvenanceNode:
    """Returns the film, and what it was made from: as its receipt says, or else as its manifest does."""
    rows = receipt.get("ingredients", [])
    inputs = [
        ProvenanceNode(
            str(row["title"]), str(row["media_type"]), str(row["relationship"]), str(row["credential"]),
            str(row["file"]["sha256"]), str(row.get("source_type", "")),
            [(str(a), str(b), str(c)) for a, b, c in row.get("record", [])], [],
        )
        for row in rows
    ]  # fmt: skip
    if not rows and report.manifests:
        inputs = [
            ProvenanceNode(title, "", "", "", "", "", [], []) for title in report.manifests[0].ingredients
        ]
    title = receipt.get("name") or Path(report.file.path).name
    kind = report.ai.source_type
    return ProvenanceNode(str(title), "", "", report.integrity, report.file.sha256, kind, [], inputs)
