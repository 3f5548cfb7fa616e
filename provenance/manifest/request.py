"""What is to be signed, and how the credentials are to be kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from post.errors import ProvenanceError
from post.receipt import Ingredient
from provenance.claim.build import Claim
from provenance.signing.signer import Signer

# embedded: in the film; sidecar: in NAME.c2pa beside it, the film untouched; both: the same in each.
ManifestPlacement = Literal["embedded", "sidecar", "both"]
# Bytes done and bytes in all; may raise, which stops the signing.
Progress = Callable[[int, int], None]


def quiet(_done: int, _total: int) -> None:
    """Progress nobody watches."""


@dataclass(frozen=True)
class SignRequest:
    """What is to be signed, by whom, and whom it and its ingredients are checked against.

    ingredients: each with its own file, so that the credentials it carries come along;
    anchors_pem: what the signed file must read as trusted under.
    """

    claim: Claim
    ingredients: tuple[tuple[Ingredient, Path], ...]
    signer: Signer
    anchors_pem: str


@dataclass(frozen=True)
class SignOptions:
    """How credentials are kept and signing is followed. remote: an address they can be fetched at, which
    is written into the film's XMP; copying: have the SDK write the film, never the one pass.

    Raises ProvenanceError where the address is none, ValueError for no way of keeping.
    """

    keep: ManifestPlacement = "embedded"
    remote: str = ""
    progress: Progress = quiet
    copying: bool = False

    def __post_init__(self) -> None:
        if self.keep not in get_args(ManifestPlacement):
            raise ValueError(f"a manifest is kept {get_args(ManifestPlacement)}, not {self.keep!r}")
        if self.remote and not fetchable(self.remote):
            raise ProvenanceError(
                "no address a manifest can be fetched at",
                where="remote",
                expected="https://HOST/PATH",
                got=self.remote,
            )

    @property
    def embeds(self) -> bool:
        return self.keep != "sidecar"


@dataclass(frozen=True)
class Hashed:
    """A film's flat hash, and (start, size) of each box it is over."""

    digest: bytes
    boxes: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Signed:
    """What was made of an order. by: "one pass", or "copy" by the SDK and why; store: the manifest store
    itself, as it lies in the film, beside it, or both; hashed: the film, read back as it was written."""

    by: Literal["one pass", "copy"]
    store: bytes
    why: str = ""
    hashed: Hashed | None = None


def fetchable(address: str) -> bool:
    """Whether something is an https address with a host, no password in it, and nothing XML would choke on."""
    try:
        parts = urlsplit(address)
        return (
            parts.scheme == "https"
            and bool(parts.hostname)
            and parts.password is None
            and address.isascii()
            and not set(address) & set(" <>\"'\n\r\t")
        )
    except ValueError:
        return False
