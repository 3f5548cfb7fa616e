"""Manifests written: a film signed beside its destination, read back, and only then given its name."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from post.errors import OutputError, ProvenanceError, SourceError
from post.receipt import Ingredient
from provenance.claim import Claim
from provenance.manifest.callback import Kept, Watch
from provenance.manifest.reading import read, settings
from provenance.media_type import media_type
from provenance.signing.certificates import check_current
from provenance.signing.signer import Signer

SPEC_VERSION = "2.4.0"
OPAQUE = "application/octet-stream"


def sign(
    source: Path,
    destination: Path,
    claim: Claim,
    ingredients: Sequence[tuple[Ingredient, Path]],
    signer: Signer,
    anchors_pem: str,
) -> None:
    """Signs a finished film into `destination`, or leaves nothing there.

    Each ingredient is read from its own file, so that the credentials it carries come along.
    anchors_pem: what the signed file must then read as trusted under.
    Raises ProvenanceError where it cannot be signed or does not read back as trusted, SourceError where
    a file cannot be read, OutputError where the destination cannot be written, and
    whatever the signer raised.
    """
    # (0): a certificate that has run out is found before any work is done
    check_current(signer.chain_pem, "the signing certificate")
    # (1): nothing is signed onto itself, and no history is dropped
    _check_apart(source, destination)
    _check_unsigned(source)
    part = destination.with_name(f".{destination.stem}.{secrets.token_hex(4)}.part{destination.suffix}")
    try:
        # (2): sign beside the destination
        _sign_to(part, source, _Order(claim, tuple(ingredients), signer, anchors_pem))
        # (3): what was written is read back, its content hashed again
        _check_trusted(part, destination, anchors_pem)
        # (4): only now does the name exist
        part.replace(destination)
        _sync(destination.parent)
    except OSError as exc:
        raise _unwritable(destination, exc) from exc
    finally:
        part.unlink(missing_ok=True)


@dataclass(frozen=True)
class _Order:
    """What is to be signed, by whom, and whom its ingredients are checked against."""

    claim: Claim
    ingredients: tuple[tuple[Ingredient, Path], ...]
    signer: Signer
    anchors_pem: str


def _sign_to(part: Path, source: Path, order: _Order) -> None:
    import c2pa

    watch = Watch()
    with _open(source) as film, part.open("xb+") as out:
        try:
            _build(film, out, order, watch)
        except c2pa.C2paError as exc:
            watch.reraise()
            raise ProvenanceError("the film could not be signed", where=str(source), got=str(exc)) from exc
        watch.reraise()
        out.flush()
        os.fsync(out.fileno())


def _build(film: BinaryIO, out: BinaryIO, order: _Order, watch: Watch) -> None:
    import c2pa

    def signed(data: bytes) -> bytes:
        try:
            return watch.run(order.signer.sign, data)
        except OSError:
            return b""  # the SDK reads this as failure; raising would log the message, whatever it holds

    kind, signer = media_type(film), order.signer
    algorithm = c2pa.C2paSigningAlg[signer.algorithm.upper()]
    with (
        c2pa.Context.from_dict(_signing_settings(order)) as context,
        c2pa.Signer.from_callback(signed, algorithm, signer.chain_pem, signer.tsa_url) as native,
        c2pa.Builder(_definition(order.claim, kind), context=context) as builder,
    ):
        for part, path in order.ingredients:
            with _open(path) as clip:
                builder.add_ingredient(_ingredient(part), _carried_as(part, clip), Kept(clip, watch))
        builder.sign(native, kind, Kept(film, watch), Kept(out, watch))


def _carried_as(part: Ingredient, clip: BinaryIO) -> str:
    """The type an ingredient is read as. Under a wrong one the SDK drops its credentials without a word,
    so its bytes decide; credentials that cannot be read would stop the signing, and are left behind."""
    if part.credential == "unreadable":
        return OPAQUE
    return media_type(clip) or part.media_type or OPAQUE


def _definition(claim: Claim, kind: str) -> dict[str, Any]:
    return {
        "title": claim.title,
        "format": kind,
        "assertions": [
            {"label": each.label, "data": each.data, **({"kind": "Json"} if each.json else {})}
            for each in claim.assertions
        ],
    }


def _ingredient(part: Ingredient) -> dict[str, Any]:
    """`label` is how actions name it (ingredientIds)."""
    told = {"title": part.title, "relationship": part.relationship, "label": part.file.sha256}
    return told | ({"format": part.media_type} if part.media_type else {})


def _signing_settings(order: _Order) -> dict[str, Any]:
    claim, off = order.claim, {"enabled": False}
    created = [each.label.removesuffix(".v2") for each in claim.assertions if each.created]
    told = settings(order.anchors_pem)
    if order.signer.tsa_url:
        told["core"] = {"allowed_network_hosts": [urlsplit(order.signer.tsa_url).hostname]}
    # Refuses malformed claims at once. It does not hash the content again: reading back does.
    told["verify"] |= {"verify_after_sign": True}
    return told | {
        "builder": {
            "claim_generator_info": {
                "name": claim.tool,
                "version": claim.version,
                "specVersion": SPEC_VERSION,
            },
            "thumbnail": off,
            "bmff_hash_exclude_free_and_skip_boxes": False,
            "created_assertion_labels": [*created, "c2pa.ingredient", "c2pa.hash.bmff"],
            "actions": {
                "all_actions_included": True,
                "auto_created_action": off,
                "auto_opened_action": off,
                "auto_placed_action": off,
            },
        },
    }


def _check_apart(source: Path, destination: Path) -> None:
    try:
        same = (
            source.samefile(destination)
            if destination.exists()
            else source.resolve() == destination.resolve()
        )
    except OSError as exc:
        raise SourceError("the film cannot be read", where=str(source), got=exc.strerror) from exc
    if same:
        raise ProvenanceError(
            "a film cannot be signed onto itself", where=str(destination), fix="name another file to write"
        )


def _check_unsigned(source: Path) -> None:
    found = read(source, "")
    if found.outcome == "absent":
        return
    if found.outcome == "unsupported":
        raise ProvenanceError(
            "this kind of file cannot be signed",
            where=str(source),
            expected="MP4 or QuickTime",
            got=found.media_type,
        )
    raise ProvenanceError(
        "the film already carries credentials, which signing would drop",
        where=str(source),
        got=found.why or f"{len(found.manifests)} manifests",
        fix="sign what was rendered, and name this film as an ingredient",
    )


def _check_trusted(part: Path, destination: Path, anchors_pem: str) -> None:
    found = read(part, anchors_pem)
    if found.state == "Trusted":
        return
    results = found.manifests[0].get("validationResults", {}) if found.manifests else {}
    codes = ", ".join(str(item.get("code")) for item in results.get("failure", ()))
    raise ProvenanceError(
        "what was signed does not read back as trusted",
        where=str(destination),
        expected="Trusted",
        got=" ".join(filter(None, (found.state or found.outcome, codes or found.why))),
        fix="check the certificate chain and the trust anchors",
    )


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as exc:
        raise SourceError("the file cannot be read", where=str(path), got=exc.strerror) from exc


def _sync(folder: Path) -> None:
    """Makes a rename outlast a power cut."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(destination: Path, exc: OSError) -> OutputError:
    return OutputError(
        "the signed film cannot be written",
        where=str(destination),
        got=exc.strerror or str(exc),
        fix="choose another place",
    )
