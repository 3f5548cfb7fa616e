"""Keys in Azure Key Vault or a managed HSM. Credentials come as Azure's SDK takes them: environment,
managed identity, or the `az` tool.

Source: Azure Key Vault REST API 7.x, Get Key and Sign; RFC 7518, 6 (JWK).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from azure.core import exceptions as refused
from azure.identity import DefaultAzureCredential
from azure.keyvault.keys import KeyClient
from azure.keyvault.keys.crypto import SignatureAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from post.errors import ProvenanceError, RetryError
from provenance.signing.algorithms import Algorithm, PublicKey
from provenance.signing.key_uri import KeyUri

_PUBLIC_CLOUD = "vault.azure.net"
_NAMES = {
    "es256": SignatureAlgorithm.es256,
    "es384": SignatureAlgorithm.es384,
    "es512": SignatureAlgorithm.es512,
    "ps256": SignatureAlgorithm.ps256,
}
_CURVES: dict[str, ec.EllipticCurve] = {
    "P-256": ec.SECP256R1(),
    "P-384": ec.SECP384R1(),
    "P-521": ec.SECP521R1(),
}
_PATIENCE = {"retry_total": 2, "retry_backoff_factor": 0.3, "connection_timeout": 5, "read_timeout": 20}


@dataclass(frozen=True)
class KeyVault:
    """A key in a vault. Implements Device."""

    uri: KeyUri
    _client: Any = field(repr=False)

    @property
    def _name(self) -> str:
        return self.uri.parts[0]

    @property
    def _version(self) -> str | None:
        return self.uri.parts[1] if len(self.uri.parts) > 1 else None

    def public_key(self) -> PublicKey:
        with _told(self.uri):
            return _public(self._client.get_key(self._name, self._version).key, self.uri)

    def sign(self, data: bytes, row: Algorithm) -> bytes:
        if row.name not in _NAMES:
            raise ProvenanceError("Key Vault does not sign so", where=str(self.uri), got=row.name)
        with _told(self.uri):
            signing = self._client.get_cryptography_client(self._name, key_version=self._version)
            # Signs a digest; answers with r and s side by side already (RFC 7518, 3.4).
            made: bytes = signing.sign(_NAMES[row.name], row.hashed(data)).signature
            return made


def open_device(uri: KeyUri, _: str | None = None) -> KeyVault:
    """Reaches for nothing yet."""
    host = uri.host if "." in uri.host else f"{uri.host}.{_PUBLIC_CLOUD}"
    with _told(uri):
        return KeyVault(uri, KeyClient(f"https://{host}", DefaultAzureCredential(), **_PATIENCE))


def _public(jwk: Any, uri: KeyUri) -> PublicKey:
    if jwk.crv in _CURVES:
        x, y = (int.from_bytes(part, "big") for part in (jwk.x, jwk.y))
        return ec.EllipticCurvePublicNumbers(x, y, _CURVES[jwk.crv]).public_key()
    if jwk.n and jwk.e:
        n, e = (int.from_bytes(part, "big") for part in (jwk.n, jwk.e))
        return rsa.RSAPublicNumbers(e, n).public_key()
    raise ProvenanceError("C2PA cannot use this kind of key", where=str(uri), got=str(jwk.crv or jwk.kty))


@contextmanager
def _told(uri: KeyUri) -> Iterator[None]:
    """What the SDK says, as one of our errors."""
    try:
        yield
    except (refused.ServiceRequestError, refused.ServiceResponseError) as exc:
        raise _lost(uri, type(exc).__name__) from exc
    except refused.ClientAuthenticationError as exc:
        raise _refused(
            uri, "you are not known there", "log in: az login, or set AZURE_CLIENT_ID and so on"
        ) from exc
    except refused.HttpResponseError as exc:
        status = exc.status_code or 0
        if status == 429 or status >= 500:
            raise _lost(uri, f"status {status}") from exc
        why = f"status {status}: {getattr(exc.error, 'message', '') or exc.reason}"[:300]
        raise _refused(uri, why, "check vault, key and version, and that you may get and sign") from exc
    except (refused.AzureError, ValueError) as exc:
        raise _refused(uri, f"{type(exc).__name__}: {exc}"[:300], "check the key's address") from exc


def _refused(uri: KeyUri, why: str, fix: str) -> ProvenanceError:
    return ProvenanceError("Key Vault refuses", where=str(uri), got=why, fix=fix)


def _lost(uri: KeyUri, why: str) -> RetryError:
    return RetryError(
        "Key Vault cannot be reached", where=str(uri), got=why, fix="run again: what was made is kept"
    )
