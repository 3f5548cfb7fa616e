"""Builds the claim of a finished film from its receipt."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from post.errors import ProvenanceError
from post.receipt import SCHEMA, Disclosure, Ingredient, Receipt
from provenance.blocks import hashing
from provenance.claim import actions
from provenance.claim.soft_bindings import build_soft_bindings
from provenance.claim.vocabulary import check_label, is_generated
from provenance.record.model import PROMPTS, FieldValue, find_conflicts

RECEIPT_LABEL = "org.answerprint.receipt"
PROMPTS_LABEL = "org.answerprint.prompts"
APPROVALS_LABEL, APPROVALS_SCHEMA = "org.answerprint.approvals", "Approvals.1"
PROMPTS_SCHEMA = "Prompts.1"
DISCLOSURE_LABEL = "c2pa.ai-disclosure"
TRAINING_LABEL = "cawg.training-mining"
# The record field with the job's reason for using a clip whose credentials fail.
ACCEPTED = "accepted"
# A prompt may be a client's secret: its digest still proves which prompt was used. The tags that people and
# generators write prompts into are replaced by digests too, and so is the operator's name.
_BY_DIGEST = frozenset(
    (
        *PROMPTS,
        "comment",
        "description",
        "synopsis",
        "parameters",
        "workflow",
        "lyrics",
        "keywords",
        "operator",
    )
)
# CAWG Training and Data Mining 1.1, 4: the uses, and the answers to each.
_USES = ("cawg.ai_generative_training", "cawg.ai_training", "cawg.ai_inference", "cawg.data_mining")
_ANSWERS = ("allowed", "notAllowed", "constrained")


@dataclass(frozen=True, slots=True)
class Assertion:
    """One assertion of a claim. created: whether this tool itself made it, rather than gathered it (C2PA 2.4,
    10.2.1.2); json: whether it is stored as JSON rather than CBOR."""

    label: str
    data: Mapping[str, Any]
    created: bool = True
    json: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """A manifest that is not signed yet. tool, version: the claim generator.

    Raises ProvenanceError if an assertion may not have its label.
    """

    title: str
    tool: str
    version: str
    assertions: tuple[Assertion, ...]

    def __post_init__(self) -> None:
        for each in self.assertions:
            check_label(each.label)


def build_claim(receipt: Receipt, film: Path) -> Claim:
    """Returns the claim of a finished, unsigned film, which is read once.

    Raises ProvenanceError if the receipt belongs to another file or declares what C2PA forbids, and
    SourceError if the film cannot be read as an MP4.
    """
    digests = hashing.hash_film(film)
    _check_same(receipt, film, digests.sha256)
    tool, _, version = receipt.tool.partition(" ")
    assertions = [
        Assertion(actions.LABEL, actions.build_actions(receipt)),
        *_disclosed(receipt),
        *_training(receipt.training_mining),
        *(Assertion(label, data) for label, data in build_soft_bindings(receipt)),
        Assertion(RECEIPT_LABEL, build_receipt(receipt), json=True),
        *_prompts(receipt),
        *_approved(receipt),
        *([Assertion(hashing.LABEL, digests.assertion, json=True)] if digests.assertion else []),
    ]
    return Claim(f"{receipt.name}{film.suffix}", tool or "answerprint", version or "0", tuple(assertions))


def build_receipt(receipt: Receipt) -> dict[str, Any]:
    """Returns the receipt assertion's data: what an auditor needs to make the film again and compare.

    It holds no path, and only the digests of prompts.
    """
    return {
        "schema": SCHEMA,
        "tool": receipt.tool,
        "title": receipt.title,
        "name": receipt.name,
        "sha256": receipt.sha256,
        "plan": receipt.plan,
        "rate": receipt.rate,
        "frames": receipt.frames,
        "samples": receipt.samples,
        "segments": list(receipt.segments),
        "shots": [{"shot": name, "first": first, "stop": stop} for name, first, stop in receipt.shots],
        "takes": [_take(part) for part in receipt.ingredients],
        "measured": dict(receipt.measured),
        "versions": dict(receipt.versions),
        **({"version": dict(receipt.version)} if receipt.version else {}),
        **({"sidecars": [_sidecar(row) for row in receipt.sidecars]} if receipt.sidecars else {}),
        **(_policies(receipt) if receipt.policies else {}),
    }


def _policies(receipt: Receipt) -> dict[str, Any]:
    """Returns the names of the policies that the film was made for, and which file each was: its version and digest."""
    keys = ("name", "version", "sha256")
    files = [dict(zip(keys, row, strict=True)) for row in receipt.policies]
    return {"policies": [each["name"] for each in files], "policy_files": files}


def _sidecar(row: tuple[str, str, str, str]) -> dict[str, Any]:
    return dict(zip(("name", "format", "language", "sha256"), row, strict=True))


def _take(part: Ingredient) -> dict[str, Any]:
    data: dict[str, Any] = {
        "sha256": part.file.sha256,
        "title": part.title,
        "relationship": part.relationship,
        "credential": part.credential,
    }
    if part.source_type:
        data["source_type"] = part.source_type
    reasons = [value for name, value, _ in part.record if name == ACCEPTED]
    if reasons:
        data[ACCEPTED] = reasons[-1]
    data["record"] = [list(row) for row in publish_rows(part.record) if row.field != ACCEPTED]
    disputed = [each.field for each in find_conflicts(part.record)]
    return data | ({"conflicts": disputed} if disputed else {})


def digest_text(text: str) -> str:
    """Returns the digest that stands for a text in a receipt: "sha256:" and hexadecimal."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def publish_receipt(receipt: Receipt) -> Receipt:
    """Returns a receipt as it may lie beside its film: with the digests of prompts, unless the job tells them."""
    if receipt.prompts:
        return receipt
    parts = (replace(part, record=publish_rows(part.record)) for part in receipt.ingredients)
    return replace(receipt, ingredients=tuple(parts))


