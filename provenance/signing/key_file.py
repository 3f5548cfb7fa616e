"""A key as a user's settings keep it: one small private file.

A few lines `name: value`, then certificates, the signer's own first, and, unless the key lies elsewhere
(`uri:`), the private key. Addresses hold no secret (provenance.signing.uri).
"""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from post.errors import ProvenanceError
from provenance.signing.key_uri import parse as parse_uri
from provenance.signing.software_key import check_private, unreadable

LARGEST = 256 << 10
_CERTIFICATE = "CERTIFICATE"
_KEYS = ("PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY")
_NAMES = ("uri", "tsa", "identity")
_BEGIN, _END, _DASHES = "-----BEGIN ", "-----END ", "-----"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a key. uri: where it lies, "" where its private_pem is here; identity: the name of
    the key that states whose the films are, "" for none."""

    chain_pem: str = field(repr=False)
    uri: str = ""
    tsa_url: str | None = None
    identity: str = ""
    private_pem: str = field(default="", repr=False)

    def __str__(self) -> str:
        """As the file holds it: this shows the key."""
        return (
            "".join(f"{name}: {value}\n" for name, value in self._header())
            + self.private_pem
            + self.chain_pem
        )

    def _header(self) -> Iterator[tuple[str, str]]:
        values = (self.uri, self.tsa_url or "", self.identity)
        yield from ((name, value) for name, value in zip(_NAMES, values, strict=True) if value)


def read(path: Path) -> Kept:
    """A key's file. Raises ProvenanceError where others can read it or it makes no sense."""
    check_private(path)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as exc:
        raise ProvenanceError("the key cannot be read", where=str(path), got=exc.strerror) from exc
    return parse(data, str(path))


def parse(data: bytes, where: str) -> Kept:
    """Takes a key's file apart. Raises ProvenanceError, which never quotes it."""
    if len(data) > LARGEST:
        raise _no(where, f"it is larger than {LARGEST >> 10} KiB")
    try:
        lines = data.decode("ascii").splitlines()
    except UnicodeDecodeError:
        raise _no(where, "it is not plain text") from None  # the codec quotes the bytes
    first = next((at for at, line in enumerate(lines) if line.startswith(_BEGIN)), len(lines))
    header = _header(lines[:first], where)
    blocks = list(_blocks(lines[first:], where))
    keys = [text for kind, text in blocks if kind != _CERTIFICATE]
    chain = "".join(text for kind, text in blocks if kind == _CERTIFICATE)
    uri = header.get("uri", "")
    if uri:
        parse_uri(uri)
    if not chain or len(keys) != (0 if uri else 1):
        raise _no(where, "it needs certificates, and either one private key or the address of one")
    return Kept(chain, uri, header.get("tsa"), header.get("identity", ""), "".join(keys))


def _header(lines: list[str], where: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in lines)):
        name, colon, value = line.partition(":")
        if not colon or name not in _NAMES or name in found or not value.strip():
            raise _no(where, f"before the certificates stand {', '.join(_NAMES)}, each once at most")
        found[name] = value.strip()
    return found


def _blocks(lines: list[str], where: str) -> Iterator[tuple[str, str]]:
    """(kind, text) of each PEM block. Source: RFC 7468, 3 (the strict form)."""
    kind, held = "", list[str]()
    for line in filter(None, (line.strip() for line in lines)):
        if not kind:
            kind, held = _opened(line, where), []
        elif line == f"{_END}{kind}{_DASHES}":
            yield kind, _block(kind, held, where)
            kind = ""
        else:
            held.append(line)
    if kind:
        raise _no(where, "it is cut short")


def _opened(line: str, where: str) -> str:
    kind = line.removeprefix(_BEGIN).removesuffix(_DASHES)
    if line != f"{_BEGIN}{kind}{_DASHES}" or kind not in (_CERTIFICATE, *_KEYS):
        raise _no(where, f"it may hold {_CERTIFICATE} and {', '.join(_KEYS)}, in PEM")
    return kind


def _block(kind: str, held: list[str], where: str) -> str:
    try:
        binascii.a2b_base64("".join(held), strict_mode=True)
    except (binascii.Error, ValueError):
        # `from None`: the codec quotes the bytes.
        raise (
            _no(where, "a certificate is not base64") if kind == _CERTIFICATE else unreadable(where)
        ) from None
    return "\n".join([f"{_BEGIN}{kind}{_DASHES}", *held, f"{_END}{kind}{_DASHES}", ""])


def _no(where: str, why: str) -> ProvenanceError:
    return ProvenanceError(
        f"the key's file makes no sense: {why}",
        where=where,
        fix="put a good copy of it back, or add it again",
    )
