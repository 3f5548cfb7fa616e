"""Signs finished films with a user's key, as a job wants it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from cryptography.hazmat.primitives import hashes

from post.deliver.kept_film import SigningTerms
from post.errors import JobError, ProvenanceError, RetryError
from post.job.model import Provenance
from post.receipt import Receipt
from post.step_log import StepLog
from post.values.files.film_container import FILM_CONTAINERS
from provenance.claim.build import build_claim
from provenance.manifest import (
    ManifestPlacement,
    Progress,
    SignOptions,
    SignRequest,
    ignore_progress,
    sign_film,
)
from provenance.signing.certificates import read_chain
from provenance.signing.keyring import Keys, KeysHere
from provenance.signing.signer import Signer, SignerWithIdentity, with_tsa
from provenance.signing.stamping.stamp_queue import PendingStamp
from provenance.signing.stamping.tsa_url import check_tsa_url, host_of
from provenance.trust import lists as trust_lists
from provenance.trust.lists import Anchors

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeyFilmSigner:
    """Signs films with one key.

    anchors: the trust lists under which a signed film must read as trusted; options: where the manifest is kept;
    name: the key's; stamped_by: the authority that is to stamp the time later, "" for none.
    """

    signer: Signer
    anchors: tuple[Anchors, ...]
    options: SignOptions = field(default_factory=SignOptions)
    name: str = ""
    stamped_by: str = ""

    def __call__(
        self,
        source: Path,
        destination: Path,
        receipt: Receipt,
        files: Mapping[str, Path],
        progress: Progress = ignore_progress,
    ) -> None:
        """Signs `source` into `destination` with a claim made from its receipt.

        files: the ingredients' files, by sha256; progress: is called with the bytes done and in all.
        Raises ProvenanceError, RetryError, SourceError or OutputError as `sign_film` does.
        """
        parts = tuple((part, files[part.file.sha256]) for part in receipt.ingredients)
        request = SignRequest(
            build_claim(receipt, source), parts, self.signer, trust_lists.join_pem(self.anchors)
        )
        steps = StepLog(log, film=destination.name, signed_with=self.name, **_public_part(self.signer))
        boxes = FILM_CONTAINERS[destination.suffix[1:]].boxes
        options = self.options if boxes else replace(self.options, keep="sidecar")
        signed = sign_film(source, destination, request, replace(options, progress=progress))
        steps.done(f"signed {destination.name} with the key {self.name}", by=signed.by, why=signed.why)

    @property
    def terms(self) -> SigningTerms:
        """How it signs, as far as a manifest shows it."""
        signer = self.signer
        identity = signer.identity if isinstance(signer, SignerWithIdentity) else None
        roles = signer.roles if isinstance(signer, SignerWithIdentity) else ()
        leaf = read_chain(signer.chain_pem, "the signing certificate")[0]
        return SigningTerms(
            (signer.chain_pem, *([identity.chain_pem] if identity else [])),
            leaf.fingerprint(hashes.SHA256()).hex(),
            (signer.algorithm, signer.tsa_url or "", self.stamped_by, self.options.remote, *roles),
            sidecar=self.options.keep != "embedded",
            embedded=self.options.embeds,
        )

    def pending_stamp(self, film: Path) -> PendingStamp | None:
        """Returns what is queued of a film that it has signed, once that lies at `film`. None: nothing."""
        return PendingStamp(film, self.name, self.stamped_by) if self.stamped_by else None


def film_signer(config: Path, wanted: Provenance | str, keys: Keys | None = None) -> KeyFilmSigner:
    """Returns the signer that a job wants, or the one of a key by its name.

    config: the folder of this user's keys; the development key is made in it on first use; keys: where they are
    loaded from; None: into this process.
    Raises, before any work is done: JobError where what the job asks for cannot be; ProvenanceError where a
    certificate cannot sign or others can read a key; RetryError where a remote key cannot be reached now. All name
    the job's key at fault.
    """
    wish = Provenance(wanted) if isinstance(wanted, str) else wanted
    keys = keys or KeysHere(config)
    with _at("key"):
        key_signer = keys.load_signer(wish.key)
    with _at("identity"):
        signer = _with_identity(key_signer, wish, keys)
    with _at("tsa"):
        tsa_url = check_tsa_url(wish.tsa) if wish.tsa else key_signer.tsa_url
    with _at("remote"):
        options = SignOptions(cast(ManifestPlacement, wish.manifest), wish.remote)
    lists = trust_lists.read_configured(config)
    if wish.time != "later":
        return KeyFilmSigner(with_tsa(signer, tsa_url), lists, options=options, name=wish.key)
    if not options.embeds:
        fix = "manifest: both, or a stamp as it is signed: time: now"
        raise JobError("only a manifest in the film is stamped later", where="provenance.time", fix=fix)
    if not tsa_url:
        fix = "name a time-stamping authority: tsa: URL"
        raise JobError("nobody to stamp the time later", where="provenance.time", fix=fix)
    return KeyFilmSigner(with_tsa(signer, None), lists, options, wish.key, tsa_url)


def _with_identity(signer: Signer, wish: Provenance, keys: Keys) -> Signer:
    """The signer, together with the identity (CAWG) that the job names, or else the key does."""
    roles = (wish.role,) if wish.role else ()
    if wish.identity:
        alone = signer.signer if isinstance(signer, SignerWithIdentity) else signer
        return SignerWithIdentity(alone, keys.load_identity(wish.identity), roles)
    return (
        SignerWithIdentity(signer.signer, signer.identity, roles)
        if isinstance(signer, SignerWithIdentity)
        else signer
    )


def _public_part(signer: Signer) -> dict[str, str]:
    """Returns what a log says of a signer."""
    leaf = read_chain(signer.chain_pem, "the signing certificate")[0]
    return {
        "algorithm": signer.algorithm,
        "certificate": leaf.fingerprint(hashes.SHA256()).hex(),
        "tsa": host_of(signer.tsa_url) if signer.tsa_url else "",
    }


@contextmanager
def _at(key: str) -> Iterator[None]:
    """Names the key under `provenance:` in a fault."""
    try:
        yield
    except (JobError, ProvenanceError, RetryError) as fault:
        raise fault.at(f"provenance.{key}") from fault
