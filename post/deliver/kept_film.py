"""Keeps a finished film as it was signed, where signing it again would say the same.

    basis       a digest of everything that the manifest is made from; receipt.json holds it beside each film's receipt
    film        is read anew: it must be intact, signed with this key, and say itself that it is of this receipt

A film that was time-stamped or updated since is kept too: its stamp is older, and so worth more, than a new one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

import provenance
from post.atomic import checksum
from post.deliver.check import MeasuredFilm, measured_before
from post.deliver.labels import labels_of
from post.deliver.receipt import make_receipt
from post.engine import Store
from post.errors import SourceError
from post.prepare.sources import JobSources
from post.prepare.toolchain import code_digest, required_releases, source_digest
from post.receipt import Receipt
from post.recovery.register import RegistryOptions
from post.values import Rendition, digest
from post.values.files.film_container import FILM_CONTAINERS
from provenance.claim.build import RECEIPT_LABEL, build_receipt
from provenance.crjson.manifest import ManifestView
from provenance.durable.registry import read_registry
from provenance.durable.registry_entry import FilmIdentity
from provenance.manifest.sidecar import find_sidecar, sidecar_path
from provenance.signing.stamping.stamp_queue import PendingStamp
from provenance.trust.lists import Anchors
from provenance.verify import Verified, VerifyOptions, examine
from provenance.verify.own_checks import update_trail

# What joins a film and makes its manifest: below post/, and below provenance/.
_JOINED_BY = (
    "deliver/*.py",
    "deliver/captions/*.py",
    "deliver/mux/*.py",
    "deliver/sound/*.py",
    "render/*.py",
    "plan/declare.py",
    "values/**/*.py",
    "receipt.py",
)
_SIGNED_BY = ("blocks/*.py", "claim/*.py", "labels/*.py", "manifest/*.py", "record/*.py", "signing/**/*.py")
# What makes a registered film's soft bindings: below post/, and below provenance/.
_FOUND_BY = ("recovery/*.py",)
_BOUND_BY = ("durable/*.py",)
T = TypeVar("T")
SIGNED = "signed"  # of receipt.json: what is known of each signed film, by its name


@dataclass(frozen=True, slots=True)
class SigningTerms:
    """How a signer signs, as far as a manifest shows it.

    certificates: PEM of everybody who signs, the signer of the claim first; key: the SHA-256 of that one's own
    certificate; details: everything else, such as the time-stamping authority; sidecar: whether the credentials
    lie beside the film; embedded: whether they lie in it.
    """

    certificates: tuple[str, ...]
    key: str
    details: tuple[str, ...]
    sidecar: bool = False
    embedded: bool = True

    def of_film(self, container: str) -> SigningTerms:
        """Returns the terms of a film in a container: one that cannot carry a manifest has it beside it."""
        return self if FILM_CONTAINERS[container].boxes else replace(self, sidecar=True, embedded=False)


class TermsOfSigner(Protocol):
    """A film's signer, as far as keeping a film needs it."""

    @property
    def anchors(self) -> tuple[Anchors, ...]:
        """The lists that vouch for the signer: under them, what it signs must read as trusted."""

    @property
    def terms(self) -> SigningTerms:
        """How it signs, as far as a manifest shows it."""


class FilmSigner(TermsOfSigner, Protocol):
    """Signs finished films with one key."""

    def __call__(
        self,
        source: Path,
        destination: Path,
        receipt: Receipt,
        files: Mapping[str, Path],
        progress: Callable[[int, int], None],
    ) -> None:
        """Writes the signed film to `destination`. files: the ingredients' files by sha256; progress: is
        called with the bytes done and the bytes in all."""

    def pending_stamp(self, film: Path) -> PendingStamp | None:
        """Returns what is queued of a film that it has signed, once that lies at `film`. None: nothing."""


