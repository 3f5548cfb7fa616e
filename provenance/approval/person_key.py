"""The private key with which a person signs decisions: Ed25519, in an encrypted PEM file of mode 600."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner, SSlibKey

from post.atomic import read_bounded
from post.errors import OutputError, ProvenanceError
from post.os_faults import retry_of
from provenance.approval.people import key_id, public_text
from provenance.signing.private_file import MOST_BYTES, check_private, private_folder, write_new_private

LEAST_LETTERS = 8  # of a passphrase


@dataclass(frozen=True, slots=True)
class PersonSigner:
    """Signs with a person's private key. id: of its public key, as people files have it."""

    id: str
    public: str
    signer: CryptoSigner = field(repr=False, compare=False)


def make_key(path: Path, passphrase: str) -> PersonSigner:
    """Makes a key and writes it to a new file of mode 600. Returns its signer.

    passphrase: "" leaves the file unencrypted. Raises ProvenanceError for a passphrase under 8 letters, OutputError
    where there is a file already.
    """
    if passphrase and len(passphrase) < LEAST_LETTERS:
        raise ProvenanceError("the passphrase is too short", expected=f"at least {LEAST_LETTERS} letters")
    key = Ed25519PrivateKey.generate()
    private_folder(path.parent)
    try:
        write_new_private(path, _pem(key, passphrase))
    except FileExistsError:
        raise OutputError("there is a key already", where=str(path), fix="choose another name") from None
    return signer_of(key)


def load_key(path: Path, passphrase: str) -> PersonSigner:
    """Returns the signer of a key's file. Raises ProvenanceError if others can read the file, it is no such key, or the
    passphrase is wrong; none of these quotes it."""
    check_private(path)
    try:
        data = read_bounded(path, MOST_BYTES)
    except OSError as fault:
        raise (
            retry_of(fault, path)
            or ProvenanceError("the key cannot be read", where=str(path), got=fault.strerror)
        ) from fault
    try:
        key = serialization.load_pem_private_key(data, passphrase.encode() or None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # `from None`: the library's error may quote the key.
        raise ProvenanceError(
            "the key cannot be read",
            where=str(path),
            expected="a person's key in PEM, and its passphrase",
            got="no passphrase" if not passphrase else "another passphrase, or no such key",
            fix="give the passphrase that the key was made with",
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        expected = "an Ed25519 key: `answerprint keys new NAME --person` makes one"
        raise ProvenanceError("not a person's key", where=str(path), expected=expected)
    return signer_of(key)


def is_encrypted(path: Path) -> bool:
    """Says whether a key's file asks for a passphrase. Raises ProvenanceError as `load_key` does."""
    check_private(path)
    try:
        return b"-----BEGIN ENCRYPTED PRIVATE KEY-----" in read_bounded(path, MOST_BYTES)
    except OSError as fault:
        raise (
            retry_of(fault, path)
            or ProvenanceError("the key cannot be read", where=str(path), got=fault.strerror)
        ) from fault


def signer_of(key: Ed25519PrivateKey) -> PersonSigner:
    """Returns the signer of a private key."""
    public = key.public_key()
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    own = key_id(der)
    return PersonSigner(own, public_text(public), CryptoSigner(key, SSlibKey.from_crypto(public, own)))


def _pem(key: Ed25519PrivateKey, passphrase: str) -> str:
    encryption: serialization.KeySerializationEncryption = (
        serialization.BestAvailableEncryption(passphrase.encode())
        if passphrase
        else serialization.NoEncryption()
    )
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, encryption).decode("ascii")
