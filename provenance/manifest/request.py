"""Holds what is to be signed, how its credentials are placed, and what signing returned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from post.errors import JobError
from post.receipt import Ingredient
from provenance.claim.build import Claim
from provenance.record.secrets import remove_secrets
from provenance.signing.signer import Signer

# embedded: in the film; sidecar: in NAME.c2pa beside it, the film untouched; both: the same in each.
ManifestPlacement = Literal["embedded", "sidecar", "both"]
# Called with the bytes done and the bytes in all. If it raises, signing stops.
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
    """Where the credentials are placed, and how they are written.

    remote: an https address that they can be fetched from; it is written into the film's XMP; copying: the SDK
    writes the film, which is never signed in one pass. Raises JobError if the address is not usable,
    ValueError if `keep` is not a placement.
    """

    keep: ManifestPlacement = "embedded"
    remote: str = ""
    progress: Progress = ignore_progress
    copying: bool = False

    def __post_init__(self) -> None:
        if self.keep not in get_args(ManifestPlacement):
            raise ValueError(f"keep is one of {get_args(ManifestPlacement)}, not {self.keep!r}")
        if self.remote and not is_fetchable(self.remote):
            raise JobError(
                "not an address that a manifest can be fetched from",
                where="remote",
                expected="https://HOST/PATH",
                got=remove_secrets(self.remote),
            )

    @property
    def embeds(self) -> bool:
        """Returns whether the manifest is written into the film."""
        return self.keep != "sidecar"


@dataclass(frozen=True)
class FlatHash:
    """The flat hash of a film. digest: sha256, 32 bytes; boxes: (start, size) in bytes of each box that it covers."""

    digest: bytes
    boxes: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class SignedFilm:
    """A film that was signed.

    by: "one pass", or "copy" if the SDK wrote it, and then `why` is the reason; store: the manifest store in the
    film or beside it; hash: the film's hash, computed while the film was written.
    """

    by: Literal["one pass", "copy"]
    store: bytes
    why: str = ""
    hash: FlatHash | None = None


def is_fetchable(address: str) -> bool:
    """Returns whether an address is https, has a host and no password, and needs no escaping in XML."""
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
