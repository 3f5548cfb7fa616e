"""Checks and verifies a kept film by its job's policies, and keeps what that came to as JSON."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from post import __version__
from post.api.checked import CheckReport, CheckRow
from post.api.of_job.footage import added_words
from post.api.settings import Settings
from post.api.signoff.film_checks import check_candidate, film_request, plan_counts, planned_request
from post.atomic import write_whole
from post.job.model import Job
from post.review.judged_views import (
    FindingsView,
    FindingView,
    ProvenanceNode,
    ProvenanceView,
)
from post.values.claim import Box
from post.values.time import round_half_up
from provenance.report import Report

JUDGED = "judged.json"
MOST_EVIDENCE = 8
WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class FilmToJudge:
    """A kept film. name: of the deliverable; rate: frames a second; width, height: of the upright frame, in pixels;
    receipt: what `finish` wrote of it; released: it is a deliverable, and no candidate."""

    path: Path
    name: str
    rate: Fraction
    width: int
    height: int
    receipt: dict[str, Any]
    released: bool


def judge_film(film: FilmToJudge, job: Job | None, settings: Settings) -> None:
    """Writes judged.json beside a kept film: its findings and its provenance.

    job: whose policies it is checked by, None for those that the film names. Raises what planning the job and checking
    the film do.
    """
    asked = planned_request(job, film.name, settings)
    report = check_candidate(film.path, asked, settings, released=film.released)
    _write(
        film.path.parent, check_identity(job), _findings(report, film), _provenance(report.reports[0], film.receipt)
    )  # fmt: skip


def check_identity(job: Job | None) -> str:
    """Returns what changes when a film of a job has to be checked anew: its policies, facts, waivers, brief, or this
    release. Raises what `of_job` does."""
    asked = film_request(job)
    profiles = [(each.name, each.version, each.sha256) for each in asked.profiles]
    parts: tuple[object, ...] = (
        __version__,
        profiles,
        asked.facts,
        asked.waivers,
        asked.brief.sha256 if asked.brief else "",
    )
    if job and plan_counts(job):
        parts += tuple((each.name, each.record) for each in job.takes), job.cut, added_words(job)
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def read_judged(folder: Path, identity: str) -> dict[str, Any] | None:
    """Returns what was kept of a film; None until it is there, and where it was checked by other terms than those of
    `check_identity`."""
    path = folder / JUDGED
    if not path.is_file():
        return None
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found if found.get("identity") == identity else None


def write_failure(folder: Path, identity: str, why: str) -> None:
    """Keeps why a film could not be checked."""
    provenance = ProvenanceView("failed", why, "", "", "", "", [], [], None)
    _write(folder, identity, FindingsView("failed", why, "", {}, [], []), provenance)


def _write(folder: Path, identity: str, findings: FindingsView, provenance: ProvenanceView) -> None:
    data = {"identity": identity, "findings": asdict(findings), "provenance": asdict(provenance)}
    write_whole(folder / JUDGED, json.dumps(data))


def waiting_findings() -> FindingsView:
    """Returns the findings of a film that is not checked yet."""
    return FindingsView(WAITING, "", "", {}, [], [])


def waiting_provenance() -> ProvenanceView:
    """Returns the provenance of a film that is not verified yet."""
    return ProvenanceView(WAITING, "", "", "", "", "", [], [], None)


def _findings(report: CheckReport, film: FilmToJudge) -> FindingsView:
    policies = [(name, version) for name, version, _ in report.policies]
    rows = [_finding(row, film) for row in report.rows]
    why = "; ".join(report.notes)
    return FindingsView("ready", why, report.summary, report.counts, policies, rows)


def _finding(row: CheckRow, film: FilmToJudge) -> FindingView:
    ruling, rate = row.ruling, film.rate
    spans = [
        (_frame(start, rate), max(_frame(start, rate) + 1, _frame(end, rate))) for start, end in ruling.at
    ]
    first, stop = (min(a for a, _ in spans), max(b for _, b in spans)) if spans else (None, None)
    shown = [ruling.frame] if ruling.frame is not None else [a for a, _ in spans[:MOST_EVIDENCE]]
    if first is None and ruling.frame is not None:
        first, stop = ruling.frame, ruling.frame + 1
    why = "; ".join(each for each in (ruling.says, ruling.evidence) if each)
    return FindingView(
        ruling.id, row.policy, ruling.verdict, ruling.measured, ruling.threshold, why,
        "; ".join(each for each in (ruling.origin, ruling.source) if each), first, stop, shown,
        _share_of_frame(ruling.box, film) if ruling.box else None,
    )  # fmt: skip


def _share_of_frame(box: Box, film: FilmToJudge) -> tuple[float, float, float, float]:
    """Returns a box as x, y, width and height, 0..1 of the frame."""
    left, top, right, bottom = box
    across, down = max(film.width, 1), max(film.height, 1)
    return left / across, top / down, (right - left) / across, (bottom - top) / down


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
