"""Signing, bound to a user's key: from a receipt and a finished file to a signed one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from post.receipt import Receipt
from provenance.claim import claim
from provenance.manifest import sign
from provenance.signing import development, keys
from provenance.signing.signer import Signer


@dataclass(frozen=True, slots=True)
class KeySeal:
    """Signs with one key. anchors: what the signed file must read as trusted under, PEM."""

    signer: Signer
    anchors: str

    def __call__(self, source: Path, destination: Path, receipt: Receipt, files: Mapping[str, Path]) -> None:
        parts = [(part, files[part.file.sha256]) for part in receipt.ingredients]
        sign(source, destination, claim(receipt, source), parts, self.signer, self.anchors)


def seal_with(config: Path, key: str) -> KeySeal:
    """The seal of a key by name, made on first use where it is the development key.

    Raises ProvenanceError, before any work is done, where it has expired or others can read it.
    """
    return KeySeal(keys.signer(config, key), own_anchors(config))


def own_anchors(config: Path) -> str:
    """This user's own development root, PEM; made on first use."""
    return development.root_pem(config)
