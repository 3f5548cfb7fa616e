"""Makes the evidence report of a film: one page that opens from a disk, and its twin in PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from post.api.checking import CheckRequest, check_looked
from post.api.settings import Settings
from post.api.stores import read_anchors

if TYPE_CHECKING:
    from post.api.checked import CheckReport
    from post.engine import InProcess, WorkerPool
    from post.qc.look import WorkerLook
    from provenance.evidence.report import EvidenceReport
    from provenance.trust.lists import Anchors
    from provenance.verify import Verified
    from provenance.verify.reviewer.page import Poster

HTML, PDF = (".html", ".htm"), ".pdf"


@dataclass(frozen=True)
class EvidenceRequest:
    """What a report shows. check: which policies, facts and waivers the film is checked by; pdf: where its twin is
    written, None for nowhere; job: whose gates and approvals it shows; archive: the film's archive; embed_mb: megabytes
    of a film that is put into the page, else a small copy is; at: the time to judge at, None for now: with it, the same
    film and lists give the same bytes."""

    check: CheckRequest = field(default_factory=CheckRequest)
    pdf: Path | None = None
    job: Path | None = None
    archive: Path | None = None
    embed_mb: int = 64
    at: datetime | None = None


@dataclass(frozen=True)
class MadeEvidence:
    """A report that was written. page: its path; notes: what to know of how it was made; data: the JSON object that
    the command prints with --json."""

    page: Path
    pdf: Path | None
    notes: tuple[str, ...]
    data: Mapping[str, Any]


def make_evidence(
    file: Path | str,
    out: Path | str,
    asked: EvidenceRequest | None = None,
    settings: Settings | None = None,
    *,
    anchors: Sequence[Anchors] | None = None,
    pool: WorkerPool | InProcess | None = None,
) -> MadeEvidence:
    """Writes the evidence report of a film, and returns where it is and what it holds.

    out: a new file that ends in .html; anchors: trust lists in place of this user's, with which the page checks too;
    pool: whose worker opens the film, None for one that ends with it. Raises SourceError where the file is missing or
    no media, JobError for a wrong name or policy, OutputError where it cannot be written.
    """
    from post.atomic import write_whole
    from post.evidence.film_bytes import embed_film
    from post.qc.look import WorkerLook
    from provenance.evidence.page import render_evidence

    wanted, path, page = asked or EvidenceRequest(), Path(file), Path(out)
    _check_names(page, wanted.pdf)
    lists = read_anchors((settings or Settings()).config) if anchors is None else anchors
    with WorkerLook(path, wanted.check.fonts, pool) as look:
        report, checked, notes = _gather(path, look, wanted, lists)
        film, why = embed_film(report.file, report.media_type, wanted.embed_mb, look.call)
    html = render_evidence(report, film)
    pdf = _pdf(report) if wanted.pdf else b""
    write_whole(page, html)
    if wanted.pdf:
        write_whole(wanted.pdf, pdf)
    kind = "none" if film is None else "copy" if film.is_copy else "film"
    data = {
        "report": str(page),
        "pdf": str(wanted.pdf) if wanted.pdf else None,
        "embedded": kind,
        "file": {"path": str(path), "sha256": report.file.sha256, "bytes": report.file.bytes},
        **{name: getattr(checked.reports[0], name) for name in ("integrity", "signer", "time", "chain")},
        "counts": checked.counts,
        "sections": [each.name for each in report.sections],
        "notes": [*notes, *([why] if why else [])],
    }
    return MadeEvidence(page, wanted.pdf, tuple(data["notes"]), data)


def _check_names(page: Path, pdf: Path | None) -> None:
    from post.errors import JobError

    if page.suffix.lower() not in HTML:
        raise JobError("not a page's name", where="-o", expected="a name ending in .html", got=page.name)
    if pdf is not None and pdf.suffix.lower() != PDF:
        raise JobError("not a PDF's name", where="--pdf", expected="a name ending in .pdf", got=pdf.name)


def _gather(
    path: Path, look: WorkerLook, asked: EvidenceRequest, anchors: Sequence[Anchors]
) -> tuple[EvidenceReport, CheckReport, list[str]]:
    """Returns the report, what checking the film came to, and notes."""
    from provenance.evidence.report import MoreEvidence, gather_evidence
    from provenance.verify import VerifyOptions, examine

    options = VerifyOptions(asked.at)
    checked = check_looked(path, look, asked.check, anchors, options)
    (judged,) = checked.reports
    verified = replace(examine(path, anchors, options=options), report=judged)
    pictures, faults = _pictures(path, judged.policies, look)
    poster, more = _poster(verified, look)
    notes = [*checked.notes, *faults, *more]
    beside = MoreEvidence(poster, pictures, notes=checked.notes, searched=look.has_searched)
    return gather_evidence(verified, anchors, beside), checked, notes


def _pictures(
    path: Path, policies: Sequence[Any], look: WorkerLook
) -> tuple[dict[tuple[str, str], Poster], list[str]]:
    """Returns the frame that shows each rule, and why others could not be taken."""
    from post.report.check_page.evidence import evidence_parts

    found, faults = dict[tuple[str, str], Any](), list[str]()
    for result in policies:
        parts, missed = evidence_parts(path, result.rulings, look.call)
        faults += missed
        found |= {(result.profile, result.rulings[at].id): part.still for at, part in parts.items()}
    return found, faults


def _poster(verified: Verified, look: WorkerLook) -> tuple[Poster | None, list[str]]:
    """Returns a frame of the film, or why there is none."""
    from post.errors import AnswerprintError
    from post.report.poster import poster_of
    from provenance.verify.reviewer.page import poster_time

    try:
        path, kind = Path(verified.report.file.path), verified.reading.media_type
        return look.call(poster_of, path, poster_time(verified), kind), []
    except AnswerprintError as fault:
        return None, [f"the report shows no frame of the film: {fault}"]


def _pdf(report: EvidenceReport) -> bytes:
    """Returns the report as a PDF. Raises JobError where the extra `pdf` is not installed."""
    from post.api.extras import extra_is_here

    with extra_is_here("pdf", "--pdf"):
        from post.evidence.pdf.document import render_pdf
    return render_pdf(report)
