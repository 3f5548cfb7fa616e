"""Keys in HashiCorp Vault's transit engine. Address and token come as Vault's own tools take them:
VAULT_ADDR, VAULT_TOKEN or ~/.vault-token.

Source: Vault HTTP API, secret/transit (read key, sign data).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import hvac
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from hvac import exceptions as refused

from post.errors import ProvenanceError, RetryError
from provenance.signing.algorithms import Algorithm, PublicKey, public_key
from provenance.signing.key_uri import KeyUri

_TIMEOUT_S = 20
_DIGESTS = {"es256": "sha2-256", "es384": "sha2-384", "es512": "sha2-512", "ps256": "sha2-256"}
_LOST = (
    refused.VaultDown, refused.RateLimitExceeded, refused.InternalServerError, refused.BadGateway,
    refused.VaultNotInitialized, refused.PreconditionFailed, requests.ConnectionError, requests.Timeout,
)  # fmt: skip


@dataclass(frozen=True)
class Transit:
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
        with _told(self.uri):
            told = self._client.secrets.transit.read_key(self._key, mount_point=self._mount)["data"]
            held = told["keys"][str(self._version or told["latest_version"])]
            return public_key(_public(str(told.get("type", "")), held["public_key"]), str(self.uri))

    def sign(self, data: bytes, row: Algorithm) -> bytes:
        how: dict[str, Any] = {"hash_algorithm": _DIGESTS.get(row.name)}
        if row.width:
            how["marshaling_algorithm"] = "jws"  # r and s side by side
        elif row.digest:
            how |= {"signature_algorithm": "pss", "salt_length": "hash"}
        with _told(self.uri):
            told = self._client.secrets.transit.sign_data(
                self._key,
                hash_input=base64.b64encode(data).decode("ascii"),
                key_version=self._version,
                mount_point=self._mount,
                **how,
            )
            made = str(told["data"]["signature"]).rpartition(":")[2]  # vault:v1:...
            # A jws signature is base64url without its padding, any other is plain base64.
            return base64.b64decode(made.replace("-", "+").replace("_", "/") + "=" * (-len(made) % 4))


def open_device(uri: KeyUri, _: str | None = None) -> Transit:
    """Raises ProvenanceError where there is no token, or no such version can be meant."""
    if not uri.options.get("version", "1").isdecimal():
        raise ProvenanceError("no version of a key", where=str(uri), expected="a whole number")
    client = hvac.Client(
        url=uri.options.get("address"), namespace=uri.options.get("namespace"), timeout=_TIMEOUT_S
    )
    if not client.token:
        raise ProvenanceError(
            "no token for Vault", where=str(uri), fix="set VAULT_TOKEN, or log in: vault login"
        )
    return Transit(uri, client)


def _public(kind: str, text: str) -> object:
    """Vault gives an Ed25519 key bare, others as PEM."""
    if kind == "ed25519":
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text))
    return load_pem_public_key(text.encode("ascii"))


@contextmanager
def _told(uri: KeyUri) -> Iterator[None]:
    """What Vault says, as one of our errors: its words, never the request's headers."""
    try:
        yield
    except _LOST as exc:
        raise RetryError(
            "Vault cannot be reached",
            where=str(uri),
            got=type(exc).__name__,
            fix="check VAULT_ADDR, then run again: what was made is kept",
        ) from exc
    except refused.VaultError as exc:
        raise ProvenanceError(
            "Vault refuses",
            where=str(uri),
            got=f"{type(exc).__name__}: {'; '.join(map(str, exc.errors or ()))}"[:300],
            fix="check the mount, the key's name, and that the token's policy lets it be read and sign",
        ) from exc
    except (requests.RequestException, KeyError, TypeError, ValueError, binascii.Error) as exc:
        raise ProvenanceError(
            "what Vault answered makes no sense", where=str(uri), got=type(exc).__name__
        ) from exc