def publish_rows(record: Iterable[Sequence[str]]) -> tuple[FieldValue, ...]:
    """Returns the rows of a record with the digests of prompts in place of them, and of the operator's name."""
    return tuple(FieldValue(name, _published(name, value), how) for name, value, how in record)


def _published(name: str, value: str) -> str:
    """Returns a record's value as the receipt may state it: itself, or its digest."""
    # Apple's tags are com.apple.quicktime.comment, those in a language comment-eng, a second one prompt.2.
    parts = re.split(r"[.-]", name.casefold())
    return digest_text(value) if _BY_DIGEST.intersection(parts) else value


def _prompts(receipt: Receipt) -> Iterator[Assertion]:
    """Yields the prompts in full, if the job publishes them: in an assertion of their own, to be redactable."""
    if not receipt.prompts:
        return
    rows = [_prompts_of(part) for part in receipt.ingredients]
    takes = [row for row in rows if row["prompts"]]
    if takes:
        yield Assertion(PROMPTS_LABEL, {"schema": PROMPTS_SCHEMA, "takes": takes}, json=True)


def _approved(receipt: Receipt) -> Iterator[Assertion]:
    """Yields who let the film be released, if its job asks for approval. People decided it: it is gathered."""
    if receipt.approvals:
        keys = ("gate", "role", "person", "decision", "entry", "head", "log")
        rows = [dict(zip(keys, row, strict=True)) for row in receipt.approvals]
        data = {"schema": APPROVALS_SCHEMA, "approvals": rows}
        yield Assertion(APPROVALS_LABEL, data, created=False, json=True)


def _prompts_of(part: Ingredient) -> dict[str, Any]:
    prompts = [[name, value, how] for name, value, how in part.record if name.partition(".")[0] in PROMPTS]
    return {"sha256": part.file.sha256, "prompts": prompts}


def _disclosed(receipt: Receipt) -> list[Assertion]:
    if not any(is_generated(part.source_type) for part in receipt.ingredients):
        return []
    return [Assertion(DISCLOSURE_LABEL, build_disclosure(receipt.disclosure))]


def build_disclosure(stated: Disclosure) -> dict[str, Any]:
    """Returns the AI disclosure assertion's data. Source: C2PA 2.4, 18.27."""
    data: dict[str, Any] = {"modelType": stated.model_type or "c2pa.types.model"}
    if stated.model_name:
        data["modelName"] = stated.model_name
    if stated.human_oversight:
        data["contentProfile"] = {"humanOversightLevel": stated.human_oversight}
    return data


def _training(answer: str) -> list[Assertion]:
    """Returns whether others may train on the film. Its makers state this, so it is gathered, not created."""
    if not answer:
        return []
    if answer not in _ANSWERS:
        raise ProvenanceError(
            "an unknown answer on training and mining",
            where="training_mining",
            expected=" ".join(_ANSWERS),
            got=answer,
        )
    return [Assertion(TRAINING_LABEL, {"entries": {use: {"use": answer} for use in _USES}}, created=False)]


def _check_same(receipt: Receipt, film: Path, found: str) -> None:
    if found != receipt.sha256:
        raise ProvenanceError(
            "the receipt belongs to another file",
            where=str(film),
            expected=f"sha256 {receipt.sha256}",
            got=found,
            fix="finish the film again",
        )
