"""The evidence report of one film: what is known of it, as sections that the page and the PDF both show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from provenance.evidence.blocks import (
    EvidenceCell,
    EvidenceCommand,
    EvidenceSection,
    EvidenceTable,
    EvidenceWords,
)
from provenance.evidence.credentials import (
    actions_section,
    findings_section,
    questions_section,
    signatures_section,
)
from provenance.evidence.instructions import instructions_section
from provenance.evidence.lineage import lineage_section
from provenance.evidence.policies import policy_section
from provenance.evidence.rates import rates_section
from provenance.evidence.signoff import declared_section
from provenance.evidence.verifier import read_versions
from provenance.report import ExaminedFile
from provenance.trust.lists import Anchors
from provenance.verify import Verified
from provenance.verify.reviewer.page import Poster
from provenance.verify.reviewer.summary import Summary, summarise_for_people

TOOLS = (
    "answerprint",
    "c2pa-python",
    "cryptography",
    "securesystemslib",
    "av",
    "numpy",
    "opencv-python-headless",
)


@dataclass(frozen=True, slots=True)
class EvidenceReport:
    """Everything a report shows, in order. name: of the film's file; judged_at: the time that its credentials were
    judged as at, ISO 8601; anchors: whom the page trusts."""

    name: str
    file: ExaminedFile
    media_type: str
    judged_at: str
    summary: Summary
    poster: Poster | None
    sections: tuple[EvidenceSection, ...]
    anchors: tuple[Anchors, ...]


@dataclass(frozen=True, slots=True)
class MoreEvidence:
    """What is known beside the film itself. pictures: the frame that shows a rule, by (policy, rule); sections: after
    the policies, as of sign-off: without that, the approvals that the film declares are shown; commands: to verify
    them; notes: on how policies were chosen; searched: whether the picture was searched for labels."""

    poster: Poster | None = None
    pictures: Mapping[tuple[str, str], Poster] = field(default_factory=dict)
    sections: tuple[EvidenceSection, ...] = ()
    commands: tuple[EvidenceCommand, ...] = ()
    notes: tuple[str, ...] = ()
    searched: bool = False


def gather_evidence(
    verified: Verified, anchors: Sequence[Anchors], more: MoreEvidence | None = None
) -> EvidenceReport:
    """Returns the report of a verified film. anchors: the lists that it was verified by."""
    more, report = more or MoreEvidence(), verified.report
    name, manifests = Path(report.file.path).name, verified.reading.manifests
    commands = instructions_section(name, report.file.sha256, anchors, more.commands)
    sections = (
        questions_section(report),
        findings_section(report),
        policy_section(report.policies, more.pictures, more.notes),
        rates_section() if report.policies else None,
        *(() if any(each.name == "signoff" for each in more.sections) else (declared_section(manifests),)),
        *more.sections,
        lineage_section(manifests),
        actions_section(verified),
        signatures_section(verified),
        commands,
        _tools(),
    )
    media_type = verified.reading.media_type
    return EvidenceReport(
        name,
        report.file,
        media_type,
        report.judged_at,
        summarise_for_people(report, media_type, searched=more.searched),
        more.poster,
        tuple(each for each in sections if each is not None),
        tuple(anchors),
    )


def _tools() -> EvidenceSection:
    rows = [(name, _release(name), "made this report") for name in TOOLS]
    rows += [
        (str(row["package"]), str(row["version"]), f"verifies in the page ({row['licence']})")
        for row in read_versions()
    ]
    cells = tuple(tuple(map(EvidenceCell, row)) for row in rows)
    note = EvidenceWords(
        "The releases of what judged the film, and of what the page judges it with.", quiet=True
    )
    return EvidenceSection(
        "tools", "Tools", (note, EvidenceTable(("Tool", "Release", "What it did"), (40, 20, 40), cells))
    )


def _release(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
