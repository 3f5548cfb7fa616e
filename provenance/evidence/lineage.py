"""Where a film comes from, from prompt to master: its shots, the takes in them, and how each fact is known.

All of it is read from the film's own manifest, so that it can be shown of any film that Answerprint signed, without its
job. Prompts are told as the film tells them: in full, or as their digests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from post.values.media import CREDENTIALS
from provenance.claim.build import ACCEPTED, PROMPTS_LABEL, RECEIPT_LABEL
from provenance.crjson.manifest import ManifestView, as_list, as_mapping, mappings
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
from provenance.record.model import PROMPTS
from provenance.verify.reviewer.plain_words import relationship_words, source_type_words

# What each way of knowing a field is worth.
TRUST_WORDS = {
    "signature-verified": "verified: signed by a trusted signer",
    "recorded": "recorded by us, when the clip was ordered",
    "provider-asserted": "asserted by the provider's answer",
    "container-claimed": "claimed by a tag in the file, which anybody can write",
}
_TONES: dict[str, Tone] = {"signature-verified": "good", "container-claimed": "open"}
_FIRST = (*PROMPTS, "provider", "model", "version", "seed")
_SHORT = 400
_PROMPT = 2_000  # characters of a prompt: half a page


@dataclass(frozen=True, slots=True)
class KnownField:
    """One field of how a take was generated. how: as in `provenance.record.model.HOW`."""

    field: str
    value: str
    how: str


@dataclass(frozen=True, slots=True)
class TakeLineage:
    """One file that went into the film, as the film's receipt tells it. accepted: the job's reason for using it though
    its credentials fail; conflicts: fields for which sources give different values."""

    title: str
    sha256: str
    relationship: str
    credential: str
    source_type: str
    fields: tuple[KnownField, ...]
    conflicts: tuple[str, ...]
    accepted: str


def read_takes(view: ManifestView) -> tuple[TakeLineage, ...]:
    """Returns the takes that a manifest's receipt names, in its order. The manifest may hold anything."""
    told = _told_prompts(view)
    return tuple(_take(row, told) for row in mappings(view.assertion(RECEIPT_LABEL).get("takes")))


def lineage_section(manifests: Sequence[Mapping[str, Any]]) -> EvidenceSection:
    """Returns where a film comes from. manifests: of the file, in crJSON, the active one first."""
    title = "From prompt to master"
    view = ManifestView(manifests[0]) if manifests else ManifestView({})
    receipt = view.assertion(RECEIPT_LABEL)
    if not receipt:
        why = (
            "The file holds no receipt of Answerprint: what it was made from is told by its signatures alone."
        )
        return EvidenceSection("lineage", title, (EvidenceWords(why),))
    blocks = [*_shots(receipt), *_takes(read_takes(view)), *_master(receipt)]
    return EvidenceSection("lineage", title, tuple(blocks))


def _told_prompts(view: ManifestView) -> dict[str, tuple[KnownField, ...]]:
    """Returns the prompts that are told in full, by the SHA-256 of their take."""
    rows = mappings(view.assertion(PROMPTS_LABEL).get("takes"))
    return {str(row.get("sha256", "")): tuple(_fields(row.get("prompts"))) for row in rows}


def _take(row: Mapping[str, Any], told: Mapping[str, tuple[KnownField, ...]]) -> TakeLineage:
    sha256 = str(row.get("sha256", ""))
    prompts, known = told.get(sha256, ()), tuple(_fields(row.get("record")))
    if prompts:
        known = (*prompts, *(each for each in known if each.field.partition(".")[0] not in PROMPTS))
    order = {name: place for place, name in enumerate(_FIRST)}
    fields = sorted(known, key=lambda each: order.get(each.field.partition(".")[0], len(order)))
    return TakeLineage(
        str(row.get("title", "")),
        sha256,
        str(row.get("relationship", "")),
        str(row.get("credential", "")),
        str(row.get("source_type", "")),
        tuple(fields),
        tuple(str(each) for each in as_list(row.get("conflicts"))),
        str(row.get(ACCEPTED, "")),
    )


def _fields(rows: Any) -> Iterator[KnownField]:
    for row in as_list(rows):
        if isinstance(row, list | tuple) and len(row) == 3:
            yield KnownField(*map(str, row))


def _shots(receipt: Mapping[str, Any]) -> Iterator[EvidenceBlock]:
    shots, left = bounded_rows(mappings(receipt.get("shots")))
    rate = str(receipt.get("rate", ""))
    if not shots:
        return
    rows = tuple(
        (
            EvidenceCell(bounded(str(row.get("shot", "")), _SHORT)),
            EvidenceCell(
                f"{row.get('first')} to {_last(row.get('stop'))}", at_s=_second(row.get("first"), rate)
            ),
            EvidenceCell(_length(row, rate)),
        )
        for row in shots
    )
    yield EvidenceWords(
        "The shots of the film, in order. Each is named by the take that it shows, or by its id."
    )
    yield EvidenceTable(("Shot", "Frames, counted from 0", "Length"), (50, 30, 20), rows)
    if left:
        yield EvidenceWords(left)


