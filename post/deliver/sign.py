"""Signing, bound to a user's key: from a receipt and a finished file to a signed one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from post.errors import ProvenanceError, RetryError
from post.job.model import Provenance
from post.receipt import Receipt
from provenance.claim.build import build_claim
from provenance.manifest import (
    ManifestPlacement,
    Progress,
    SignOptions,
    SignRequest,
    ignore_progress,
    sign_film,
)
from provenance.signing import keyring, stamp_queue
from provenance.signing.keyring import Pins
from provenance.signing.signer import Signer, SignerWithIdentity, with_tsa
from provenance.signing.stamp_queue import PendingStamp
from provenance.signing.tsa_url import check_tsa_url
from provenance.trust import lists as trust_lists
from provenance.trust.lists import Anchors


@dataclass(frozen=True, slots=True)
class KeySeal:
    """Signs with one key. anchors: the lists under which a signed file must read as trusted; signed: told
    of every file that was; way: where the manifest is kept."""

    signer: Signer
    anchors: tuple[Anchors, ...]
    signed: Callable[[Path], None] = lambda _: None
    way: SignOptions = field(default_factory=SignOptions)

    def __call__(
        self,
        source: Path,
        destination: Path,
        receipt: Receipt,
        files: Mapping[str, Path],
        progress: Progress = ignore_progress,
    ) -> None:
        parts = tuple((part, files[part.file.sha256]) for part in receipt.ingredients)
        order = SignRequest(
            build_claim(receipt, source), parts, self.signer, trust_lists.join_pem(self.anchors)
        )
        sign_film(source, destination, order, replace(self.way, progress=progress))
        self.signed(destination)


def seal_with(config: Path, asked: Provenance | str, pins: Pins = keyring.no_pins) -> KeySeal:
    """The seal a job asks for, or that of a key by name; made on first use where it is the development key.

    Raises ProvenanceError, before any work is done, where a certificate cannot sign or others can read a
    key; RetryError where a key that lies elsewhere is lost for now. Both name the job's key at fault.
    """
    wish = Provenance(asked) if isinstance(asked, str) else asked
    with _named("key"):
        found = keyring.load_signer(config, wish.key, pins)
    with _named("identity"):
        signer = _identified(config, found, wish, pins)
    with _named("tsa"):
        tsa_url = check_tsa_url(wish.tsa) if wish.tsa else found.tsa_url
    with _named("remote"):
        way = SignOptions(cast(ManifestPlacement, wish.manifest), wish.remote)
    lists = trust_lists.read_configured(config)
    if wish.time != "later":
        return KeySeal(with_tsa(signer, tsa_url), lists, way=way)
    if not way.embeds:
        fix = "manifest: both, or a stamp as it is signed: time: now"
        raise ProvenanceError(
            "only a manifest in the film is stamped later", where="provenance.time", fix=fix
        )
    if not tsa_url:
        fix = "name a time-stamping authority: tsa: URL"
        raise ProvenanceError("nobody to stamp the time later", where="provenance.time", fix=fix)
    key, authority = wish.key, tsa_url
    return KeySeal(
        with_tsa(signer, None),
        lists,
        lambda film: stamp_queue.add(config, PendingStamp(film.resolve(), key, authority)),
        way,
    )


def _identified(config: Path, found: Signer, wish: Provenance, pins: Pins) -> Signer:
    """The signer, with the organisation beside it that the job names, or the key does."""
    roles = (wish.role,) if wish.role else ()
    if wish.identity:
        alone = found.signer if isinstance(found, SignerWithIdentity) else found
        return SignerWithIdentity(alone, keyring.load_identity(config, wish.identity, pins), roles)
    return (
        SignerWithIdentity(found.signer, found.identity, roles)
        if isinstance(found, SignerWithIdentity)
        else found
    )


@contextmanager
def _named(key: str) -> Iterator[None]:
    try:
        yield
    except (ProvenanceError, RetryError) as fault:
        raise fault.at(f"provenance.{key}") from fault
