"""Reads back what was signed: the film as it is on the disk, the manifest as it is in or beside the film.

The SDK hashes a film in pieces of up to 256 MB, which it holds in memory. Above a size it is therefore given
the manifest alone, which it validates except for the film's hash; the film is hashed here.
"""

from __future__ import annotations

import io
from base64 import b64decode
from pathlib import Path
from typing import BinaryIO

from post.errors import ProvenanceError
from provenance.crjson.manifest import ManifestView
from provenance.crjson.status import codes_of
from provenance.formats.bmff import read_layout
from provenance.formats.media_type import BMFF_FILMS, detect_media_type
from provenance.manifest import bmff_layout
from provenance.manifest.reader import Reading, build_settings, read_under
from provenance.manifest.request import Progress, SignedFilm, SignOptions, SignRequest
from provenance.signing.signer import SignerWithIdentity

# Up to this size the SDK hashes the film itself.
SMALL_BYTES = 32 << 20
MISMATCH = "assertion.bmffHash.mismatch"
_NEEDED = frozenset({"signingCredential.trusted", "claimSignature.validated"})


def check_signed(
    part: Path, named: Path, signed: SignedFilm, request: SignRequest, options: SignOptions
) -> None:
    """Raises ProvenanceError if a film as written does not read as trusted. named: its name in the error."""
    with part.open("rb", buffering=0) as film:
        kind, size = detect_media_type(film), film.seek(0, 2)
        # (1): the manifest is where it belongs, and is the one that was signed
        embedded = kind in BMFF_FILMS and options.embeds
        stored = bmff_layout.read_store(film, read_layout(film)) if embedded else signed.store
        if stored != signed.store:
            raise untrusted_error(named, "the manifest is not where it should be")
        # (2): the SDK's judgement of all of it, or of the manifest alone
        settings = build_settings(
            request.anchors_pem, identities=isinstance(request.signer, SignerWithIdentity)
        )
        if size <= SMALL_BYTES or kind not in BMFF_FILMS:
            found = read_under(settings, film, kind, None if options.embeds else signed.store)
            failure = "" if found.state == "Trusted" else describe_failure(found)
        else:
            found = read_under(settings, io.BytesIO(bmff_layout.read_ftyp(film)), kind, signed.store)
            failure = _check_manifest(found) or _check_film(found, film, signed, options.progress)
    if failure:
        raise untrusted_error(named, failure)


def check_trusted(film: Path, named: Path, request: SignRequest) -> None:
    """Raises ProvenanceError if a film with its manifest in it does not read as trusted.

    The SDK hashes the film, at any size. The anchors vouch for organisations as well: a manifest that it brought
    along may name one.
    named: its name in the error.
    """
    settings = build_settings(request.anchors_pem, identities=True)
    with film.open("rb", buffering=0) as source:
        found = read_under(settings, source, detect_media_type(source))
    if found.state != "Trusted":
        raise untrusted_error(named, describe_failure(found))


def describe_failure(found: Reading) -> str:
    """Returns why a file is not trusted, in one line: its state, and the codes of what failed."""
    codes = ", ".join(ManifestView(found.manifests[0]).failures) if found.manifests else ""
    return " ".join(filter(None, (found.state or found.outcome, codes or found.why)))


def untrusted_error(named: Path, got: str) -> ProvenanceError:
    """Returns the error of a film that was signed and does not read as trusted."""
    return ProvenanceError(
        "what was signed does not read back as trusted",
        where=str(named),
        expected="Trusted",
        got=got,
        fix="check the certificate chain and the trust anchors",
    )


def _check_manifest(found: Reading) -> str:
    """Returns what fails in a manifest that was read without its film; "" where only the film's hash does."""
    if found.outcome != "found" or not found.manifests:
        return describe_failure(found)
    active = ManifestView(found.manifests[0])
    failed = {*active.failures} - {MISMATCH} | {*codes_of(active.delta_failures())}
    missing = _NEEDED - {*active.codes("success")}
    return ", ".join(sorted(failed) + [f"no {code}" for code in sorted(missing)])


def _check_film(found: Reading, film: BinaryIO, signed: SignedFilm, progress: Progress) -> str:
    """Returns "" if the film as written is the one whose hash was signed, else what is wrong."""
    stated = ManifestView(found.manifests[0]).assertion(bmff_layout.HASH_LABEL)
    if not stated:
        return f"no {bmff_layout.HASH_LABEL}"
    now = signed.hash
    if now is None or now.boxes != bmff_layout.covered_extents(read_layout(film)):
        now = bmff_layout.hash_covered(film, progress)
    same = stated.get("exclusions") == bmff_layout.build_hash_parameters()["exclusions"]
    return "" if same and _decode(stated.get("hash")) == now.digest else MISMATCH


def _decode(value: object) -> bytes:
    """Returns the bytes that crJSON writes as b64'...'."""
    text = str(value)
    return b64decode(text[4:-1]) if text.startswith("b64'") else b""
