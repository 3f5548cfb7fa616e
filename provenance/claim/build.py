"""What a finished film will claim of itself: a Claim, made from its Receipt."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from post.errors import ProvenanceError
from post.receipt import SCHEMA, Disclosure, Ingredient, Receipt
from provenance.blocks import hashing
from provenance.claim import actions
from provenance.claim.soft_bindings import soft_bindings
from provenance.claim.vocabulary import check_label, generated
from provenance.record.model import PROMPTS, conflicts

RECEIPT_LABEL = "org.answerprint.receipt"
PROMPTS_LABEL = "org.answerprint.prompts"
PROMPTS_SCHEMA = "Prompts.1"
DISCLOSURE_LABEL = "c2pa.ai-disclosure"
TRAINING_LABEL = "cawg.training-mining"
# The record field in which a job keeps its reason for taking a clip whose credentials fail.
ACCEPTED = "accepted"
# A prompt may be a client's secret: its digest still proves which one was used. Tags that people and
# generators write prompts into are kept in the same way, and so is the name of whoever was at work.
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
# CAWG Training and Data Mining 1.1, 4: the uses one can speak of, and what one can say.
_USES = ("cawg.ai_generative_training", "cawg.ai_training", "cawg.ai_inference", "cawg.data_mining")
_ANSWERS = ("allowed", "notAllowed", "constrained")


@dataclass(frozen=True, slots=True)
class Assertion:
    """One statement of a claim. created: whether this tool itself made it (C2PA 2.4, 10.2.1.2)."""

    label: str
    data: Mapping[str, Any]
    created: bool = True
    json: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """A manifest yet to be signed. tool, version: the claim generator.

    Raises ProvenanceError for an assertion under a name that C2PA does not know.
    """

    title: str
    tool: str
    version: str
    assertions: tuple[Assertion, ...]

    def __post_init__(self) -> None:
        for each in self.assertions:
            check_label(each.label)


def claim(receipt: Receipt, film: Path) -> Claim:
    """The claim of a finished, unsigned film, which is read once.

    Raises ProvenanceError where the receipt is of another file or declares what C2PA forbids, and
    SourceError where the film is no MP4 that can be read.
    """
    seen = hashing.read(film)
    _check_same(receipt, film, seen.sha256)
    tool, _, version = receipt.tool.partition(" ")
    found = [
        Assertion(actions.LABEL, actions.actions(receipt)),
        *_disclosed(receipt),
        *_training(receipt.training_mining),
        *(Assertion(label, data) for label, data in soft_bindings(receipt)),
        Assertion(RECEIPT_LABEL, record(receipt), json=True),
        *_prompts(receipt),
        Assertion(hashing.LABEL, seen.assertion, json=True),
    ]
    return Claim(f"{receipt.name}{film.suffix}", tool or "answerprint", version or "0", tuple(found))


def record(receipt: Receipt) -> dict[str, Any]:
    """The receipt as an auditor needs it to make the film again and compare. Names no path, and prompts by
    their digest alone."""
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
        "takes": [_take(part) for part in receipt.ingredients],
        "measured": dict(receipt.measured),
        "versions": dict(receipt.versions),
    }


def _take(part: Ingredient) -> dict[str, Any]:
    told: dict[str, Any] = {
        "sha256": part.file.sha256,
        "title": part.title,
        "relationship": part.relationship,
        "credential": part.credential,
    }
    if part.source_type:
        told["source_type"] = part.source_type
    reasons = [value for name, value, _ in part.record if name == ACCEPTED]
    if reasons:
        told[ACCEPTED] = reasons[-1]
    told["record"] = [
        [name, _shown(name, value), how] for name, value, how in part.record if name != ACCEPTED
    ]
    disputed = [each.field for each in conflicts(part.record)]
    return told | ({"conflicts": disputed} if disputed else {})


def digest_of(text: str) -> str:
    """What a text in a receipt is proven by."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _shown(name: str, value: str) -> str:
    # Apple's tags are com.apple.quicktime.comment, those in a language comment-eng, a second one prompt.2.
    parts = re.split(r"[.-]", name.casefold())
    return digest_of(value) if _BY_DIGEST.intersection(parts) else value


def _prompts(receipt: Receipt) -> Iterator[Assertion]:
    """Prompts in full, where the job tells them: apart from everything else, so that they can be redacted."""
    if not receipt.prompts:
        return
    rows = [_prompts_of(part) for part in receipt.ingredients]
    told = [row for row in rows if row["prompts"]]
    if told:
        yield Assertion(PROMPTS_LABEL, {"schema": PROMPTS_SCHEMA, "takes": told}, json=True)


def _prompts_of(part: Ingredient) -> dict[str, Any]:
    said = [[name, value, how] for name, value, how in part.record if name.partition(".")[0] in PROMPTS]
    return {"sha256": part.file.sha256, "prompts": said}


def _disclosed(receipt: Receipt) -> list[Assertion]:
    if not any(generated(part.source_type) for part in receipt.ingredients):
        return []
    return [Assertion(DISCLOSURE_LABEL, disclosure(receipt.disclosure))]


def disclosure(stated: Disclosure) -> dict[str, Any]:
    """The AI disclosure. Source: C2PA 2.4, 18.27."""
    told: dict[str, Any] = {"modelType": stated.model_type or "c2pa.types.model"}
    if stated.model_name:
        told["modelName"] = stated.model_name
    if stated.human_oversight:
        told["contentProfile"] = {"humanOversightLevel": stated.human_oversight}
    return told


def _training(answer: str) -> list[Assertion]:
    """Whether others may train on the film. A statement of its makers, so gathered and not created."""
    if not answer:
        return []
    if answer not in _ANSWERS:
        raise ProvenanceError(
            "no answer on training and mining",
            where="training_mining",
            expected=" ".join(_ANSWERS),
            got=answer,
        )
    return [Assertion(TRAINING_LABEL, {"entries": {use: {"use": answer} for use in _USES}}, created=False)]


def _check_same(receipt: Receipt, film: Path, found: str) -> None:
    if found != receipt.sha256:
        raise ProvenanceError(
            "the receipt is of another file",
            where=str(film),
            expected=f"sha256 {receipt.sha256}",
            got=found,
            fix="finish the film again",
        )
