"""What was signed, read back: the film as it lies on the disk, the manifest as it lies in or beside it.

The SDK hashes a film in pieces of up to 256 MB held in memory. Above a size it is given the manifest
alone, and finds everything in it but that the film does not match; the film is hashed here.
"""

from __future__ import annotations

import io
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from post.errors import ProvenanceError
from provenance.formats.bmff import layout
from provenance.formats.media_type import BOXED, media_type
from provenance.manifest import bmff_layout as films
from provenance.manifest.reader import Reading, read_under, settings
from provenance.manifest.request import Progress, Signed, SignOptions, SignRequest
from provenance.signing.signer import SignerWithIdentity

# Up to here the SDK hashes the film itself.
SMALL_BYTES = 32 << 20
MISMATCH = "assertion.bmffHash.mismatch"


def check(part: Path, named: Path, signed: Signed, order: SignRequest, way: SignOptions) -> None:
    """Raises ProvenanceError where a film as written does not read as trusted, named `named`."""
    with part.open("rb", buffering=0) as film:
        kind, size = media_type(film), film.seek(0, 2)
        # (1): the manifest is where it was to go, and is the one that was signed
        stored = films.store_of(film, layout(film)) if kind in BOXED and way.embeds else signed.store
        if stored != signed.store:
            raise untrusted(named, "the manifest is not where it should be")
        # (2): the SDK's judgement of all of it, or of the manifest alone
        beside = None if way.embeds else signed.store
        told = settings(order.anchors_pem, identities=isinstance(order.signer, SignerWithIdentity))
        if size <= SMALL_BYTES or kind not in BOXED:
            found = read_under(told, film, kind, beside)
            trouble = "" if found.state == "Trusted" else said_of(found)
        else:
            found = read_under(told, io.BytesIO(films.opening(film)), kind, signed.store)
            trouble = _held_against_manifest(found) or _held_against_film(found, film, signed, way.progress)
    if trouble:
        raise untrusted(named, trouble)


def check_trusted(film: Path, named: Path, order: SignRequest) -> None:
    """As `check`, of a film with its manifest in it, which the SDK hashes itself, whatever its size.
    Organisations are believed who they are: a manifest it brought along may name one."""
    told = settings(order.anchors_pem, identities=True)
    with film.open("rb", buffering=0) as source:
        found = read_under(told, source, media_type(source))
    if found.state != "Trusted":
        raise untrusted(named, said_of(found))


def _held_against_manifest(found: Reading) -> str:
    """What speaks against a manifest that was read without its film; "" where only the film is missing."""
    if found.outcome != "found" or not found.manifests:
        return said_of(found)
    active = found.manifests[0]
    results = active.get("validationResults", {})
    failed = set(_codes(results, "failure")) - {MISMATCH}
    for delta in active.get("ingredientDeltas") or ():
        failed |= set(_codes(delta.get("validationDeltas", {}), "failure"))
    passed = set(_codes(results, "success"))
    missing = {"signingCredential.trusted", "claimSignature.validated"} - passed
    return ", ".join(sorted(failed) + [f"no {code}" for code in sorted(missing)])


def _held_against_film(found: Reading, film: BinaryIO, signed: Signed, progress: Progress) -> str:
    """Whether the film as written is the one whose hash was signed."""
    stated = found.manifests[0].get("assertions", {}).get(films.HASH_LABEL)
    if not isinstance(stated, Mapping):
        return f"no {films.HASH_LABEL}"
    now = signed.hashed
    if now is None or now.boxes != films.extents(layout(film)):
        now = films.hashed(film, progress)
    same = stated.get("exclusions") == films.binding()["exclusions"]
    return "" if same and _bytes(stated.get("hash")) == now.digest else MISMATCH


def _bytes(told: object) -> bytes:
    """Bytes as crJSON writes them: b64'...'."""
    text = str(told)
    return b64decode(text[4:-1]) if text.startswith("b64'") else b""


def _codes(results: Mapping[str, Any], kind: str) -> list[str]:
    return [str(item.get("code")) for item in results.get(kind, ())]


def said_of(found: Reading) -> str:
    """What speaks against a file, in a line."""
    results = found.manifests[0].get("validationResults", {}) if found.manifests else {}
    codes = ", ".join(_codes(results, "failure"))
    return " ".join(filter(None, (found.state or found.outcome, codes or found.why)))


def untrusted(named: Path, got: str) -> ProvenanceError:
    """The error of a film that was signed and does not read as trusted."""
    return ProvenanceError(
        "what was signed does not read back as trusted",
        where=str(named),
        expected="Trusted",
        got=got,
        fix="check the certificate chain and the trust anchors",
    )
