"""Removes prompts from a signed film, in a new manifest that declares it.

The film becomes the new manifest's parent. Its history is complete except for the assertions that are declared
as redacted. Picture and sound stay byte for byte. The digests in the receipt still prove a prompt to anybody
who has it. Source: C2PA 2.4, 6.8 (redaction), 18.15.4.8 (reasons).

The new film is written under a hidden name first. Then the registries are told, and only then does the film get its
name: there is no redacted film while a registry that could not be changed still leads to its prompts. Where the
registries were told and the film then cannot get its name, they tell no prompts either; a second run completes it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from post.atomic import sync_file
from post.errors import JobError, ProvenanceError
from post.receipt import Ingredient
from post.values.media import File
from provenance.blocks import hashing
from provenance.claim import actions
from provenance.claim.build import (
    DISCLOSURE_LABEL,
    PROMPTS_LABEL,
    RECEIPT_LABEL,
    TRAINING_LABEL,
    Assertion,
    Claim,
)
from provenance.crjson.manifest import ManifestView, as_list, as_mapping, mappings
from provenance.formats.media_type import detect_media_type
from provenance.labels import xmp
from provenance.manifest.cawg_identity import open_signer
from provenance.manifest.read_back import check_trusted
from provenance.manifest.reader import Reading, build_settings, read_under
from provenance.manifest.request import SignRequest
from provenance.manifest.sdk_builder import add_ingredients, open_builder, open_unbuffered
from provenance.manifest.sdk_callbacks import CallbackGuard, GuardedFile
from provenance.manifest.writer import (
    check_not_same_file,
    check_signers,
    check_unchanged,
    hidden_path,
    place_whole,
    translate_sdk_errors,
)
from provenance.record.reading import hash_of
from provenance.record.text_search import find_texts, forms_of
from provenance.signing.signer import Signer

# 18.15.4.8: a reason is one of the standard's, or a name with its owner's. Other text goes beside OWN_REASON.
REASONS = (
    "c2pa.PII.present",
    "c2pa.invalid.data",
    "c2pa.tradesecret.present",
    "c2pa.government.confidential",
)
OWN_REASON = "org.answerprint.withheld"
_DOTTED_NAME = re.compile(r"([\dA-Za-z_-]+\.)+[\dA-Za-z_-]+")
_MIN_PROMPT = 12  # characters: a shorter text may be in a file by chance


@dataclass(frozen=True, slots=True)
class RedactionResult:
    """What was removed. assertions: their addresses; xmp: how many prompts of the film's XMP; still_told: how
    many prompts are still elsewhere in the film, in a manifest that a clip brought with it."""

    assertions: tuple[str, ...]
    xmp: int
    still_told: int


@dataclass(frozen=True, slots=True)
class RedactedFilm:
    """A film without its prompts that is signed, and has no name yet.

    path: where it is; manifest_id, sha256: of the film with its prompts; unsigned: the digest of that film before it
    was signed, "" where its manifest does not say; prompts: each prompt as it may stand in a file.
    """

    path: Path
    manifest_id: str
    sha256: str
    unsigned: str
    prompts: tuple[bytes, ...]


# What else is to happen before a redacted film gets its name. What it raises leaves no film.
BeforeNaming = Callable[[RedactedFilm], None]


@dataclass(frozen=True, slots=True)
class RedactionRequest:
    """Who removes prompts, and why. tool: this program's name and version; anchors_pem: trust anchors under
    which the film must read as trusted before and after."""

    reason: str
    signer: Signer
    anchors_pem: str
    tool: tuple[str, str]


def redact(
    film: Path, destination: Path, request: RedactionRequest, before_naming: BeforeNaming | None = None
) -> RedactionResult:
    """Writes a film to `destination` without its prompts, signed anew; or leaves nothing there.

    before_naming: called with the new film once it is signed and read back, before it is at `destination`.
    Raises ProvenanceError if the film is not sound or cannot be signed, JobError if it has no prompts or there
    is no reason, SourceError if it cannot be read, OutputError if the destination cannot be written, and what
    the signer raises, or `before_naming`.
    """
    # (0): who signs
    check_signers(request.signer)
    if not request.reason.strip():
        raise JobError("no reason", where="--reason", expected="why the prompts are taken out")
    check_not_same_file(film, destination)
    copy = hidden_path(destination, "film")
    try:
        # The name exists only once all of it has succeeded.
        with place_whole(destination) as part:
            with check_unchanged(film):
                result, redacted = _redact(film, (copy, part), destination, request)
            if before_naming is not None:
                before_naming(redacted)
        return result
    finally:
        copy.unlink(missing_ok=True)


def _redact(
    film: Path, places: tuple[Path, Path], named: Path, request: RedactionRequest
) -> tuple[RedactionResult, RedactedFilm]:
    """Writes the film. places: where it may be copied to, and where it is written, to be named `named`."""
    copy, part = places
    # (1): a film that is not sound would seem sound again if it was signed anew
    found = _read_trusted(film, request.anchors_pem)
    # (2): what is to be removed
    prompts = list(_find_prompts(found.manifests))
    if not prompts:
        raise JobError("tells no prompts", where=str(film), expected=f"an assertion {PROMPTS_LABEL}")
    # (3): XMP is a part of the film's bytes, and has the prompt as well
    source, blanked = _without_xmp_prompts(film, copy)
    # (4): signed beside the destination, and read back
    uris = tuple(uri for uri, _ in prompts)
    redacted = _claim_redaction(found, film, uris, request)
    _sign_to(part, source, redacted)
    check_trusted(part, named, SignRequest(redacted.claim, (), request.signer, request.anchors_pem))
    texts = _forms_of(prompts)
    forms = tuple(form for forms in texts.values() for form in forms)
    active = ManifestView(found.manifests[0])
    unsigned = str(as_mapping(active.assertions.get(RECEIPT_LABEL)).get("sha256") or "")
    return (
        RedactionResult(uris, blanked, len(find_texts(part, texts))),
        RedactedFilm(part, active.label, redacted.sha256, unsigned, forms),
    )


def _read_trusted(film: Path, anchors_pem: str) -> Reading:
    with open_unbuffered(film) as source:
        settings = build_settings(anchors_pem, identities=True)
        found = read_under(settings, source, detect_media_type(source, film))
    if found.state != "Trusted":
        raise ProvenanceError(
            "the film is not sound, and is not signed over",
            where=str(film),
            expected="intact, with credentials in it, by a signer on a trusted list",
            got=found.state or found.why or found.outcome,
        )
    return found


def _find_prompts(manifests: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Yields (address, data) of every prompts assertion in a film's manifests, those of its sources included."""
    for view in map(ManifestView, manifests):
        for name, data in view.assertions_of(PROMPTS_LABEL):
            yield f"self#jumbf=/c2pa/{view.label}/c2pa.assertions/{name}", data


