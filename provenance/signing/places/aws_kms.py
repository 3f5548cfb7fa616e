"""Keys in AWS KMS. Credentials come as the AWS SDK takes them: environment, profile, instance, SSO.

Source: AWS KMS API reference, Sign and GetPublicKey.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore import exceptions as refused
from botocore.config import Config
from cryptography.hazmat.primitives.serialization import load_der_public_key

from post.errors import ProvenanceError, RetryError
from provenance.signing.algorithms import Algorithm, PublicKey, public_key, side_by_side
from provenance.signing.key_uri import KeyUri

RAW_BYTES = 4096  # more than this is sent as its digest (Sign, Message)
_NAMES = {
    "es256": "ECDSA_SHA_256",
    "es384": "ECDSA_SHA_384",
    "es512": "ECDSA_SHA_512",
    "ps256": "RSASSA_PSS_SHA_256",
}
_PATIENCE = Config(connect_timeout=5, read_timeout=20, retries={"max_attempts": 3, "mode": "standard"})
_LOST = (refused.HTTPClientError, refused.ConnectionError, refused.IncompleteReadError)
_PASSING = frozenset(
    ("ThrottlingException", "Throttling", "LimitExceededException", "KMSInternalException",
     "DependencyTimeoutException", "KeyUnavailableException", "RequestTimeout", "ServiceUnavailable")
)  # fmt: skip


@dataclass(frozen=True)
class Kms:
    """A key in KMS. Implements Device."""

    uri: KeyUri
    _client: Any = field(repr=False)

    @property
    def _key(self) -> str:
        return "/".join(self.uri.parts)

    def public_key(self) -> PublicKey:
        with _told(self.uri):
            told = self._client.get_public_key(KeyId=self._key)
            return public_key(load_der_public_key(told["PublicKey"]), str(self.uri))

    def sign(self, data: bytes, row: Algorithm) -> bytes:
        if row.name not in _NAMES:
            raise ProvenanceError("KMS does not sign so", where=str(self.uri), got=row.name)
        whole = len(data) <= RAW_BYTES
        with _told(self.uri):
            told = self._client.sign(
                KeyId=self._key,
                Message=data if whole else row.hashed(data),
                MessageType="RAW" if whole else "DIGEST",
                SigningAlgorithm=_NAMES[row.name],
            )
        made: bytes = told["Signature"]
        return side_by_side(made, row) if row.width else made


def open_device(uri: KeyUri, _: str | None = None) -> Kms:
    """Raises ProvenanceError where the AWS configuration cannot be used."""
    options = uri.options
    with _told(uri):
        client = boto3.session.Session().client(
            "kms", region_name=options.get("region"), endpoint_url=options.get("endpoint"), config=_PATIENCE
        )
    return Kms(uri, client)


@contextmanager
def _told(uri: KeyUri) -> Iterator[None]:
    """What the SDK says, as one of our errors."""
    try:
        yield
    except _LOST as exc:
        raise _lost(uri, type(exc).__name__) from exc
    except refused.ClientError as exc:
        error = exc.response.get("Error", {})
        status = int(exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        code = str(error.get("Code", status))
        if code in _PASSING or status == 429 or status >= 500:
            raise _lost(uri, code) from exc
        raise ProvenanceError(
            "KMS refuses",
            where=str(uri),
            got=f"{code}: {error.get('Message', '')}"[:300],
            fix="check the key's name and region, and that you may kms:Sign and kms:GetPublicKey",
        ) from exc
    except (refused.BotoCoreError, ValueError) as exc:
        raise ProvenanceError(
            "KMS cannot be asked", where=str(uri), got=str(exc)[:300], fix="check the AWS configuration"
        ) from exc


def _lost(uri: KeyUri, why: str) -> RetryError:
    return RetryError(
        "KMS cannot be reached", where=str(uri), got=why, fix="run again: what was made is kept"
    )
