"""What the Content Credentials of a film say, as sections: questions, findings, actions, signatures and trust lists."""

from __future__ import annotations

from collections.abc import Iterator

from provenance.evidence.blocks import (
    EvidenceBlock,
    EvidenceCell,
    EvidenceSection,
    EvidenceTable,
    EvidenceWords,
    bounded,
    bounded_rows,
)
from provenance.report import Report
from provenance.verify import Verified
from provenance.verify.reviewer.declared import DeclaredAction, list_actions
from provenance.verify.reviewer.manifest_tree import TreeLine, list_tree
from provenance.verify.reviewer.page import answer_rows
from provenance.verify.reviewer.plain_words import code_words, relationship_words

_SHORT = 400  # characters of a text in a cell
_ROLES = {"tsa": "time-stamping authorities", "identity": "identities"}
_WHOSE = {"public": "the C2PA programme's", "development": "made for development: nobody else's"}


def questions_section(report: Report) -> EvidenceSection:
    """Returns every question about a file, each answered by itself."""
    rows = tuple(
        (
            EvidenceCell(row.question),
            EvidenceCell(bounded(row.answer, _SHORT), tone=row.mood, state=True),
            EvidenceCell(row.means, (row.how,)),
        )
        for row in answer_rows(report)
    )
    note = "Each question is answered by itself: no answer depends on another, and nothing here adds them up."
    heads = ("Question", "Answer", "What it means, and what was checked")
    return EvidenceSection(
        "questions",
        "The questions",
        (EvidenceWords(note, quiet=True), EvidenceTable(heads, (15, 27, 58), rows)),
    )


def findings_section(report: Report) -> EvidenceSection:
    """Returns all findings of a verification, and where the film was changed."""
    blocks = list[EvidenceBlock]()
    if report.tampered_at:
        spans = ", ".join(f"{start:.2f} s to {stop:.2f} s" for start, stop in report.tampered_at[:20])
        blocks.append(EvidenceWords(f"Changed after it was signed: {spans}.", tone="bad"))
    shown, left = bounded_rows(report.findings)
    rows = tuple(
        (
            EvidenceCell(each.kind),
            EvidenceCell(code_words(each.code) or "(no words for it here)", (bounded(each.code, _SHORT),)),
            EvidenceCell(bounded(each.why, _SHORT), (bounded(each.where, _SHORT),) if each.where else ()),
        )
        for each in shown
    )
    if rows:
        blocks.append(EvidenceTable(("About", "What was found", "Why, and where"), (14, 36, 50), rows))
    else:
        blocks.append(EvidenceWords("There are no findings."))
    blocks += [EvidenceWords(left)] if left else []
    if report.unhashed:
        uncovered, more = bounded_rows(report.unhashed)
        cells = tuple((EvidenceCell(each.box), EvidenceCell(f"{each.bytes:,}")) for each in uncovered)
        blocks.append(EvidenceWords("Bytes that no signature covers:", tone="bad"))
        blocks.append(EvidenceTable(("Where", "Bytes"), (70, 30), cells))
        blocks += [EvidenceWords(more)] if more else []
    return EvidenceSection("findings", "Findings about the file", tuple(blocks))


def signatures_section(verified: Verified) -> EvidenceSection:
    """Returns who signed each manifest of a file, and whose lists were asked."""
    report = verified.report
    blocks = list[EvidenceBlock]()
    if report.manifests:
        lines = list_tree(verified.reading.manifests, report.manifests)
        rows = tuple(_tree_row(line) for line in lines)
        blocks.append(
            EvidenceWords("The film, and what it was made from, each with its own signature.", quiet=True)
        )
        blocks.append(EvidenceTable(("Part", "Signed by", "What was found"), (36, 32, 32), rows))
    else:
        blocks.append(EvidenceWords("No signature that can be read is in the file."))
    blocks += list(_lists(report))
    return EvidenceSection("signatures", "Signatures in the file", tuple(blocks))


def actions_section(verified: Verified) -> EvidenceSection | None:
    """Returns what the signer says was done, in the order of the film; None where no manifest says it."""
    manifests = verified.reading.manifests
    actions = list_actions(manifests[0]) if manifests else ()
    if not actions:
        return None
    heads = ("Action", "When", "Shots", "Source type", "Details")
    table = EvidenceTable(heads, (22, 14, 14, 20, 30), tuple(map(_action_row, actions)))
    note = "The signer's own words, in the order of the film. Nobody else has checked them."
    return EvidenceSection("actions", "What was done", (EvidenceWords(note, quiet=True), table))


def _tree_row(line: TreeLine) -> tuple[EvidenceCell, ...]:
    """Returns a row about one part. Its depth stands before its name as so many dots: a table has no branches."""
    kind = relationship_words(line.relationship) or line.relationship
    again = " (listed above)" if line.again else ""
    name = f"{'· ' * line.depth}{bounded(line.title, _SHORT)}{again}"
    failed = tuple(f"failed when it was taken in: {code_words(one) or one} ({one})" for one in line.failed)
    found = line.summary
    if found is None or line.again:
        said = "" if line.again else "no manifest of its own in this file"
        return EvidenceCell(name, (kind,) if kind else ()), EvidenceCell(said), EvidenceCell("", failed)
    by = (f"issuer: {found.issuer}",) if found.issuer else ()
    tool = (f"made with: {found.generator}",) if found.generator else ()
    vouched = (f"vouched for by {', '.join(found.vouched_by)}",) if found.vouched_by else ()
    stamped = f": {found.time}" if found.time else ""
    return (
        EvidenceCell(name, tuple(filter(None, (kind, bounded(found.label, _SHORT))))),
        EvidenceCell(
            bounded(found.signer, _SHORT) or "a signer without a name",
            (
                *map(bounded, (*by, *tool)),
                *([f"certificate {found.certificate}"] if found.certificate else []),
            ),
        ),
        EvidenceCell(
            f"signer {found.signer_state}",
            (*vouched, f"time {found.time_state}{stamped}", f"revocation {found.revocation}", *failed),
            "bad" if found.signer_state == "revoked" or failed else "",
        ),
    )


def _lists(report: Report) -> Iterator[EvidenceBlock]:
    if not report.trust_lists:
        yield EvidenceWords("No trust list was used: no signer could be trusted.", tone="bad")
        return
    rows = tuple(
        (
            EvidenceCell(bounded(each.name, _SHORT)),
            EvidenceCell(_WHOSE.get(each.kind, "the user's own")),
            EvidenceCell(_ROLES.get(each.role, "signers")),
            EvidenceCell(each.dated, ("over 180 days old",) if each.old else ()),
            EvidenceCell(str(each.certificates)),
        )
        for each in report.trust_lists
    )
    yield EvidenceWords("Trust lists that were used:")
    yield EvidenceTable(("List", "Whose", "Names", "Dated", "Certificates"), (30, 26, 20, 12, 12), rows)


def _action_row(each: DeclaredAction) -> tuple[EvidenceCell, ...]:
    written = tuple(f"written in the picture: {text}" for text in each.texts if text)
    return (
        EvidenceCell(each.words or "(not one of the standard's)", (each.name,)),
        EvidenceCell(bounded(each.when, _SHORT) or "–"),
        EvidenceCell(bounded(", ".join(each.shots), _SHORT) or "–"),
        EvidenceCell(each.source_words or "–", (each.source_type,) if each.source_type else ()),
        EvidenceCell(each.details or "–", written),
    )