@dataclass(frozen=True)
class _RedactedClaim:
    """What is to be signed: a claim over a parent, whose manifests lose the assertions at `uris`."""

    request: RedactionRequest
    claim: Claim
    parent: Path
    sha256: str
    uris: tuple[str, ...]


def _claim_redaction(
    found: Reading, film: Path, uris: tuple[str, ...], request: RedactionRequest
) -> _RedactedClaim:
    """Returns the new claim: what was done, and the assertions that readers expect in the active manifest."""
    sha256, _ = hash_of(film)
    first = {"action": "c2pa.opened", "parameters": {"ingredientIds": [sha256]}}
    done = {"allActionsIncluded": True, "actions": [first, *(_action(uri, request.reason) for uri in uris)]}
    before = ManifestView(found.manifests[0]).assertions
    carried = [
        Assertion(label, before[label], created)
        for label, created in ((DISCLOSURE_LABEL, True), (TRAINING_LABEL, False))
        if label in before
    ]
    blocks = Assertion(hashing.LABEL, hashing.build_assertion(film), json=True)
    claim = Claim(film.name, *request.tool, (Assertion(actions.LABEL, done), *carried, blocks))
    return _RedactedClaim(request, claim, film, sha256, uris)


def _action(uri: str, reason: str) -> dict[str, Any]:
    is_name = reason in REASONS or (_DOTTED_NAME.fullmatch(reason) and not reason.startswith("c2pa."))
    data: dict[str, Any] = {"action": "c2pa.redacted", "reason": reason if is_name else OWN_REASON}
    if not is_name:
        data["description"] = reason
    return data | {"parameters": {"redacted": uri}}


def _without_xmp_prompts(film: Path, copy: Path) -> tuple[Path, int]:
    """Returns the film, or a copy of it whose XMP has no prompts, and how many were removed from there."""
    fields = xmp.read_fields(film)
    if fields is None or not fields.prompt:
        return film, 0
    shutil.copyfile(film, copy)
    return copy, xmp.blank_prompts(copy)


def _sign_to(part: Path, source: Path, redacted: _RedactedClaim) -> None:
    guard, request = CallbackGuard(), redacted.request
    sign_request = SignRequest(redacted.claim, (), request.signer, request.anchors_pem)
    with open_unbuffered(source) as film, part.open("xb+") as out:
        with translate_sdk_errors(redacted.parent, sign_request, guard):
            _build(film, out, redacted, guard)
        guard.reraise()
        sync_file(out)


def _build(film: BinaryIO, out: BinaryIO, redacted: _RedactedClaim, guard: CallbackGuard) -> None:
    request, kind = redacted.request, detect_media_type(film)
    parent = Ingredient(File(redacted.sha256), redacted.parent.name, kind, "parentOf", "verified")
    sign_request = SignRequest(
        redacted.claim, ((parent, redacted.parent),), request.signer, request.anchors_pem
    )
    with (
        guard.catch_interrupt(),
        open_builder(sign_request, kind, redactions=redacted.uris) as builder,
        open_signer(request.signer, guard, redacted.claim) as native,
    ):
        add_ingredients(builder, sign_request, guard)
        builder.sign(native, kind, GuardedFile(film, guard), GuardedFile(out, guard))


def _forms_of(prompts: Sequence[tuple[str, Any]]) -> dict[str, tuple[bytes, ...]]:
    """Returns every prompt that is long enough to be looked for, and how it may stand in a file."""
    texts = (text for _, data in prompts for text in _texts(data) if len(text) >= _MIN_PROMPT)
    return {text: forms_of(text) for text in texts}


def _texts(data: Any) -> Iterator[str]:
    """Yields the prompts in a prompts assertion: takes[].prompts[] is (name, text, source)."""
    for take in mappings(as_mapping(data).get("takes")):
        for row in map(as_list, as_list(take.get("prompts"))):
            if len(row) > 1 and isinstance(row[1], str):
                yield row[1]
