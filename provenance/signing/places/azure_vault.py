"""Keys in Azure Key Vault or a managed HSM. Azure's SDK finds the credentials: environment, managed identity, `az`.

Source: Azure Key Vault REST API 7.x, Get Key and Sign; RFC 7518, 6 (JWK).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from post.errors import ProvenanceError, RetryError
from provenance.signing.algorithms import Algorithm, PublicKey
from provenance.signing.place import KeyPlace, KeyUri, UriForm

_PUBLIC_CLOUD = "vault.azure.net"
# By C2PA's names; the SDK's are those of RFC 7518, 3.1.
_ALGORITHMS = {"es256": "ES256", "es384": "ES384", "es512": "ES512", "ps256": "PS256"}
_CURVES: dict[str, ec.EllipticCurve] = {
    "P-256": ec.SECP256R1(),
    "P-384": ec.SECP384R1(),
    "P-521": ec.SECP521R1(),
}
_PATIENCE = {"retry_total": 2, "retry_backoff_factor": 0.3, "connection_timeout": 5, "read_timeout": 20}


@dataclass(frozen=True)
class KeyVaultKey:
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
        """See Device."""
        with _translated(self.uri):
            return _from_jwk(self._client.get_key(self._name, self._version).key, self.uri)

    def sign(self, data: bytes, algorithm: Algorithm) -> bytes:
        """See Device."""
        from azure.keyvault.keys.crypto import SignatureAlgorithm

        if algorithm.name not in _ALGORITHMS:
            raise ProvenanceError(
                "Key Vault cannot sign with this algorithm", where=str(self.uri), got=algorithm.name
            )
        name = SignatureAlgorithm(_ALGORITHMS[algorithm.name])
        with _translated(self.uri):
            signing = self._client.get_cryptography_client(self._name, key_version=self._version)
            # It signs a digest, and answers with r and s side by side (RFC 7518, 3.4).
            signature: bytes = signing.sign(name, algorithm.hash(data)).signature
            return signature


def open_device(uri: KeyUri, _: str | None = None) -> KeyVaultKey:
    """Returns the key of a URI, without asking the vault. Raises ImportError without Azure's SDK."""
    from azure.identity import DefaultAzureCredential
    from azure.keyvault.keys import KeyClient

    host = uri.host if "." in uri.host else f"{uri.host}.{_PUBLIC_CLOUD}"
    with _translated(uri):
        return KeyVaultKey(uri, KeyClient(f"https://{host}", DefaultAzureCredential(), **_PATIENCE))


def _from_jwk(jwk: Any, uri: KeyUri) -> PublicKey:
    if jwk.crv in _CURVES:
        x, y = (int.from_bytes(part, "big") for part in (jwk.x, jwk.y))
        return ec.EllipticCurvePublicNumbers(x, y, _CURVES[jwk.crv]).public_key()
    if jwk.n and jwk.e:
        n, e = (int.from_bytes(part, "big") for part in (jwk.n, jwk.e))
        return rsa.RSAPublicNumbers(e, n).public_key()
    raise ProvenanceError("C2PA cannot use this kind of key", where=str(uri), got=str(jwk.crv or jwk.kty))


@contextmanager
def _translated(uri: KeyUri) -> Iterator[None]:
    """Turns the SDK's errors into ours."""
    from azure.core import exceptions as azure

    try:
        yield
    except (azure.ServiceRequestError, azure.ServiceResponseError) as exc:
        raise _unreachable(uri, type(exc).__name__) from exc
    except azure.ClientAuthenticationError as exc:
        raise _refused(
            uri, "it does not know you", "log in: az login, or set AZURE_CLIENT_ID and so on"
        ) from exc
    except azure.HttpResponseError as exc:
        status = exc.status_code or 0
        if status == 429 or status >= 500:
            raise _unreachable(uri, f"status {status}") from exc
        why = f"status {status}: {getattr(exc.error, 'message', '') or exc.reason}"[:300]
        raise _refused(uri, why, "check vault, key and version, and that you may get and sign") from exc
    except (azure.AzureError, ValueError) as exc:
        raise _refused(uri, f"{type(exc).__name__}: {exc}"[:300], "check the key's address") from exc


def _refused(uri: KeyUri, why: str, fix: str) -> ProvenanceError:
    return ProvenanceError("Key Vault refuses", where=str(uri), got=why, fix=fix)


def _unreachable(uri: KeyUri, why: str) -> RetryError:
    return RetryError(
        "Key Vault cannot be reached", where=str(uri), got=why, fix="run again: what was made is kept"
    )


PLACE = KeyPlace(
    UriForm("azurekv", "azurekv://VAULT/KEY/VERSION", segments=range(1, 3), has_host=True),
    open_device,
    package="azure-keyvault-keys",
    extra="azurekv",
    loggers=("azure", "msal"),
)
