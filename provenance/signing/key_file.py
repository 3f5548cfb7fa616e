"""Reads and writes the file of one signing key in a user's settings.

tsa: http://timestamp.example     lines `name: value`, each optional
identity: house
uri: vault://transit/film         where the private key is, if it is not in this file
-----BEGIN PRIVATE KEY-----       the private key, unless there is a `uri`
-----BEGIN CERTIFICATE-----       the chain, the signer's own certificate first
"""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from post.atomic import open_regular
from post.errors import ProvenanceError
from post.os_faults import retry_of
from provenance.signing.key_uri import parse as parse_uri
from provenance.signing.private_file import check_private
from provenance.signing.software_key import unreadable

MAX_BYTES = 256 << 10
_CERTIFICATE = "CERTIFICATE"
_PRIVATE_KEYS = ("PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY")
_NAMES = ("uri", "tsa", "identity")
_BEGIN, _END, _DASHES = "-----BEGIN ", "-----END ", "-----"


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The content of a key's file.

    uri: the place that holds the private key, "" if private_pem does; tsa_url: the time-stamping authority, None for
    none; identity: the name of the organisation's key, "" for none.
    """

    chain_pem: str = field(repr=False)
    uri: str = ""
    tsa_url: str | None = None
    identity: str = ""
    private_pem: str = field(default="", repr=False)

    def __str__(self) -> str:
        """Returns the file's text. It shows the private key."""
        return (
            "".join(f"{name}: {value}\n" for name, value in self._header())
            + self.private_pem
            + self.chain_pem
        )

    def _header(self) -> Iterator[tuple[str, str]]:
        values = (self.uri, self.tsa_url or "", self.identity)
        yield from ((name, value) for name, value in zip(_NAMES, values, strict=True) if value)


def read(path: Path) -> KeyFile:
    """Returns the content of a key's file. Raises ProvenanceError if others can read the file, or it is malformed."""
    check_private(path)
    try:
        with open_regular(path) as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as exc:
        raise (
            retry_of(exc, str(path))
            or ProvenanceError("the key cannot be read", where=str(path), got=exc.strerror)
        ) from exc
    return parse(data, str(path))


def parse(data: bytes, where: str) -> KeyFile:
    """Returns the content of a key's file. Raises ProvenanceError if it is malformed, without quoting it."""
    if len(data) > MAX_BYTES:
        raise _malformed(where, f"it is larger than {MAX_BYTES >> 10} KiB")
    try:
        lines = data.decode("ascii").splitlines()
    except UnicodeDecodeError:
        raise _malformed(where, "it is not plain text") from None  # the codec's error quotes the bytes
    first = next((at for at, line in enumerate(lines) if line.startswith(_BEGIN)), len(lines))
    header = _parse_header(lines[:first], where)
    blocks = list(_parse_blocks(lines[first:], where))
    keys = [text for kind, text in blocks if kind != _CERTIFICATE]
    chain = "".join(text for kind, text in blocks if kind == _CERTIFICATE)
    uri = header.get("uri", "")
    if uri:
        parse_uri(uri)
    if not chain or len(keys) != (0 if uri else 1):
        raise _malformed(where, "it needs certificates, and either one private key or the address of one")
    return KeyFile(chain, uri, header.get("tsa"), header.get("identity", ""), "".join(keys))


def _parse_header(lines: list[str], where: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in lines)):
        name, colon, value = line.partition(":")
        if not colon or name not in _NAMES or name in found or not value.strip():
            raise _malformed(where, f"only {', '.join(_NAMES)} may precede the certificates, each once")
        found[name] = value.strip()
    return found


def _parse_blocks(lines: list[str], where: str) -> Iterator[tuple[str, str]]:
    """Yields (kind, text) of each PEM block. Source: RFC 7468, 3 (the strict form)."""
    kind, body = "", list[str]()
    for line in filter(None, (line.strip() for line in lines)):
        if not kind:
            kind, body = _parse_begin(line, where), []
        elif line == f"{_END}{kind}{_DASHES}":
            yield kind, _check_block(kind, body, where)
            kind = ""
        else:
            body.append(line)
    if kind:
        raise _malformed(where, "it is cut short")


def _parse_begin(line: str, where: str) -> str:
    kind = line.removeprefix(_BEGIN).removesuffix(_DASHES)
    if line != f"{_BEGIN}{kind}{_DASHES}" or kind not in (_CERTIFICATE, *_PRIVATE_KEYS):
        raise _malformed(where, f"it may hold {_CERTIFICATE} and {', '.join(_PRIVATE_KEYS)}, in PEM")
    return kind


def _check_block(kind: str, body: list[str], where: str) -> str:
    try:
        binascii.a2b_base64("".join(body), strict_mode=True)
    except (binascii.Error, ValueError):
        # `from None`: the codec's error quotes the bytes.
        raise (
            _malformed(where, "a certificate is not base64") if kind == _CERTIFICATE else unreadable(where)
        ) from None
    return "\n".join([f"{_BEGIN}{kind}{_DASHES}", *body, f"{_END}{kind}{_DASHES}", ""])


def _malformed(where: str, why: str) -> ProvenanceError:
    return ProvenanceError(
        f"the key's file is malformed: {why}",
        where=where,
        fix="put a good copy of it back, or add it again",
    )
