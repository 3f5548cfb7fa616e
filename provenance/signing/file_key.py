"""A signer whose key lies in a file that only its owner can read."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

from post.errors import ProvenanceError
from provenance.signing.certificates import check_current, read_chain

_EXPOSED = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A way to sign. name: as C2PA writes it; digest: of the data; width: bytes of r, and of s.

    Source: C2PA 2.4, 13.2.1; RFC 9053, 2.
    """

    name: str
    digest: Callable[[], hashes.HashAlgorithm] | None
    width: int = 0


# By curve for EC keys, by kind for the others.
ALGORITHMS = {
    "secp256r1": Algorithm("es256", hashes.SHA256, 32),
    "secp384r1": Algorithm("es384", hashes.SHA384, 48),
    "secp521r1": Algorithm("es512", hashes.SHA512, 66),
    "ed25519": Algorithm("ed25519", None),
    "rsa": Algorithm("ps256", hashes.SHA256),
}


@dataclass(frozen=True)
class FileKey:
    """A key and its certificates, read from files. Implements Signer."""

    chain_pem: str = field(repr=False)
    tsa_url: str | None = None
    where: str = ""
    _key: Any = field(default=None, repr=False, compare=False)

    @property
    def algorithm(self) -> str:
        return _algorithm(self._key, self.where).name

    def sign(self, data: bytes) -> bytes:
        row = _algorithm(self._key, self.where)
        if isinstance(self._key, ed25519.Ed25519PrivateKey):
            return self._key.sign(data)
        assert row.digest is not None
        digest = row.digest()
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
        r, s = utils.decode_dss_signature(self._key.sign(data, ec.ECDSA(digest)))
        return r.to_bytes(row.width, "big") + s.to_bytes(row.width, "big")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key does not travel: load it where it is used")


def load(chain: Path, key: Path, tsa_url: str | None = None, at: datetime | None = None) -> FileKey:
    """A signer from a PEM chain (the signer's own certificate first) and its unencrypted PEM key.

    The two may be one file. Raises ProvenanceError where a file is missing, others can read the key,
    the key is not the certificate's, or the certificate is not valid (now, unless `at` is given).
    """
    check_private(key)
    chain_pem = _certificates(_text(chain))
    made = FileKey(chain_pem, tsa_url, str(chain), _private_key(key))
    leaf = read_chain(chain_pem, str(chain))[0]
    if _public(leaf) != _public(made._key):
        raise ProvenanceError(
            "the key is not the certificate's",
            where=str(key),
            expected=f"the key that the first certificate in {chain} is for",
            fix="keep each key with its own certificate",
        )
    _algorithm(made._key, str(key))
    check_current(chain_pem, str(chain), at)
    return made


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


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise ProvenanceError("the certificates cannot be read", where=str(path)) from exc


def _certificates(text: str) -> str:
    """The certificates of a PEM file alone, whatever else it holds."""
    head, tail = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    parts = [part.split(tail)[0] for part in text.split(head)[1:]]
    return "".join(f"{head}{part}{tail}\n" for part in parts)


def _private_key(path: Path) -> Any:
    try:
        return serialization.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # `from None`: what the library says of a key may quote it.
        raise ProvenanceError(
            "the key cannot be read",
            where=str(path),
            expected="an unencrypted PEM private key",
            fix="put a good copy of it back, or name another key",
        ) from None
    except OSError as exc:
        raise ProvenanceError("the key cannot be read", where=str(path), got=exc.strerror) from exc


def _algorithm(key: Any, where: str) -> Algorithm:
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in ALGORITHMS:
        return ALGORITHMS[key.curve.name]
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return ALGORITHMS["ed25519"]
    if isinstance(key, rsa.RSAPrivateKey):
        return ALGORITHMS["rsa"]
    raise ProvenanceError("C2PA cannot use this kind of key", where=where, expected=", ".join(ALGORITHMS))


def _public(owner: Any) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    found: bytes = owner.public_key().public_bytes(serialization.Encoding.DER, form)
    return found
