"""Keys in AWS KMS. The AWS SDK finds the credentials: environment, profile, instance role, SSO.

Source: AWS KMS API reference, Sign and GetPublicKey.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.serialization import load_der_public_key

from post.errors import ProvenanceError, RetryError
from provenance.signing.algorithms import Algorithm, PublicKey, check_public_key, ecdsa_der_to_raw
from provenance.signing.place import KeyPlace, KeyUri, UriForm

RAW_BYTES = 4096  # a longer message is sent as its digest (Sign, Message)
_ALGORITHMS = {
    "es256": "ECDSA_SHA_256",
    "es384": "ECDSA_SHA_384",
    "es512": "ECDSA_SHA_512",
    "ps256": "RSASSA_PSS_SHA_256",
}
# Error codes that may go away by themselves; any other is a refusal.
_TRANSIENT = frozenset(
    ("ThrottlingException", "Throttling", "LimitExceededException", "KMSInternalException",
     "DependencyTimeoutException", "KeyUnavailableException", "RequestTimeout", "ServiceUnavailable")
)  # fmt: skip


@dataclass(frozen=True)
class KmsKey:
    """A key in KMS. Implements Device."""

    uri: KeyUri
    _client: Any = field(repr=False)

    @property
    def _key_id(self) -> str:
        return "/".join(self.uri.parts)

    def public_key(self) -> PublicKey:
        """See Device."""
        with _translated(self.uri):
            answer = self._client.get_public_key(KeyId=self._key_id)
            return check_public_key(load_der_public_key(answer["PublicKey"]), str(self.uri))

    def sign(self, data: bytes, algorithm: Algorithm) -> bytes:
        """See Device."""
        if algorithm.name not in _ALGORITHMS:
            raise ProvenanceError(
                "KMS cannot sign with this algorithm", where=str(self.uri), got=algorithm.name
            )
        raw = len(data) <= RAW_BYTES
        with _translated(self.uri):
            answer = self._client.sign(
                KeyId=self._key_id,
                Message=data if raw else algorithm.hash(data),
                MessageType="RAW" if raw else "DIGEST",
                SigningAlgorithm=_ALGORITHMS[algorithm.name],
            )
        signature: bytes = answer["Signature"]
        return ecdsa_der_to_raw(signature, algorithm) if algorithm.width else signature


def open_device(uri: KeyUri, _: str | None = None) -> KmsKey:
    """Returns the key of a URI, without asking KMS.

    Raises ProvenanceError if the AWS configuration cannot be used, ImportError without boto3.
    """
    import boto3
    from botocore.config import Config

    patience = Config(connect_timeout=5, read_timeout=20, retries={"max_attempts": 3, "mode": "standard"})
    region, endpoint = uri.options.get("region"), uri.options.get("endpoint")
    with _translated(uri):
        session = boto3.session.Session()
        client = session.client("kms", region_name=region, endpoint_url=endpoint, config=patience)
    return KmsKey(uri, client)


@contextmanager
def _translated(uri: KeyUri) -> Iterator[None]:
    """Turns the SDK's errors into ours."""
    from botocore import exceptions as aws

    try:
        yield
    except (aws.HTTPClientError, aws.ConnectionError, aws.IncompleteReadError) as exc:
        raise _unreachable(uri, type(exc).__name__) from exc
    except aws.ClientError as exc:
        error = exc.response.get("Error", {})
        status = int(exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        code = str(error.get("Code", status))
        if code in _TRANSIENT or status == 429 or status >= 500:
            raise _unreachable(uri, code) from exc
        raise ProvenanceError(
            "KMS refuses",
            where=str(uri),
            got=f"{code}: {error.get('Message', '')}"[:300],
            fix="check the key's name and region, and that you may kms:Sign and kms:GetPublicKey",
        ) from exc
    except (aws.BotoCoreError, ValueError) as exc:
        raise ProvenanceError(
            "KMS cannot be asked", where=str(uri), got=str(exc)[:300], fix="check the AWS configuration"
        ) from exc


def _unreachable(uri: KeyUri, why: str) -> RetryError:
    return RetryError(
        "KMS cannot be reached", where=str(uri), got=why, fix="run again: what was made is kept"
    )


PLACE = KeyPlace(
    UriForm("awskms", "awskms:///KEY?region=REGION", ("region", "endpoint"), segments=range(1, 3)),
    open_device,
    package="boto3",
    extra="awskms",
    loggers=("botocore", "boto3"),
)
