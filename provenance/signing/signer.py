"""The interface of all signers: a key in a file, in a token, in a cloud service."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol


class Signer(Protocol):
    """Signs claims. Its `repr` never shows a key."""

    @property
    def algorithm(self) -> str:
        """Returns the COSE algorithm by C2PA's name, such as "es256"."""
        ...

    @property
    def chain_pem(self) -> str:
        """Returns the certificates as PEM: leaf first, root left out."""
        ...

    @property
    def tsa_url(self) -> str | None:
        """Returns the URL of a time-stamping authority (RFC 3161); None for no time-stamp."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Returns the signature of `data`: for ECDSA r and s side by side (RFC 9053, 2.1).

        Raises RetryError if the place that holds the key cannot be reached now, ProvenanceError if it refuses.
        """
        ...


@dataclass(frozen=True, slots=True)
class SignerWithTsa:
    """A signer with another time-stamping authority than its own; None for none. Implements Signer."""

    signer: Signer
    tsa_url: str | None

    @property
    def algorithm(self) -> str:
        """See Signer."""
        return self.signer.algorithm

    @property
    def chain_pem(self) -> str:
        """See Signer."""
        return self.signer.chain_pem

    def sign(self, data: bytes) -> bytes:
        """See Signer."""
        return self.signer.sign(data)


@dataclass(frozen=True, slots=True)
class SignerWithIdentity:
    """A signer together with the organisation that states that the film is its own. Implements Signer.

    identity: signs the organisation's statement; roles: what the organisation is to the film ("cawg.publisher").
    Source: CAWG Identity Assertion 1.3, 5.1.2 (roles), 8.2 (X.509 certificates).
    """

    signer: Signer
    identity: Signer
    roles: tuple[str, ...] = ()

    @property
    def algorithm(self) -> str:
        """See Signer."""
        return self.signer.algorithm

    @property
    def chain_pem(self) -> str:
        """See Signer."""
        return self.signer.chain_pem

    @property
    def tsa_url(self) -> str | None:
        """See Signer."""
        return self.signer.tsa_url

    def sign(self, data: bytes) -> bytes:
        """See Signer."""
        return self.signer.sign(data)


def with_tsa(signer: Signer, tsa_url: str | None) -> Signer:
    """Returns the signer with another time-stamping authority; None for none.

    One time-stamp covers an organisation's statement too: the SDK (0.91) requests none for it alone.
    """
    if isinstance(signer, SignerWithIdentity):
        return replace(signer, signer=SignerWithTsa(signer.signer, tsa_url))
    return SignerWithTsa(signer, tsa_url)
