"""The seam every way of signing comes through: a key in a file, in a token, in a cloud."""

from __future__ import annotations

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
        """The signature of `data`: for ECDSA r and s side by side (RFC 9053, 2.1)."""
        ...
