"""Tokens and services with real keys, made for the tests and accessed like the real ones."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from provenance.signing import keyring
from provenance.signing.csr import make_key_pair
from provenance.trust import lists
from provenance.trust.lists import Anchors
from tests.provenance.made import House, Noise
from tests.provenance.signing.desk import Desk
from tests.provenance.signing.services import (
    AWS_SECRET,
    AWS_SESSION,
    AZURE_SECRET,
    VAULT_TOKEN,
    Azure,
    Kms,
    Private,
    Vault,
)
from tests.provenance.signing.serving import Tunnel
from tests.provenance.signing.tsa import Tsa

LIBRARIES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
             "/usr/local/lib/softhsm/libsofthsm2.so", "/opt/homebrew/lib/softhsm/libsofthsm2.so")  # fmt: skip
PIN, SO_PIN = "93571842", "77120456"
LABEL = "Studio"


class SoftToken:
    """A SoftHSM token, and the URIs of its keys."""

    def __init__(self, library: str) -> None:
        self.library = library

    def uri(self, name: str, **options: str) -> str:
        told = {"module-path": self.library, **options}
        query = "&".join(f"{key}={value}" for key, value in told.items())
        return f"pkcs11:token={LABEL};object={name}?{query}"

    def _token(self) -> Any:
        import pkcs11

        return pkcs11.lib(self.library).get_token(token_label=LABEL)

    def new_ec(self, name: str, curve: str = "secp256r1") -> str:
        from pkcs11 import Attribute, KeyType
        from pkcs11.util.ec import encode_named_curve_parameters

        with self._token().open(user_pin=PIN, rw=True) as session:
            known = {Attribute.EC_PARAMS: encode_named_curve_parameters(curve)}
            domain = session.create_domain_parameters(KeyType.EC, known, local=True)
            domain.generate_keypair(store=True, label=name)
        return self.uri(name)

    def new_rsa(self, name: str) -> str:
        from pkcs11 import KeyType

        with self._token().open(user_pin=PIN, rw=True) as session:
            session.generate_keypair(KeyType.RSA, 2048, store=True, label=name)
        return self.uri(name)


@pytest.fixture(scope="session")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoftToken]:
    """Yields a token for this run. Skips the test, naming SoftHSM, where that is not installed."""
    pytest.importorskip("pkcs11")
    library = next((path for path in LIBRARIES if Path(path).is_file()), "")
    if not library:
        pytest.skip("SoftHSM is not installed (Debian: softhsm2)")
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = INFO\n"
    )
    # The library reads it once a process, when it is first opened.
    os.environ["SOFTHSM2_CONF"] = str(conf)
    made = ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", SO_PIN]
    subprocess.run([*made, "--module", library], check=True, capture_output=True)
    yield SoftToken(library)
    del os.environ["SOFTHSM2_CONF"]


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a user's settings folder with a development root in it."""
    folder = tmp_path_factory.mktemp("settings")
    keyring.load_signer(folder)
    return folder


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a rendered, unsigned film."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    return Noise(options={"movflags": "faststart"}).write(path)


@pytest.fixture(scope="session")
def studio(settings: Path) -> House:
    return House(keyring.load_signer(settings), lists.read_own_root(settings))


@pytest.fixture
def tsa() -> Iterator[Tsa]:
    with Tsa() as served:
        yield served


def authorities(tsa: Tsa) -> tuple[Anchors, ...]:
    return (Anchors("test authorities", tsa.pem, "2026-01-01", 1, "tsa"),)


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes clients retry without waiting."""
    monkeypatch.setattr(time, "sleep", lambda _: None)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sets credentials as the AWS SDK reads them."""
    pytest.importorskip("boto3")
    for name, value in (
        ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", AWS_SECRET),
        ("AWS_SESSION_TOKEN", AWS_SESSION),
    ):
        monkeypatch.setenv(name, value)


@pytest.fixture
def kms(aws: None) -> Iterator[Kms]:
    with Kms(make_key_pair()) as served:
        yield served


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vault]:
    pytest.importorskip("hvac")
    held: dict[str, Private] = {"film": make_key_pair(), "ed": Ed25519PrivateKey.generate()}
    held["wide"] = rsa.generate_private_key(65537, 2048)
    with Vault(**held) as served:
        monkeypatch.setenv("VAULT_ADDR", served.url)
        monkeypatch.setenv("VAULT_TOKEN", VAULT_TOKEN)
        yield served


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Azure]:
    """Yields Key Vault under its real name: connections to Azure's hosts reach the test's server."""
    pytest.importorskip("azure.keyvault.keys")
    held: dict[str, Private] = {"film": make_key_pair(), "wide": rsa.generate_private_key(65537, 2048)}
    with Azure(tmp_path, **held) as served, Tunnel(served.port) as tunnel:
        for name, value in (
            ("AZURE_TENANT_ID", served.tenant),
            ("AZURE_CLIENT_ID", "app"),
            ("AZURE_CLIENT_SECRET", AZURE_SECRET),
            ("REQUESTS_CA_BUNDLE", str(served.ca)),
            ("HTTPS_PROXY", tunnel.url),
        ):
            monkeypatch.setenv(name, value)
        yield served


@pytest.fixture
def desk(
    kept_workers: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """Returns a desk with settings and a store of its own."""
    monkeypatch.setenv("ANSWERPRINT_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("ANSWERPRINT_STORE", str(tmp_path / "store"))
    return Desk(tmp_path, capsys)
