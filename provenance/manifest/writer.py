"""Manifests written: a film signed beside its destination, read back, and only then given its name."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from post.atomic import replacing, sync_folder
from post.errors import OutputError, ProvenanceError, SourceError
from post.receipt import Ingredient
from provenance.claim.build import Claim
from provenance.manifest.bmff_layout import Unsuited
from provenance.manifest.one_pass import sign_in_one_pass
from provenance.manifest.read_back import check
from provenance.manifest.reader import read
from provenance.manifest.request import Signed, SignOptions, SignRequest
from provenance.manifest.sdk_callbacks import Watch
from provenance.manifest.sdk_copy import sign_by_copying
from provenance.manifest.sidecar import beside
from provenance.signing.profile import check_signing
from provenance.signing.signer import Signer, SignerWithIdentity
from provenance.signing.tsa_errors import translate_tsa_error


def sign(
    source: Path,
    destination: Path,
    claim: Claim,
    ingredients: Sequence[tuple[Ingredient, Path]],
    signer: Signer,
    anchors_pem: str,
) -> Signed:
    """As `sign_film`, the manifest in the film."""
    return sign_film(
        source, destination, SignRequest(claim, tuple(ingredients), signer, anchors_pem), SignOptions()
    )


def sign_film(source: Path, destination: Path, order: SignRequest, way: SignOptions) -> Signed:
    """Signs a finished film into `destination`, or leaves nothing there. Films are copied, hashed and read
    back in one pass where they can be, else copied by the SDK.

    Raises ProvenanceError where it cannot be signed or does not read back as trusted, SourceError where
    a file cannot be read, OutputError where the destination cannot be written, and
    whatever the signer or the progress raised.
    """
    # (0): a certificate that cannot sign is found before any work is done
    check_signers(order.signer)
    # (1): nothing is signed onto itself, and no history is dropped
    check_apart(source, destination)
    _check_unsigned(source)
    _check_beside(destination, order, way)
    part = hidden(destination)
    try:
        # (2): sign beside the destination
        with unchanged(source):
            signed = _signed(part, source, order, way)
        # (3): what was written is read back
        check(part, destination, signed, order, way)
        if way.keep != "embedded":
            with replacing(beside(destination), lasting=True) as out:
                out.write(signed.store)
        # (4): only now does the name exist
        part.replace(destination)
        sync_folder(destination.parent)
    except OSError as exc:
        raise unwritable(destination, exc) from exc
    finally:
        part.unlink(missing_ok=True)
    return signed


def _signed(part: Path, source: Path, order: SignRequest, way: SignOptions) -> Signed:
    watch = Watch()
    with sdk_errors(source, order, watch):
        if way.copying:
            return sign_by_copying(part, source, order, way, "asked for", watch)
        try:
            return sign_in_one_pass(part, source, order, way, watch)
        except Unsuited as exc:
            part.unlink(missing_ok=True)
            return sign_by_copying(part, source, order, way, str(exc), watch)


@contextmanager
def sdk_errors(source: Path, order: SignRequest, watch: Watch) -> Iterator[None]:
    """Raises, for the SDK's own error, what it hid: what its callbacks met, or a fault of an authority's."""
    import c2pa

    try:
        yield
    except c2pa.C2paError as exc:
        watch.reraise()
        raise (
            translate_tsa_error(str(exc), order.signer.tsa_url)
            or ProvenanceError("the film could not be signed", where=str(source), got=str(exc))
        ) from exc


def check_signers(signer: Signer) -> None:
    """Raises ProvenanceError where a certificate cannot sign claims."""
    check_signing(signer.chain_pem, "the signing certificate")
    if isinstance(signer, SignerWithIdentity):
        check_signing(signer.identity.chain_pem, "the identity's certificate")


def check_apart(source: Path, destination: Path) -> None:
    """Raises ProvenanceError where a film would be written over itself, SourceError where there is none."""
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
    if found.outcome == "absent" and not found.remote_url:
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


def _check_beside(destination: Path, order: SignRequest, way: SignOptions) -> None:
    """Raises OutputError where a sidecar would be written over that of a clip the film is made of."""
    ours = beside(destination)
    if way.keep == "embedded" or not ours.exists():
        return
    theirs = [beside(path) for _, path in order.ingredients]
    if any(each.exists() and each.samefile(ours) for each in theirs):
        raise OutputError(
            "would be written over the credentials of one of the film's own sources",
            where=str(ours),
            fix="choose another folder, or another name for the deliverable",
        )


@contextmanager
def unchanged(source: Path) -> Iterator[None]:
    """Raises SourceError where a film is not at the end what it was at the beginning: the SDK signs one
    that is cut short under its hands, and calls it trusted."""

    def seen() -> tuple[int, int]:
        try:
            found = source.stat()
        except OSError as exc:
            raise SourceError("the film cannot be read", where=str(source), got=exc.strerror) from exc
        return found.st_size, found.st_mtime_ns

    before = seen()
    yield
    if seen() != before:
        raise SourceError(
            "the film changed while it was being signed",
            where=str(source),
            fix="let nothing else write to it",
        )


def hidden(destination: Path, name: str = "part") -> Path:
    """A place beside a film, of the same kind, for what is not yet it."""
    return destination.with_name(f".{destination.stem}.{secrets.token_hex(4)}.{name}{destination.suffix}")


def unwritable(destination: Path, exc: OSError) -> OutputError:
    """The error of a signed film that cannot be written."""
    return OutputError(
        "the signed film cannot be written",
        where=str(destination),
        got=exc.strerror or str(exc),
        fix="choose another place",
    )
