"""Signs with a key that never leaves the device or the service that verifies it."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import NoReturn

from post.errors import ProvenanceError
from provenance.signing.algorithms import Algorithm, find_algorithm, is_same_key, verifies
from provenance.signing.certificates import read_chain
from provenance.signing.key_uri import parse
from provenance.signing.place import Device, KeyUri
from provenance.signing.places import find_places

log = logging.getLogger(__name__)
_PROBE = b"Answerprint: can this key sign?"


@dataclass(frozen=True)
class RemoteKey:
    """A key in another place, and its certificates, which are here. Implements Signer.

    where: the key's URI, for error texts.
    """

    chain_pem: str = field(repr=False)
    tsa_url: str | None
    where: str
    _device: Device = field(repr=False, compare=False)

    @property
    def algorithm(self) -> str:
        """Returns C2PA's name of the algorithm, by the certificate's key."""
        return self._algorithm.name

    @property
    def _algorithm(self) -> Algorithm:
        return find_algorithm(self._public, self.where)

    @property
    def _public(self) -> object:
        return read_chain(self.chain_pem, self.where)[0].public_key()

    def sign(self, data: bytes) -> bytes:
        """Returns the place's signature of `data`, verified against the certificate.

        Raises ProvenanceError if it does not verify, and what `Device.sign` raises.
        """
        started = time.monotonic()
        made = self._device.sign(data, self._algorithm)
        seconds = round(time.monotonic() - started, 3)
        log.info("%s signed in %.2f s", self.where, seconds, extra={"seconds": seconds})
        if not verifies(self._public, made, data):
            raise ProvenanceError(
                "the signature that came back is not this certificate's",
                where=self.where,
                fix="the key may have been rotated: name its version, or add its new certificate",
            )
        return made

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key does not travel: load it where it is used")


def load(chain_pem: str, tsa_url: str | None, address: str, pin: str | None) -> RemoteKey:
    """Returns the signer of a key in another place. Asks the place for the public key.

    address: the key's URI; pin: of a token, None if there is none.
    Raises ProvenanceError if the key is not the certificate's, RetryError if the place cannot be reached now.
    """
    uri = parse(address)
    device = open_device(uri, pin)
    leaf = read_chain(chain_pem, str(uri))[0]
    if not is_same_key(device.public_key(), leaf.public_key()):
        raise ProvenanceError(
            "the key is not the certificate's",
            where=str(uri),
            expected="the key that the first certificate of the chain is for",
            fix="check the key's name and version, or add its own certificate",
        )
    return RemoteKey(chain_pem, tsa_url, str(uri), device)


def check_signs(key: RemoteKey) -> None:
    """Signs a few bytes, so that missing rights are found now and not after rendering. Raises what `sign` raises."""
    key.sign(_PROBE)


def open_device(uri: KeyUri, pin: str | None) -> Device:
    """Opens the key that a URI names. pin: of a token, None if there is none.

    Raises ProvenanceError if the place's SDK is not installed, and what the place raises.
    """
    place = find_places()[uri.scheme]
    for name in place.loggers:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        return place.open_device(uri, pin)
    except ImportError as exc:
        raise ProvenanceError(
            f"{place.package} is not installed", where=str(uri), fix=f"run: {place.install}"
        ) from exc
