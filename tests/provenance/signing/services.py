"""Imitates the REST interfaces of key services, with real keys, for the vendors' own clients."""

from __future__ import annotations

import base64
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

from provenance.signing.algorithms import ALGORITHMS, ecdsa_der_to_raw, find_algorithm
from tests.provenance.signing.serving import Answer, Asked, Served, told

VAULT_TOKEN = "hvs.CAESIJsecretOfVault"
AZURE_SECRET, AZURE_TOKEN = "azure~clientSecret", "eyJ0.azureBearer.sig"
AWS_SECRET, AWS_SESSION = "wJalrXUtnFEMI/K7MDENG", "FwoGZXIvYXdzSessionToken"
SECRETS = (VAULT_TOKEN, AZURE_SECRET, AZURE_TOKEN, AWS_SECRET, AWS_SESSION)

Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
_PSS = padding.PSS(padding.MGF1(hashes.SHA256()), 32)


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unb64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def der(key: Any, data: bytes, *, hashed: bool = False) -> bytes:
    """Returns a signature in the form that KMS and Vault use by default (DER)."""
    row = find_algorithm(key.public_key(), "")
    pad: tuple[Any, ...] = ()
    if row.digest is not None:
        how: Any = utils.Prehashed(row.digest()) if hashed else row.digest()
        pad = (_PSS, how) if isinstance(key, rsa.RSAPrivateKey) else (ec.ECDSA(how),)
    return bytes(key.sign(data, *pad))


class Vault(Served):
    """A transit engine mounted at `transit`, with keys by name, all at version 1."""

    def __init__(self, **held: Private) -> None:
        super().__init__()
        self.held = held

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("X-Vault-Token") != VAULT_TOKEN:
            return told({"errors": ["permission denied"]}, 403)
        parts = asked.path.strip("/").split("/")[1:]
        if parts[0] != "transit" or parts[2] not in self.held:
            return told({"errors": []}, 404)
        key = self.held[parts[2]]
        return told({"data": self._read(key) if parts[1] == "keys" else self._sign(key, asked, parts[3:])})

    def _read(self, key: Private) -> dict[str, Any]:
        public = key.public_key()
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        text = public.public_bytes(serialization.Encoding.PEM, form).decode()
        kind = "other"
        if isinstance(public, ed25519.Ed25519PublicKey):
            text, kind = base64.b64encode(public.public_bytes_raw()).decode(), "ed25519"
        return {"type": kind, "latest_version": 1, "keys": {"1": {"public_key": text}}}

    def _sign(self, key: Private, asked: Asked, tail: list[str]) -> dict[str, Any]:
        row, wanted = find_algorithm(key.public_key(), ""), asked.json
        if row.digest is not None:
            named = wanted.get("hash_algorithm") or (tail[0] if tail else "")
            assert named == row.digest.name.replace("sha", "sha2-")
        made = der(key, base64.b64decode(wanted["input"]))
        if isinstance(key, rsa.RSAPrivateKey):
            assert (wanted["signature_algorithm"], wanted["salt_length"]) == ("pss", "hash")
        if wanted.get("marshaling_algorithm") == "jws":
            return {"signature": f"vault:v1:{b64url(ecdsa_der_to_raw(made, row))}"}
        return {"signature": f"vault:v1:{base64.b64encode(made).decode()}"}


class Kms(Served):
    """KMS with one key, which checks whether it gets a message or its digest."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        super().__init__()
        self.key = key

    def answer(self, asked: Asked) -> Answer:
        verb, given = asked.headers["X-Amz-Target"].partition(".")[2], asked.json
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        if verb == "GetPublicKey":
            public = self.key.public_key().public_bytes(serialization.Encoding.DER, form)
            return told({"KeyId": given["KeyId"], "PublicKey": base64.b64encode(public).decode()})
        message, hashed = base64.b64decode(given["Message"]), given["MessageType"] == "DIGEST"
        if not hashed and len(message) > 4096:
            return told({"__type": "ValidationException", "message": "too long"}, 400)
        made = der(self.key, message, hashed=hashed)
        return told({"KeyId": given["KeyId"], "Signature": base64.b64encode(made).decode()})


class Azure(Served):
    """Key Vault and the login service before it, over TLS, under their real names: `hosts`."""

    hosts = ("studio.vault.azure.net", "login.microsoftonline.com")
    tenant = "11111111-2222-3333-4444-555555555555"

    def __init__(self, folder: Path, **held: Private) -> None:
        super().__init__()
        self.held = held
        self.ca = folder / "ca.pem"
        own = folder / "own.pem"
        _tls(self.hosts, self.ca, own)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(own)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def answer(self, asked: Asked) -> Answer:
        if asked.headers["Host"] == self.hosts[1]:
            return self._login(asked)
        if asked.headers.get("Authorization") != f"Bearer {AZURE_TOKEN}":
            login = f'Bearer authorization="https://{self.hosts[1]}/{self.tenant}", '
            return Answer(401, b"", {"WWW-Authenticate": f'{login}resource="https://vault.azure.net"'})
        parts = asked.path.partition("?")[0].strip("/").split("/")
        if parts[1] not in self.held:
            return told({"error": {"code": "KeyNotFound", "message": "no such key"}}, 404)
        key, kid = self.held[parts[1]], f"https://{self.hosts[0]}/keys/{parts[1]}/v1"
        if parts[-1] == "sign":
            return told({"kid": kid, "value": b64url(self._sign(key, asked.json))})
        return told({"key": {"kid": kid, "key_ops": ["sign"], **_jwk(key)}, "attributes": {"enabled": True}})

    def _sign(self, key: Private, wanted: dict[str, str]) -> bytes:
        row = find_algorithm(key.public_key(), "")
        assert wanted["alg"].lower() == row.name
        made = der(key, unb64url(wanted["value"]), hashed=True)
        return ecdsa_der_to_raw(made, row) if row.width else made

    def _login(self, asked: Asked) -> Answer:
        base = f"https://{self.hosts[1]}/{self.tenant}"
        if asked.method == "POST":
            return told({"token_type": "Bearer", "expires_in": 3600, "access_token": AZURE_TOKEN})
        return told(
            {
                "tenant_discovery_endpoint": f"{base}/v2.0/.well-known/openid-configuration",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "issuer": f"{base}/v2.0",
                "metadata": [],
            }
        )


def _jwk(key: Private) -> dict[str, str]:
    public = key.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        numbers = public.public_numbers()
        return {"kty": "RSA", "n": b64url(numbers.n.to_bytes(256, "big")), "e": b64url(b"\1\0\1")}
    assert isinstance(public, ec.EllipticCurvePublicKey)
    point, row = public.public_numbers(), ALGORITHMS[public.curve.name]
    x, y = (b64url(value.to_bytes(row.width, "big")) for value in (point.x, point.y))
    return {"kty": "EC", "crv": f"P-{public.curve.key_size}", "x": x, "y": y}


def _tls(hosts: tuple[str, ...], ca: Path, own: Path) -> None:
    """Writes a self-signed certificate for a server of these names."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name.from_rfc4514_string("CN=test server")
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    ca.write_bytes(pem)
    form = serialization.PrivateFormat.PKCS8
    own.write_bytes(pem + key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
