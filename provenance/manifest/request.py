"""Holds what is to be signed, how its credentials are placed, and what signing returned."""

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
# Called with bytes done and bytes in all. It may raise, which stops the signing.
Progress = Callable[[int, int], None]


def ignore_progress(_done: int, _total: int) -> None:
    """Does nothing: for signing without a progress display."""


@dataclass(frozen=True)
class SignRequest:
    """What is to be signed, and by whom.

    ingredients: each with its own file, so that its credentials are added as well; anchors_pem: trust anchors
    under which the signed file and its ingredients are validated.
    """

    claim: Claim
    ingredients: tuple[tuple[Ingredient, Path], ...]
    signer: Signer
    anchors_pem: str


@dataclass(frozen=True)
class SignOptions:
    """How the credentials are placed. remote: an https address at which they can be fetched, which is written
    into the film's XMP; copying: let the SDK write the film, never sign in one pass.

    Raises ProvenanceError if the address is not usable, ValueError if `keep` is no placement.
    """

    keep: ManifestPlacement = "embedded"
    remote: str = ""
    progress: Progress = ignore_progress
    copying: bool = False

    def __post_init__(self) -> None:
        if self.keep not in get_args(ManifestPlacement):
            raise ValueError(f"a manifest is kept {get_args(ManifestPlacement)}, not {self.keep!r}")
        if self.remote and not is_fetchable(self.remote):
            raise ProvenanceError(
                "not an address that a manifest can be fetched from",
                where="remote",
                expected="https://HOST/PATH",
                got=self.remote,
            )

    @property
    def embeds(self) -> bool:
        """Whether the manifest goes into the film."""
        return self.keep != "sidecar"


@dataclass(frozen=True)
class FlatHash:
    """A film's flat hash. digest: sha256, 32 bytes; boxes: (start, size) in bytes of each box it covers."""

    digest: bytes
    boxes: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class SignedFilm:
    """What signing returned. by: "one pass", or "copy" by the SDK, with the reason in `why`; store: the manifest
    store, as it is in the film or beside it; hash: of the film as it was read back while it was written."""

    by: Literal["one pass", "copy"]
    store: bytes
    why: str = ""
    hash: FlatHash | None = None


def is_fetchable(address: str) -> bool:
    """Says whether an address is https with a host, without a password, and can be written into XML as it is."""
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
