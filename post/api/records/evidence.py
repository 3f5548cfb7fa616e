"""Makes the evidence report of a film: one page that opens from a disk, and its twin in PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from post.api.checking import CheckRequest, check_looked, of_job
from post.api.jobs import with_marks
from post.api.settings import Settings
from post.api.stores import read_anchors
from post.atomic import real_path

if TYPE_CHECKING:
    from post.api.checked import CheckReport
    from post.engine import InProcess, WorkerPool
    from post.evidence.approvals import GatheredSignoff
    from post.job.model import Job
    from post.qc.look import WorkerLook
    from provenance.archive.bag import Bag
    from provenance.evidence.blocks import EvidenceCommand, EvidenceSection
    from provenance.evidence.report import EvidenceReport
    from provenance.report import PolicyResult
    from provenance.trust.lists import Anchors
    from provenance.verify import Verified
    from provenance.verify.reviewer.page import Poster

HTML, PDF = (".html", ".htm"), ".pdf"


@dataclass(frozen=True)
class EvidenceRequest:
    """What a report shows. check: which policies, facts and waivers the film is checked by; pdf: where its twin is
    written, None for nowhere; job: whose gates and approvals it shows, and whose policies count where none is named;
    archive: the film's archive, every file of which is checked; embed_mb: megabytes of a film that is put into the
    page, else a small copy is; at: the time to judge at, None for now: with it, the same film and lists give the same
    bytes."""

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
    no media, JobError for a wrong name, policy or job, OutputError where it cannot be written.
    """
    from post.atomic import write_whole
    from post.evidence.film_bytes import embed_film
    from post.qc.look import WorkerLook
    from provenance.evidence.page import render_evidence

    wanted, path, page, own = asked or EvidenceRequest(), Path(file), Path(out), settings or Settings()
    _check_names(page, wanted.pdf)
    lists = read_anchors(own.config) if anchors is None else anchors
    with WorkerLook(path, wanted.check.fonts, pool) as look:
        gathered = _Gathering(path, look, wanted, lists, own.config)
        report = gathered.report()
        film, why = embed_film(report.file, report.media_type, wanted.embed_mb, look.call)
    html, pdf = render_evidence(report, film), _pdf(report) if wanted.pdf else b""
    write_whole(page, html)
    if wanted.pdf:
        write_whole(wanted.pdf, pdf)
    notes = (*gathered.notes, *([why] if why else []))
    data = {
        "report": str(page),
        "pdf": str(wanted.pdf) if wanted.pdf else None,
        "embedded": "none" if film is None else "copy" if film.is_copy else "film",
        **gathered.plain(),
        "sections": [each.name for each in report.sections],
        "notes": list(notes),
    }
    return MadeEvidence(page, wanted.pdf, notes, data)


def _check_names(page: Path, pdf: Path | None) -> None:
    from post.errors import JobError

    if page.suffix.lower() not in HTML:
        raise JobError("not a page's name", where="-o", expected="a name ending in .html", got=page.name)
    if pdf is not None and pdf.suffix.lower() != PDF:
        raise JobError("not a PDF's name", where="--pdf", expected="a name ending in .pdf", got=pdf.name)


