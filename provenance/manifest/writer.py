"""Signs a film: writes it beside its destination, reads it back, and only then gives it its name."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from post.atomic import real_path, refuse_special, replacing, sync_folder
from post.errors import OutputError, ProvenanceError, SourceError
from post.os_faults import retry_of, unwritable
from post.receipt import Ingredient
from provenance.claim.build import Claim
from provenance.formats.media_type import BESIDE_ALONE
from provenance.manifest.bmff_layout import Unsuited
from provenance.manifest.one_pass import sign_in_one_pass
from provenance.manifest.read_back import check_signed
from provenance.manifest.reader import read
from provenance.manifest.request import SignedFilm, SignOptions, SignRequest
from provenance.manifest.sdk_callbacks import CallbackGuard
from provenance.manifest.sdk_copy import carries_manifest, sign_beside, sign_by_copying
from provenance.manifest.sidecar import find_sidecar, sidecar_path
from provenance.signing.profile import check_signing
from provenance.signing.signer import Signer, SignerWithIdentity
from provenance.signing.stamping.tsa_errors import translate_tsa_error


def sign(
    source: Path,
    destination: Path,
    claim: Claim,
    ingredients: Sequence[tuple[Ingredient, Path]],
    signer: Signer,
    anchors_pem: str,
) -> SignedFilm:
    """Signs a finished film into `destination` with the manifest in it, as `sign_film` does."""
    request = SignRequest(claim, tuple(ingredients), signer, anchors_pem)
    return sign_film(source, destination, request, SignOptions())


def sign_film(source: Path, destination: Path, request: SignRequest, options: SignOptions) -> SignedFilm:
    """Signs a finished film into `destination`, or leaves nothing there.

    A film is copied, hashed and read back in one pass where this is possible; otherwise the SDK copies it. One in a
    container that cannot carry a manifest, such as Matroska, has it beside it.
    Raises ProvenanceError if it cannot be signed or does not read back as trusted, SourceError if a file
    cannot be read, OutputError if the destination cannot be written, and what the signer or progress raises.
    """
    # (0): a certificate that cannot sign is found before any work is done
    check_signers(request.signer)
    # (1): nothing is signed onto itself, and no history is dropped
    check_not_same_file(source, destination)
    _check_unsigned(source, options)
    _check_sidecar(destination, request, options)
    with place_whole(destination) as part:
        # (2): sign beside the destination
        with check_unchanged(source):
            signed = _sign(part, source, request, options)
        # (3): what was written is read back
        check_signed(part, destination, signed, request, options)
        if options.keep != "embedded":
            with replacing(sidecar_path(destination), lasting=True) as out:
                out.write(signed.store)
        # (4): only now does the name exist
    return signed


def _sign(part: Path, source: Path, request: SignRequest, options: SignOptions) -> SignedFilm:
    guard = CallbackGuard()
    with translate_sdk_errors(source, request, guard):
        if not carries_manifest(source):
            return sign_beside(part, source, request, options, guard)
        if options.copying:
            return sign_by_copying(part, source, request, options, "asked for", guard)
        try:
            return sign_in_one_pass(part, source, request, options, guard)
        except Unsuited as exc:
            part.unlink(missing_ok=True)
            return sign_by_copying(part, source, request, options, str(exc), guard)


@contextmanager
def translate_sdk_errors(source: Path, request: SignRequest, guard: CallbackGuard) -> Iterator[None]:
    """Raises, instead of the SDK's own error, what a callback raised, or a time-stamping authority's fault.

    Raises ProvenanceError for any other error of the SDK.
    """
    import c2pa

    try:
        yield
    except c2pa.C2paError as exc:
        guard.reraise()
        raise (
            translate_tsa_error(str(exc), request.signer.tsa_url)
            or ProvenanceError("the film could not be signed", where=str(source), got=str(exc))
        ) from exc


def check_signers(signer: Signer) -> None:
    """Raises ProvenanceError if a certificate cannot sign claims."""
    check_signing(signer.chain_pem, "the signing certificate")
    if isinstance(signer, SignerWithIdentity):
        check_signing(signer.identity.chain_pem, "the identity's certificate")


def check_not_same_file(source: Path, destination: Path) -> None:
    """Raises ProvenanceError if both paths are one file, SourceError if there is no source."""
    try:
        same = (
            source.samefile(destination)
            if destination.exists()
            else real_path(source) == real_path(destination)
        )
    except OSError as exc:
        raise (
            retry_of(exc, str(source))
            or SourceError("the film cannot be read", where=str(source), got=exc.strerror)
        ) from exc
    if same:
        raise ProvenanceError(
            "a film cannot be signed onto itself", where=str(destination), fix="name another file to write"
        )


def _check_unsigned(source: Path, options: SignOptions) -> None:
    found = read(source, "")
    if found.outcome == "absent" and not found.remote_url:
        return
    if found.outcome == "unsupported":
        if found.media_type in BESIDE_ALONE and not options.embeds:
            return
        raise ProvenanceError(
            "this kind of file cannot carry a manifest",
            where=str(source),
            expected="MP4 or QuickTime",
            got=found.media_type,
            fix="place it beside the film: manifest: sidecar" if found.media_type in BESIDE_ALONE else "",
        )
    raise ProvenanceError(
        "the film already carries credentials, which signing would drop",
        where=str(source),
        got=found.why or f"{len(found.manifests)} manifests",
        fix="sign what was rendered, and name this film as an ingredient",
    )


def _check_sidecar(destination: Path, request: SignRequest, options: SignOptions) -> None:
    """Raises OutputError if the film's sidecar would replace that of a clip the film is made of."""
    ours = sidecar_path(destination)
    if options.keep == "embedded" or not ours.exists():
        return
    theirs = filter(None, (find_sidecar(path) for _, path in request.ingredients))
    if any(each.samefile(ours) for each in theirs):
        raise OutputError(
            "would be written over the credentials of one of the film's own sources",
            where=str(ours),
            fix="choose another folder, or another name for the deliverable",
        )


@contextmanager
def check_unchanged(source: Path) -> Iterator[None]:
    """Raises SourceError if a film's size or time of change differ at the end from those at the beginning.

    The SDK signs a film that is cut short while it reads it, and calls it trusted.
    """

    def state() -> tuple[int, int]:
        try:
            found = source.stat()
        except OSError as exc:
            raise (
                retry_of(exc, str(source))
                or SourceError("the film cannot be read", where=str(source), got=exc.strerror)
            ) from exc
        return found.st_size, found.st_mtime_ns

    before = state()
    yield
    if state() != before:
        raise SourceError(
            "the film changed while it was being signed",
            where=str(source),
            fix="let nothing else write to it",
        )


@contextmanager
def place_whole(destination: Path) -> Iterator[Path]:
    """Yields a new hidden path beside a film, which takes the film's name once the block has ended well.

    Nothing is left of it otherwise. Raises OutputError if it cannot be written.
    """
    part = hidden_path(destination)
    try:
        if not destination.parent.exists():
            raise OutputError(
                "cannot be written to", where=str(destination), expected="a folder that is there",
                got="no such folder", fix="make it, or choose another place",
            )  # fmt: skip
        refuse_special(destination)
        yield part
        part.replace(destination)
        sync_folder(destination.parent)
    except OSError as exc:
        raise unwritable(exc, destination) from exc
    finally:
        part.unlink(missing_ok=True)


def hidden_path(destination: Path, name: str = "part") -> Path:
    """Returns a new hidden path beside a film, with the same suffix, for a file that is not finished."""
    return destination.with_name(f".{destination.stem}.{secrets.token_hex(4)}.{name}{destination.suffix}")
