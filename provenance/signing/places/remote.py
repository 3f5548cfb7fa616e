"""A signer whose key never leaves the device or the service that holds it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from importlib import import_module
from typing import NoReturn, Protocol

from post.errors import ProvenanceError
from provenance.signing.algorithms import Algorithm, PublicKey, algorithm_of, holds, same_key
from provenance.signing.certificates import read_chain
from provenance.signing.key_uri import AWS, AZURE, PKCS11, VAULT, KeyUri, parse

_PROBE = b"Answerprint: can this key sign?"


class Device(Protocol):
    """What holds a key: a token, a module, a service. Its `repr` shows no credentials.

    Both raise RetryError where it is lost for now, ProvenanceError where it refuses.
    """

    def public_key(self) -> PublicKey: ...

    def sign(self, data: bytes, row: Algorithm) -> bytes:
        """The signature of data; for ECDSA r and s side by side."""
        ...


@dataclass(frozen=True)
class RemoteKey:
    """A key elsewhere and the certificates that are here. where: its address. Implements Signer."""

    chain_pem: str = field(repr=False)
    tsa_url: str | None
    where: str
    _device: Device = field(repr=False, compare=False)

    @property
    def algorithm(self) -> str:
        return self._row.name

    @property
    def _row(self) -> Algorithm:
        return algorithm_of(self._public, self.where)

    @property
    def _public(self) -> object:
        return read_chain(self.chain_pem, self.where)[0].public_key()

    def sign(self, data: bytes) -> bytes:
        made = self._device.sign(data, self._row)
        if not holds(self._public, made, data):
            raise ProvenanceError(
                "what came back is not this certificate's signature",
                where=self.where,
                fix="the key may have been rotated: name its version, or add its new certificate",
            )
        return made

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key does not travel: load it where it is used")


def load(chain_pem: str, tsa_url: str | None, address: str, pin: str | None) -> RemoteKey:
    """A signer of a key elsewhere, which is asked for its public half.

    Raises ProvenanceError where it is not the certificate's, RetryError where it is lost for now.
    """
    uri = parse(address)
    device = open_device(uri, pin)
    leaf = read_chain(chain_pem, str(uri))[0]
    if not same_key(device.public_key(), leaf.public_key()):
        raise ProvenanceError(
            "the key is not the certificate's",
            where=str(uri),
            expected="the key that the first certificate of the chain is for",
            fix="check the key's name and version, or add its own certificate",
        )
    return RemoteKey(chain_pem, tsa_url, str(uri), device)


def prove(key: RemoteKey) -> None:
    """Signs a few bytes, so that missing rights are found now. Raises what signing raises."""
    key.sign(_PROBE)


def open_device(uri: KeyUri, pin: str | None) -> Device:
    """The device an address names. pin: of a token; None where there is none to give.

    Raises ProvenanceError where the library it takes is not installed.
    """
    module, package, loggers = _DRIVERS[uri.scheme]
    for name in loggers:
        _hush(name)
    try:
        driver = import_module(module)
        made: Device = driver.open_device(uri, pin)
    except ImportError as exc:
        raise ProvenanceError(
            f"{package} is not installed", where=str(uri), fix=f"run: pip install answerprint[{uri.scheme}]"
        ) from exc
    return made


# Its module here, the package it takes, and loggers: at DEBUG they write down credentials (a session
# token, in botocore's canonical requests), at WARNING what our own error says better.
_DRIVERS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    PKCS11: ("provenance.signing.places.pkcs11_token", "python-pkcs11", ()),
    AWS: ("provenance.signing.places.aws_kms", "boto3", ("botocore", "boto3")),
    AZURE: ("provenance.signing.places.azure_vault", "azure-keyvault-keys", ("azure", "msal")),
    VAULT: ("provenance.signing.places.hashicorp_vault", "hvac", ("hvac",)),
}


def _hush(name: str) -> None:
    logger = logging.getLogger(name)
    logger.setLevel(logging.CRITICAL)
