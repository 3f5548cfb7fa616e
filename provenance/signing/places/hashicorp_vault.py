"""Keys in HashiCorp Vault's transit engine. Vault's client finds VAULT_ADDR, and VAULT_TOKEN or ~/.vault-token.

Source: Vault HTTP API, secret/transit (read key, sign data).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from post.errors import ProvenanceError, RetryError
from provenance.signing.algorithms import Algorithm, PublicKey, check_public_key
from provenance.signing.place import KeyPlace, KeyUri, UriForm

_TIMEOUT_S = 20
_DIGESTS = {"es256": "sha2-256", "es384": "sha2-384", "es512": "sha2-512", "ps256": "sha2-256"}


@dataclass(frozen=True)
class TransitKey:
    """A key in a transit engine. Implements Device."""

    uri: KeyUri
    _client: Any = field(repr=False)

    @property
    def _mount(self) -> str:
        return "/".join((self.uri.host, *self.uri.parts[:-1]))

    @property
    def _key(self) -> str:
        return self.uri.parts[-1]

    @property
    def _version(self) -> int | None:
        return int(self.uri.options["version"]) if "version" in self.uri.options else None

    def public_key(self) -> PublicKey:
        """See Device."""
        with _translated(self.uri):
            data = self._client.secrets.transit.read_key(self._key, mount_point=self._mount)["data"]
            version = data["keys"][str(self._version or data["latest_version"])]
            return check_public_key(
                _decode_public(str(data.get("type", "")), version["public_key"]), str(self.uri)
            )

    def sign(self, data: bytes, algorithm: Algorithm) -> bytes:
        """See Device."""
        options: dict[str, Any] = {"hash_algorithm": _DIGESTS.get(algorithm.name)}
        if algorithm.width:
            options["marshaling_algorithm"] = "jws"  # r and s side by side
        elif algorithm.digest:
            options |= {"signature_algorithm": "pss", "salt_length": "hash"}
        with _translated(self.uri):
            answer = self._client.secrets.transit.sign_data(
                self._key,
                hash_input=base64.b64encode(data).decode("ascii"),
                key_version=self._version,
                mount_point=self._mount,
                **options,
            )
            text = str(answer["data"]["signature"]).rpartition(":")[2]  # vault:v1:...
            # A jws signature is base64url without its padding, any other is plain base64.
            return base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4))


def open_device(uri: KeyUri, _: str | None = None) -> TransitKey:
    """Returns the key of a URI, without asking Vault.

    Raises ProvenanceError if there is no token, or `version` is no number; ImportError without hvac.
    """
    import hvac

    if not uri.options.get("version", "1").isdecimal():
        raise ProvenanceError("not the version of a key", where=str(uri), expected="a whole number")
    client = hvac.Client(
        url=uri.options.get("address"), namespace=uri.options.get("namespace"), timeout=_TIMEOUT_S
    )
    if not client.token:
        raise ProvenanceError(
            "no token for Vault", where=str(uri), fix="set VAULT_TOKEN, or log in: vault login"
        )
    return TransitKey(uri, client)


def _decode_public(kind: str, text: str) -> object:
    """Returns a public key from Vault's answer: the bare 32 bytes of an Ed25519 key, PEM of any other."""
    if kind == "ed25519":
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text))
    return load_pem_public_key(text.encode("ascii"))


@contextmanager
def _translated(uri: KeyUri) -> Iterator[None]:
    """Turns the client's errors into ours: Vault's own text, never the request's headers."""
    import requests
    from hvac import exceptions as vault

    try:
        yield
    except (
        vault.VaultDown, vault.RateLimitExceeded, vault.InternalServerError, vault.BadGateway,
        vault.VaultNotInitialized, vault.PreconditionFailed, requests.ConnectionError, requests.Timeout,
    ) as exc:  # fmt: skip
        raise RetryError(
            "Vault cannot be reached",
            where=str(uri),
            got=type(exc).__name__,
            fix="check VAULT_ADDR, then run again: what was made is kept",
        ) from exc
    except vault.VaultError as exc:
        raise ProvenanceError(
            "Vault refuses",
            where=str(uri),
            got=f"{type(exc).__name__}: {'; '.join(map(str, exc.errors or ()))}"[:300],
            fix="check the mount, the key's name, and that the token's policy lets it be read and sign",
        ) from exc
    except (requests.RequestException, KeyError, TypeError, ValueError, binascii.Error) as exc:
        raise ProvenanceError(
            "Vault's answer cannot be read", where=str(uri), got=type(exc).__name__
        ) from exc


PLACE = KeyPlace(
    UriForm(
        "vault",
        "vault://MOUNT/KEY",
        ("version", "namespace", "address"),
        segments=range(1, 8),
        has_host=True,
    ),
    open_device,
    package="hvac",
    extra="vault",
    loggers=("hvac",),
)