def _takes(takes: Sequence[TakeLineage]) -> Iterator[EvidenceBlock]:
    shown, left = bounded_rows(takes)
    if not shown:
        yield EvidenceWords("The receipt names no file that the film was made from.")
        return
    yield EvidenceWords("The files that the film was made from, and how each fact about them is known:")
    levels = "; ".join(TRUST_WORDS.values())
    yield EvidenceWords(f"A fact is, from the strongest to the weakest: {levels}.", quiet=True)
    for take in shown:
        yield from _one_take(take)
    if left:
        yield EvidenceWords(left)


def _one_take(take: TakeLineage) -> Iterator[EvidenceBlock]:
    kind = relationship_words(take.relationship) or bounded(take.relationship, _SHORT)
    made = source_type_words(take.source_type) or bounded(take.source_type, _SHORT) or "not said"
    state = CREDENTIALS.get(take.credential, "not known") if take.credential in CREDENTIALS else "not known"
    facts = [
        ("SHA-256", bounded(take.sha256, _SHORT)),
        ("Its part in the film", kind or "not said"),
        ("How it was made", made),
        ("Its credentials", f"{bounded(take.credential, _SHORT)}: {state}"),
    ]
    if take.accepted:
        facts.append(("Why it was used though its credentials fail", bounded(take.accepted, _SHORT)))
    if take.conflicts:
        facts.append(("Sources give different values for", bounded(", ".join(take.conflicts), _SHORT)))
    yield EvidenceHeading(f"Take: {bounded(take.title, _SHORT)}")
    yield EvidenceFacts(tuple(facts))
    fields, left = bounded_rows(take.fields, 60)
    if fields:
        yield EvidenceTable(
            ("Field", "Value", "How it is known"), (18, 50, 32), tuple(map(_field_row, fields))
        )
    else:
        yield EvidenceWords("Nothing is recorded of how it was generated.")
    if left:
        yield EvidenceWords(left)


def _field_row(each: KnownField) -> tuple[EvidenceCell, ...]:
    is_prompt = each.field.partition(".")[0] in PROMPTS
    digest = (
        ("the digest of the text: the film does not tell it",) if each.value.startswith("sha256:") else ()
    )
    return (
        EvidenceCell(bounded(each.field.replace("_", " "), 80)),
        EvidenceCell(bounded(each.value, _PROMPT if is_prompt else _SHORT), digest),
        EvidenceCell(
            TRUST_WORDS.get(each.how, "not known"),
            tone=_TONES.get(each.how, ""),
            state=True,
        ),
    )


def _master(receipt: Mapping[str, Any]) -> Iterator[EvidenceBlock]:
    measured = as_mapping(receipt.get("measured"))
    version = ", ".join(f"{axis} {value}" for axis, value in as_mapping(receipt.get("version")).items())
    yield EvidenceHeading("The master, as it was before it was signed")
    rows = [
        ("Title", receipt.get("title", "")),
        ("Deliverable", receipt.get("name", "")),
        ("Version", version),
        ("Made with", receipt.get("tool", "")),
        ("Frames", f"{receipt.get('frames', '')} at {receipt.get('rate', '')} a second"),
        ("Samples of sound", receipt.get("samples", "")),
        ("SHA-256, unsigned", receipt.get("sha256", "")),
        ("Digest of the plan", receipt.get("plan", "")),
        ("Segments", len(as_list(receipt.get("segments")))),
        *((f"Measured: {name}", value) for name, value in list(measured.items())[:20]),
    ]
    shown = tuple((bounded(name, 80), bounded(str(value), _SHORT)) for name, value in rows if str(value))
    yield EvidenceFacts(shown)


def _last(stop: Any) -> Any:
    return stop - 1 if isinstance(stop, int) else stop


def _second(frame: Any, rate: str) -> float | None:
    """Returns the second in the middle of a frame, where a player is sought; None where it is not known."""
    over, _, under = rate.partition("/")
    if not isinstance(frame, int) or not over.isdecimal() or len(rate) > 20 or not (under or "1").isdecimal():
        return None
    return (frame + 0.5) * int(under or 1) / int(over) if int(over) else None


def _length(row: Mapping[str, Any], rate: str) -> str:
    start, stop = _second(row.get("first"), rate), _second(row.get("stop"), rate)
    return "" if start is None or stop is None else f"{stop - start:.2f} s"
