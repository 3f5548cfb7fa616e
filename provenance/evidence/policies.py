"""What policies say of a film, rule by rule, with the frame that shows each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from post.values.claim import Ruling, Verdict
from provenance.evidence.blocks import (
    EvidenceBlock,
    EvidenceCell,
    EvidenceFacts,
    EvidenceHeading,
    EvidenceSection,
    EvidenceTable,
    EvidenceWords,
    Tone,
    bounded,
    bounded_rows,
)
from provenance.report import PolicyResult
from provenance.verify.reviewer.page import Poster

# What needs attention first.
VERDICT_ORDER: tuple[Verdict, ...] = (
    "fail", "cannot_check", "needs_human", "warn", "waived", "pass", "not_applicable",
)  # fmt: skip
VERDICT_WORDS: dict[Verdict, str] = {
    "pass": "pass", "fail": "fail", "warn": "warning", "needs_human": "a person must say",
    "not_applicable": "does not apply", "cannot_check": "could not be checked", "waived": "waived",
}  # fmt: skip
_TONES: dict[Verdict, Tone] = {"pass": "good", "fail": "bad"}
_SHORT = 600
Pictures = Mapping[tuple[str, str], Poster]


def policy_section(
    results: Sequence[PolicyResult], pictures: Pictures, notes: Sequence[str] = ()
) -> EvidenceSection:
    """Returns the verdicts of policies. pictures: the frame that shows a rule, by (policy, rule); notes: on how the
    policies were chosen."""
    blocks = list[EvidenceBlock]()
    if not results:
        blocks.append(EvidenceWords("The film was checked against no policy. This is not a pass."))
    else:
        note = "A rule that could not be checked is no pass, and nothing here adds the rules up."
        blocks.append(EvidenceWords(note, quiet=True))
    blocks += [EvidenceWords(bounded(note, _SHORT)) for note in notes]
    for result in results:
        blocks.append(EvidenceHeading(f"{result.profile} {result.version}"))
        blocks.append(EvidenceFacts(_about(result)))
        rulings, left = bounded_rows(
            sorted(result.rulings, key=lambda each: VERDICT_ORDER.index(each.verdict))
        )
        rows = tuple(_row(each, pictures.get((result.profile, each.id))) for each in rulings)
        heads = ("Rule", "Verdict", "Measured, required, and where it stands")
        blocks.append(EvidenceTable(heads, (25, 15, 60), rows))
        blocks += [EvidenceWords(left)] if left else []
    return EvidenceSection("policies", "Policies, rule by rule", tuple(blocks))


def _about(result: PolicyResult) -> tuple[tuple[str, str], ...]:
    rows = (("Result", str(result)), ("SHA-256 of the policy", result.sha256))
    return tuple(row for row in rows if row[1])


def _row(rule: Ruling, picture: Poster | None) -> tuple[EvidenceCell, ...]:
    said = [f"Measured: {rule.measured}" if rule.measured else "", _required(rule), _where(rule)]
    source = "; ".join(
        filter(
            None,
            (
                f"Source: {rule.source}" if rule.source else "",
                f"force: {rule.force}" if rule.force else "",
                f"confidence: {rule.confidence}" if rule.confidence else "",
                f"“{rule.quote}”" if rule.quote else "",
            ),
        )
    )
    lines = [bounded(each, _SHORT) for each in (*said, rule.evidence, source) if each]
    first, *rest = lines or [""]
    at = float(rule.at[0][0]) if rule.at else None
    return (
        EvidenceCell(rule.id, (bounded(rule.says, _SHORT),) if rule.says else ()),
        EvidenceCell(VERDICT_WORDS[rule.verdict], tone=_TONES.get(rule.verdict, "open"), state=True),
        EvidenceCell(first, tuple(rest), picture=picture, at_s=at if at is not None else _shown_at(picture)),
    )


def _required(rule: Ruling) -> str:
    if not rule.threshold:
        return ""
    return f"Required: {rule.threshold}" + (f" (number from: {rule.origin})" if rule.origin else "")


def _where(rule: Ruling) -> str:
    spans = [
        f"{float(start):.2f} s" if start == end else f"{float(start):.2f} to {float(end):.2f} s"
        for start, end in rule.at[:6]
    ]
    more = [f"and {len(rule.at) - 6} more"] if len(rule.at) > 6 else []
    frame = [f"frame {rule.frame}"] if rule.frame is not None else []
    box = [f"box {', '.join(map(str, rule.box))}"] if rule.box else []
    parts = (*spans, *more, *frame, *box)
    return f"Where: {', '.join(parts)}" if parts else ""


def _shown_at(picture: Poster | None) -> float | None:
    return picture.at if picture else None
