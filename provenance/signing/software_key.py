"""A signer whose key lies in a file that only its owner can read."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from post.errors import ProvenanceError
from provenance.signing.algorithms import algorithm_of, pss, same_key, side_by_side
from provenance.signing.certificates import check_current, read_chain

_EXPOSED = stat.S_IRWXG | stat.S_IRWXO
_LARGEST = 1 << 20


@dataclass(frozen=True)
class FileKey:
    """A key and its certificates, read from files. Implements Signer."""

    chain_pem: str = field(repr=False)
    tsa_url: str | None = None
    where: str = ""
    _key: Any = field(default=None, repr=False, compare=False)

    @property
    def algorithm(self) -> str:
        return algorithm_of(self._key.public_key(), self.where).name

    def sign(self, data: bytes) -> bytes:
        row = algorithm_of(self._key.public_key(), self.where)
        if isinstance(self._key, ed25519.Ed25519PrivateKey):
            return self._key.sign(data)
        assert row.digest is not None
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, pss(row), row.digest())
        made: bytes = self._key.sign(data, ec.ECDSA(row.digest()))
        return side_by_side(made, row)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key does not travel: load it where it is used")


def load(chain: Path, key: Path, tsa_url: str | None = None, at: datetime | None = None) -> FileKey:
    """A signer from a PEM chain (the signer's own certificate first) and its unencrypted PEM key.

    The two may be one file. Raises ProvenanceError where a file is missing, others can read the key,
    the key is not the certificate's, or the certificate is not valid (now, unless `at` is given). Whether
    it may sign claims is asked of `profile`.
    """
    check_private(key)
    made = pair(read_certificates(chain), read_private(key), tsa_url, (str(chain), str(key)))
    check_current(made.chain_pem, str(chain), at)
    return made


def pair(chain_pem: str, key: Any, tsa_url: str | None, where: tuple[str, str]) -> FileKey:
    """A key with its certificates. where: of the chain, and of the key.

    Raises ProvenanceError where they do not belong together or C2PA cannot use the key.
    """
    chain_at, key_at = where
    leaf = read_chain(chain_pem, chain_at)[0]
    if not same_key(leaf.public_key(), key.public_key()):
        raise ProvenanceError(
            "the key is not the certificate's",
            where=key_at,
            expected=f"the key that the first certificate in {chain_at} is for",
            fix="keep each key with its own certificate",
        )
    algorithm_of(key.public_key(), key_at)
    return FileKey(chain_pem, tsa_url, chain_at, key)


def check_private(key: Path) -> None:
    """Raises ProvenanceError where anyone but its owner can reach a key file."""
    try:
        mode = key.stat().st_mode
    except OSError as exc:
        raise ProvenanceError("the key cannot be read", where=str(key), got=exc.strerror) from exc
    if os.name == "posix" and mode & _EXPOSED:
        raise ProvenanceError(
            "others can read this key",
            where=str(key),
            expected="mode 600",
            got=f"mode {stat.S_IMODE(mode):o}",
            fix=f"run: chmod 600 {key}",
        )


def key_pem(key: Any) -> str:
    """A private key as unencrypted PEM, for a file that only its owner can read."""
    form = serialization.PrivateFormat.PKCS8
    made: bytes = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    return made.decode("ascii")


def read_certificates(path: Path) -> str:
    """The certificates of a PEM file alone, whatever else it holds. Raises ProvenanceError."""
    try:
        text = _read(path).decode("utf-8")
    except (OSError, ValueError) as exc:
        raise ProvenanceError("the certificates cannot be read", where=str(path)) from exc
    head, tail = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    parts = [part.split(tail)[0].strip() for part in text.split(head)[1:]]
    return "".join(f"{head}\n{part}\n{tail}\n" for part in parts)


def read_private(path: Path) -> Any:
    """The private key of a PEM file. Raises ProvenanceError, which never quotes it."""
    try:
        return parse_private(_read(path), str(path))
    except OSError as exc:
        raise ProvenanceError("the key cannot be read", where=str(path), got=exc.strerror) from exc


def _read(path: Path) -> bytes:
    """A file, as far as any that holds keys and certificates reaches."""
    with path.open("rb") as file:
        return file.read(_LARGEST)


def parse_private(data: bytes, where: str) -> Any:
    """As `read_private`, of what was read."""
    try:
        return serialization.load_pem_private_key(data, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # `from None`: what the library says of a key may quote it.
        raise unreadable(where) from None


def unreadable(where: str) -> ProvenanceError:
    return ProvenanceError(
        "the key cannot be read",
        where=where,
        expected="an unencrypted PEM private key",
        fix="put a good copy of it back, or name another key",
    )
