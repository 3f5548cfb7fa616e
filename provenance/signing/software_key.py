"""Signs with a private key from a file that only its owner can read.

It is no place of keys in the sense of `places`: it has no URI, its private key stands in the key's own file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from post.atomic import open_regular
from post.errors import ProvenanceError
from post.os_faults import retry_of
from provenance.signing.algorithms import ecdsa_der_to_raw, find_algorithm, is_same_key, pss_padding
from provenance.signing.certificates import check_current, read_chain
from provenance.signing.private_file import check_private

_MAX_BYTES = 1 << 20


@dataclass(frozen=True)
class SoftwareKey:
    """A private key and its certificates, read from files. Implements Signer. where: named in errors."""

    chain_pem: str = field(repr=False)
    tsa_url: str | None = None
    where: str = ""
    _key: Any = field(default=None, repr=False, compare=False)

    @property
    def algorithm(self) -> str:
        """See Signer."""
        return find_algorithm(self._key.public_key(), self.where).name

    def sign(self, data: bytes) -> bytes:
        """See Signer."""
        algorithm = find_algorithm(self._key.public_key(), self.where)
        if isinstance(self._key, ed25519.Ed25519PrivateKey):
            return self._key.sign(data)
        assert algorithm.digest is not None
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, pss_padding(algorithm), algorithm.digest())
        der: bytes = self._key.sign(data, ec.ECDSA(algorithm.digest()))
        return ecdsa_der_to_raw(der, algorithm)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key does not travel: load it where it is used")


def load(chain: Path, key: Path, tsa_url: str | None = None, at: datetime | None = None) -> SoftwareKey:
    """Returns a signer from a PEM chain (the signer's own certificate first) and its unencrypted PEM key.

    The two may be one file. at: the time of signing, now unless given. `profile` checks whether it may sign claims.
    Raises ProvenanceError if a file is missing, others can read the key, the key is not the certificate's, or the
    certificate is not valid at that time.
    """
    check_private(key)
    data = _read_key(key)  # once: the file may be replaced meanwhile
    chain_pem = find_certificates(data, str(chain)) if chain == key else read_certificates(chain)
    made = pair(chain_pem, parse_private(data, str(key)), tsa_url, (str(chain), str(key)))
    check_current(made.chain_pem, str(chain), at)
    return made


def pair(chain_pem: str, key: Any, tsa_url: str | None, where: tuple[str, str]) -> SoftwareKey:
    """Returns the signer of a private key and its certificates. where: of the chain, and of the key, for errors.

    Raises ProvenanceError if they do not belong together, or C2PA cannot use the key.
    """
    chain_at, key_at = where
    leaf = read_chain(chain_pem, chain_at)[0]
    if not is_same_key(leaf.public_key(), key.public_key()):
        raise ProvenanceError(
            "the key is not the certificate's",
            where=key_at,
            expected=f"the key that the first certificate in {chain_at} is for",
            fix="keep each key with its own certificate",
        )
    find_algorithm(key.public_key(), key_at)
    return SoftwareKey(chain_pem, tsa_url, chain_at, key)


def key_pem(key: Any) -> str:
    """Returns a private key as unencrypted PEM, for a file that only its owner can read."""
    form = serialization.PrivateFormat.PKCS8
    made: bytes = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    return made.decode("ascii")


def read_certificates(path: Path) -> str:
    """Returns the certificates of a PEM file without anything else in it.

    Raises ProvenanceError if the file cannot be read.
    """
    try:
        data = _read(path)
    except OSError as exc:
        raise (
            retry_of(exc, str(path))
            or ProvenanceError("the certificates cannot be read", where=str(path), got=exc.strerror)
        ) from exc
    return find_certificates(data, str(path))


def find_certificates(data: bytes, where: str) -> str:
    """Returns the certificates in PEM data. Raises as `read_certificates`. where: named in the error."""
    try:
        text = data.decode("utf-8")
    except ValueError as exc:
        raise ProvenanceError("the certificates cannot be read", where=where) from exc
    head, tail = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    parts = [part.split(tail)[0].strip() for part in text.split(head)[1:]]
    return "".join(f"{head}\n{part}\n{tail}\n" for part in parts)


def read_private(path: Path) -> Any:
    """Returns the private key of a PEM file. Raises ProvenanceError if it cannot be read, without quoting it."""
    return parse_private(_read_key(path), str(path))


def _read_key(path: Path) -> bytes:
    try:
        return _read(path)
    except OSError as exc:
        raise (
            retry_of(exc, str(path))
            or ProvenanceError("the key cannot be read", where=str(path), got=exc.strerror)
        ) from exc


def _read(path: Path) -> bytes:
    """Returns a file's first mebibyte: no file of keys and certificates is longer."""
    with open_regular(path) as file:
        return file.read(_MAX_BYTES)


def parse_private(data: bytes, where: str) -> Any:
    """Returns the private key in PEM data. Raises as `read_private`. where: named in the error."""
    try:
        return serialization.load_pem_private_key(data, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # `from None`: the library's error may quote the key.
        raise unreadable(where) from None


def unreadable(where: str) -> ProvenanceError:
    """Returns the error for a private key that cannot be read."""
    return ProvenanceError(
        "the key cannot be read",
        where=where,
        expected="an unencrypted PEM private key",
        fix="put a good copy of it back, or name another key",
    )
