"""The seam every way of signing comes through: a key in a file, in a token, in a cloud."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol


class Signer(Protocol):
    """Signs claims. Its `repr` never shows a key.

    algorithm: a COSE algorithm by C2PA's name ("es256"); chain_pem: leaf first, root left out;
    tsa_url: an RFC 3161 time-stamping authority, or None.
    """

    @property
    def algorithm(self) -> str: ...

    @property
    def chain_pem(self) -> str: ...

    @property
    def tsa_url(self) -> str | None: ...

    def sign(self, data: bytes) -> bytes:
        """The signature of `data`: for ECDSA r and s side by side (RFC 9053, 2.1).

        Raises RetryError where what holds the key is lost for now, ProvenanceError where it refuses.
        """
        ...


@dataclass(frozen=True, slots=True)
class Timed:
    """A signer under another time-stamping authority than its own; None for none. Implements Signer."""

    signer: Signer
    tsa_url: str | None

    @property
    def algorithm(self) -> str:
        return self.signer.algorithm

    @property
    def chain_pem(self) -> str:
        return self.signer.chain_pem

    def sign(self, data: bytes) -> bytes:
        return self.signer.sign(data)


@dataclass(frozen=True, slots=True)
class Endorsed:
    """A signer beside whom an organisation states that the film is its own. Implements Signer.

    identity: who signs that statement; roles: what they are to the film ("cawg.publisher").
    Source: CAWG Identity Assertion 1.3, 5.1.2 (roles), 8.2 (X.509 certificates).
    """

    signer: Signer
    identity: Signer
    roles: tuple[str, ...] = ()

    @property
    def algorithm(self) -> str:
        return self.signer.algorithm

    @property
    def chain_pem(self) -> str:
        return self.signer.chain_pem

    @property
    def tsa_url(self) -> str | None:
        return self.signer.tsa_url

    def sign(self, data: bytes) -> bytes:
        return self.signer.sign(data)


def timed(signer: Signer, tsa_url: str | None) -> Signer:
    """A signer under another time-stamping authority; None for none.

    An organisation's statement is part of what is stamped; the SDK (0.91) asks for no stamp of its own.
    """
    if isinstance(signer, Endorsed):
        return replace(signer, signer=Timed(signer.signer, tsa_url))
    return Timed(signer, tsa_url)
