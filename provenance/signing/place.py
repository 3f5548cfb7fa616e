"""Declares what a place of keys is: its URI, the package it needs, and how one of its keys is opened.

A place is one module of `signing/places` with a `PLACE`. No other code names it:

    places/drawer.py
        PLACE = KeyPlace(UriForm("drawer", "drawer://NAME/KEY", segments=range(1, 2), has_host=True), open_device)

The module must import its SDK only inside `open_device` and what that calls, so that the list of places can be read
on a machine where the SDK is not installed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from provenance.signing.algorithms import Algorithm, PublicKey


@dataclass(frozen=True, slots=True)
class UriForm:
    """The form of a place's URIs.

    scheme: what stands before the first colon; example: for error texts; options: what may follow the question
    mark; attributes: names of the `name=value` pairs of a PKCS#11 URI, none for a URI with a path; segments: how
    many parts the path may have; has_host: whether a host (or a mount) stands before the path.
    """

    scheme: str
    example: str
    options: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    segments: range = range(0)
    has_host: bool = False


@dataclass(frozen=True, slots=True)
class KeyUri:
    """A key's URI, parsed. It never holds a secret.

    host, parts: what stands before the question mark of a URI with a path; attributes, id: the same of a PKCS#11
    URI; options: what stands after it; text: the URI as it was written.
    """

    scheme: str
    host: str = ""
    parts: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    id: bytes = b""
    text: str = field(default="", repr=False)

    def __str__(self) -> str:
        return self.text


class Device(Protocol):
    """A key in a token, a hardware module or a service. Its `repr` shows no credentials.

    Both methods raise RetryError if the place cannot be reached now, and ProvenanceError if it refuses.
    """

    def public_key(self) -> PublicKey:
        """Returns the public half, asked from the place."""
        ...

    def sign(self, data: bytes, algorithm: Algorithm) -> bytes:
        """Returns the signature of `data`; for ECDSA r and s side by side (RFC 9053, 2.1)."""
        ...


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where keys are kept, other than in a file.

    form: of its URIs; open_device: opens the key of a URI, with the PIN of a token or None. It raises ImportError
    where the SDK is not installed and ProvenanceError where the configuration cannot be used.
    package: what installs the SDK, "" where none is needed; extra: our extra that installs it, "" where there is none;
    loggers: the SDK's loggers, silenced below CRITICAL. At DEBUG they write credentials (botocore: the session token
    of a canonical request), and at WARNING they repeat what our error says.
    """

    form: UriForm
    open_device: Callable[[KeyUri, str | None], Device]
    package: str = ""
    extra: str = ""
    loggers: tuple[str, ...] = ()

    @property
    def install(self) -> str:
        """Returns the command that installs the SDK."""
        return f"pip install {f'answerprint[{self.extra}]' if self.extra else self.package}"
