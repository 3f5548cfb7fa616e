"""Signing, bound to a user's key: from a receipt and a finished file to a signed one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from post.receipt import Receipt
from provenance import trust
from provenance.claim import claim
from provenance.manifest import sign
from provenance.signing import keys
from provenance.signing.signer import Signer
from provenance.trust import Anchors


@dataclass(frozen=True, slots=True)
class KeySeal:
    """Signs with one key. anchors: the lists under which a signed file must read as trusted."""

    signer: Signer
    anchors: tuple[Anchors, ...]

    def __call__(self, source: Path, destination: Path, receipt: Receipt, files: Mapping[str, Path]) -> None:
        parts = [(part, files[part.file.sha256]) for part in receipt.ingredients]
        sign(source, destination, claim(receipt, source), parts, self.signer, trust.pem(self.anchors))


def seal_with(config: Path, key: str) -> KeySeal:
    """The seal of a key by name, made on first use where it is the development key.

    Raises ProvenanceError, before any work is done, where it has expired or others can read it.
    """
    signer = keys.signer(config, key)
    return KeySeal(signer, trust.configured(config))