class _Gathering:
    """Gathers what one report shows. notes: what to know of how it was gathered."""

    def __init__(
        self, path: Path, look: WorkerLook, asked: EvidenceRequest, anchors: Sequence[Anchors], config: Path
    ) -> None:
        self.path, self.look, self.asked, self.anchors, self.config = path, look, asked, anchors, config
        self.notes: list[str] = []
        self.signoff: GatheredSignoff | None = None
        self.checked: CheckReport | None = None
        self.bag: Bag | None = None

    def report(self) -> EvidenceReport:
        """Returns the report."""
        from provenance.evidence.report import MoreEvidence, gather_evidence
        from provenance.verify import VerifyOptions, examine

        options = VerifyOptions(self.asked.at)
        verified, check = examine(self.path, self.anchors, options=options), self.asked.check
        if self.asked.job:
            job, name = self._job(self.asked.job, verified)
            check = of_job(check, job)
            self.signoff = self._signoff(verified, name, job)
        self.checked = check_looked(self.path, self.look, check, self.anchors, options)
        (judged,) = self.checked.reports
        verified = replace(verified, report=judged)
        self.notes += self.checked.notes
        sections, commands = (self.signoff.sections, self.signoff.commands) if self.signoff else ((), ())
        if self.asked.archive:
            archive, how = self._archive(self.asked.archive)
            sections, commands = (*sections, archive), (*commands, *how)
        beside = MoreEvidence(
            self._poster(verified),
            self._pictures(judged.policies),
            sections,
            commands,
            self.checked.notes,
            self.look.has_searched,
        )
        return gather_evidence(verified, self.anchors, beside)

    def plain(self) -> dict[str, Any]:
        """Returns what the report is about as JSON values."""
        assert self.checked is not None
        (report,) = self.checked.reports
        return {
            "file": {"path": str(self.path), "sha256": report.file.sha256, "bytes": report.file.bytes},
            "integrity": report.integrity,
            "signer": report.signer,
            "time": report.time,
            "chain": report.chain,
            "counts": self.checked.counts,
            "archive": None if self.bag is None else {"path": str(self.bag.folder), "valid": self.bag.valid},
            "gates": [
                {"gate": name, "met": met} for name, met in (self.signoff.gates if self.signoff else ())
            ],
        }

    def _job(self, path: Path, verified: Verified) -> tuple[Job, str]:
        """Returns the job of the film's version, and the name of its deliverable."""
        from post.evidence.approvals import deliverable_of
        from post.job.versions.load import load_versions

        name = deliverable_of(verified, path)
        return with_marks(self.look.call(load_versions, path), self.config, name)[0], name

    def _signoff(self, verified: Verified, name: str, job: Job) -> GatheredSignoff:
        from post.evidence.approvals import gather_signoff

        return gather_signoff(verified, name, job, self.config, self.look.call)

    def _archive(self, folder: Path) -> tuple[EvidenceSection, tuple[EvidenceCommand, ...]]:
        """Reads and checks an archive. Raises SourceError where there is none, or it cannot be read."""
        from provenance.archive.bag_files import hash_file
        from provenance.archive.read_bag import read_bag
        from provenance.evidence.archive import archive_commands, archive_section

        self.bag = read_bag(folder)
        film = hash_file(real_path(self.path), ("md5", "sha1", "sha256", "sha512"))
        return archive_section(self.bag, film), archive_commands(self.bag)

    def _pictures(self, policies: Sequence[PolicyResult]) -> dict[tuple[str, str], Poster]:
        """Returns the frame that shows each rule."""
        from post.report.check_page.evidence import evidence_parts

        found = dict[tuple[str, str], Any]()
        for result in policies:
            parts, missed = evidence_parts(self.path, result.rulings, self.look.call)
            self.notes += missed
            found |= {(result.profile, result.rulings[at].id): part.still for at, part in parts.items()}
        return found

    def _poster(self, verified: Verified) -> Poster | None:
        """Returns a frame of the film; None where there is none."""
        from post.errors import AnswerprintError
        from post.report.poster import poster_of
        from provenance.verify.reviewer.page import poster_time

        try:
            kind = verified.reading.media_type
            return self.look.call(poster_of, self.path, poster_time(verified), kind)
        except AnswerprintError as fault:
            self.notes.append(f"the report shows no frame of the film: {fault}")
            return None


def _pdf(report: EvidenceReport) -> bytes:
    """Returns the report as a PDF. Raises JobError where the extra `pdf` is not installed."""
    from post.api.extras import extra_is_here

    with extra_is_here("pdf", "--pdf"):
        from post.evidence.pdf.document import render_pdf
    return render_pdf(report)