class Caller(Protocol):
    """Calls a function where foreign files may be read."""

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Calls it, and returns what it returns."""


class KeepingSetup(Protocol):
    """What finishing has, as far as keeping a film needs it. registering: None where films are not registered."""

    @property
    def signer(self) -> TermsOfSigner: ...
    @property
    def registering(self) -> RegistryOptions | None: ...
    @property
    def engine(self) -> Caller: ...


@dataclass(frozen=True, slots=True)
class _Basis:
    """Everything that a film's manifest is made from.

    sidecars: of its ingredients, by their SHA-256; registry: where it is registered and how, () where it is not.
    """

    receipt: Receipt
    labels: tuple[str, str]
    terms: SigningTerms
    sidecars: tuple[tuple[str, str], ...]
    anchors: tuple[tuple[str, str], ...]
    code: tuple[str, ...]
    registry: tuple[str, ...]


def signing_basis(sources: JobSources, rendition: Rendition, receipt: Receipt, setup: KeepingSetup) -> str:
    """Returns a digest of everything that the manifest of a film says, but for when it is signed.

    Trust lists count where an ingredient has credentials: the manifest says what they were worth.
    """
    labels = labels_of(sources, rendition)
    files = sources.files()
    besides = ((part.file.sha256, find_sidecar(files[part.file.sha256])) for part in receipt.ingredients)
    vouched = any(part.credential not in ("unsigned", "vendor-marked") for part in receipt.ingredients)
    return digest(
        _Basis(
            receipt,
            (labels.xmp.decode("utf-8", "replace"), labels.aigc),
            setup.signer.terms.of_film(rendition.container),
            tuple((sha256, checksum(beside).sha256) for sha256, beside in besides if beside),
            tuple((each.role, digest(each.pem)) for each in setup.signer.anchors if vouched),
            (
                code_digest(_JOINED_BY),
                _provenance_digest(_SIGNED_BY),
                *(f"{name} {release}" for name, release in required_releases()),
            ),
            tuple(_registry_terms(setup.registering)) if setup.registering else (),
        )
    )


def _registry_terms(registering: RegistryOptions) -> Iterator[str]:
    yield str(registering.folder.absolute())
    yield "with its ISCC" if registering.iscc else ""
    yield code_digest(_FOUND_BY)
    yield _provenance_digest(_BOUND_BY)


@cache
def _provenance_digest(globs: tuple[str, ...]) -> str:
    """Returns a text that changes with those modules below provenance/, which are read once in a process."""
    return source_digest(Path(provenance.__file__).parent, globs)


def receipt_before(
    sources: JobSources, rendition: Rendition, keys: Sequence[str], before: Mapping[str, Any], store: Store
) -> tuple[Receipt, MeasuredFilm] | None:
    """Returns the receipt that a film would have again, and what it measures, without joining it.

    before: the folder's receipts. None where they do not name the film, or it was not measured before: its bytes
    are then known only once it is joined.
    """
    rows: list[dict[str, Any]] = before.get("receipts", [])
    row = next((each for each in rows if each["name"] == rendition.name), {})
    sha256 = row.get("sha256")
    measured = measured_before(rendition, store, sha256) if isinstance(sha256, str) else None
    if not isinstance(sha256, str) or measured is None:
        return None
    receipt = make_receipt(sources, rendition, keys, (sha256, measured))
    if sources.job.provenance.registration is None:
        return receipt, measured
    return replace(receipt, bindings=_bindings(row) or receipt.bindings), measured


def _bindings(row: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Returns the soft bindings in a receipt's JSON: a film's looks are not computed from its plan."""
    rows = row.get("bindings")
    return tuple(
        (str(each[0]), str(each[1]), str(each[2]))
        for each in (rows if isinstance(rows, list) else ())
        if isinstance(each, list) and len(each) == 3
    )


def signed_before(before: Mapping[str, Any], name: str) -> str:
    """Returns the basis on which the folder's film of a name was signed; "" where that is not known."""
    signed = before.get(SIGNED)
    known = signed.get(name) if isinstance(signed, dict) else None
    return known if isinstance(known, str) else ""


def find_kept(film: Path, receipt: Receipt, setup: KeepingSetup) -> str:
    """Returns the SHA-256 of the film at a path, if it is as it was signed and, where one is asked for, the registry
    holds it; "" where it is to be signed anew.

    Raises RetryError where the registry is busy.
    """
    try:
        if setup.registering and not _holds(setup.registering, receipt):
            return ""
        terms = setup.signer.terms.of_film(film.suffix[1:])
        return setup.engine.call(is_as_signed, film, receipt, terms, setup.signer.anchors)
    except SourceError:  # what lies there may be anything, and a worker may have given up on it
        return ""


def _holds(registering: RegistryOptions, receipt: Receipt) -> bool:
    with read_registry(registering.folder) as registry:
        return registry.holds(FilmIdentity("", "", receipt.sha256))


def is_as_signed(film: Path, receipt: Receipt, terms: SigningTerms, anchors: tuple[Anchors, ...]) -> str:
    """Returns the SHA-256 of the film at a path, if it is intact, signed on these terms, and says that it is of this
    receipt; "" where it is not.

    It reads what lies there, which may be anything: it is called where foreign files may be read.
    """
    beside = sidecar_path(film)
    if film.is_symlink() or not film.is_file() or beside.is_file() != terms.sidecar:
        return ""
    places = [None] * terms.embedded + [beside] * terms.sidecar
    try:
        found = [examine(film, anchors, options=VerifyOptions(sidecar=each)) for each in places]
    except SourceError:
        return ""
    read = {each.report.file.sha256 for each in found}
    return read.pop() if len(read) == 1 and all(_is_of(each, receipt, terms) for each in found) else ""


def _is_of(verified: Verified, receipt: Receipt, terms: SigningTerms) -> bool:
    report = verified.report
    if report.integrity != "intact" or report.signer != "trusted" or report.unhashed:
        return False
    held = json.loads(json.dumps(build_receipt(receipt)))
    binding = update_trail(verified.reading.manifests)[-1]  # later manifests may only add to that one
    signed_by = {each.label: each.certificate for each in report.manifests}
    claims = {view.label: view.assertions for view in map(ManifestView, verified.reading.manifests)}
    return signed_by[binding] == terms.key and claims[binding].get(RECEIPT_LABEL) == held
