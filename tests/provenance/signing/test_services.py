"""Keys in services: each vendor's own client, with an imitated interface and real keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from post.errors import ProvenanceError, RetryError
from provenance.signing import enrolment, keyring
from provenance.signing.algorithms import ALGORITHMS, find_algorithm, verifies
from provenance.signing.enrolment import KeyOptions
from provenance.signing.key_uri import parse
from provenance.signing.place import Device
from provenance.signing.remote_key import open_device
from tests.provenance.made import House, finish
from tests.provenance.signing.services import Azure, Kms, Vault
from tests.provenance.signing.serving import Answer, nobody, told

ES256 = ALGORITHMS["secp256r1"]


def device(uri: str) -> Device:
    return open_device(parse(uri), None)


def check_signs(uri: str) -> None:
    found = device(uri)
    public = found.public_key()
    assert verifies(public, found.sign(b"data" * 999, find_algorithm(public, "")), b"data" * 999)


def check_film(uri: str, name: str, studio: House, settings: Path, film: Path, out: Path) -> None:
    """Checks that a film signed with a key in another place, used by its name, reads back as trusted."""
    enrolment.make_key(settings, name, KeyOptions(uri))
    signer = keyring.load_signer(settings, name)
    report = House(signer, studio.anchors).verify(finish(film, out, [], replace(studio, signer=signer)))
    assert (report.integrity, report.signer) == ("intact", "trusted")


@pytest.fixture
def moto(aws: None) -> Iterator[str]:
    """Yields the address of a KMS key in moto's server."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.client("kms", region_name="eu-west-1", endpoint_url=endpoint)
    made = client.create_key(KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256")["KeyMetadata"]["KeyId"]
    yield f"awskms:///{made}?region=eu-west-1&endpoint={endpoint}"
    server.stop()


def test_a_film_signed_by_kms_reads_back_as_trusted(
    moto: str, settings: Path, studio: House, film: Path, tmp_path: Path
) -> None:
    check_film(moto, "kms", studio, settings, film, tmp_path / "out.mp4")


def test_a_film_signed_by_vault_reads_back_as_trusted(
    vault: Vault, settings: Path, studio: House, film: Path, tmp_path: Path
) -> None:
    check_film("vault://transit/film", "vault", studio, settings, film, tmp_path / "out.mp4")


def test_a_film_signed_by_key_vault_reads_back_as_trusted(
    azure: Azure, settings: Path, studio: House, film: Path, tmp_path: Path
) -> None:
    check_film("azurekv://studio/film/v1", "azure", studio, settings, film, tmp_path / "out.mp4")


@pytest.mark.parametrize("name", ["wide", "ed", "film?version=1"])
def test_vaults_other_kinds_of_key_sign_as_c2pa_requires(name: str, vault: Vault) -> None:
    check_signs(f"vault://transit/{name}")


@pytest.mark.parametrize("name", ["wide/v1", "film"])
def test_key_vaults_other_kinds_of_key_sign_as_c2pa_requires(name: str, azure: Azure) -> None:
    check_signs(f"azurekv://studio.vault.azure.net/{name}")


@pytest.mark.parametrize("size", [4096, 4097])
def test_kms_is_sent_a_digest_where_the_message_is_too_long(size: int, kms: Kms) -> None:
    found = device(f"awskms:///alias/film?region=eu-west-1&endpoint={kms.url}")
    assert verifies(kms.key.public_key(), found.sign(b"x" * size, ES256), b"x" * size)
    sent = kms.seen[-1].json
    assert sent["MessageType"] == ("RAW" if size == 4096 else "DIGEST")
    assert sent["KeyId"] == "alias/film"


AWAY = [Answer(503), Answer(500, b"{}"), told({"errors": ["slow down"]}, 429)]


@pytest.mark.parametrize("fault", AWAY, ids=lambda answer: str(answer.status))
def test_vault_that_is_down_raises_a_retry_error(fault: Answer, vault: Vault, hurry: None) -> None:
    found = device("vault://transit/film")
    vault.fault = fault
    for asked in (found.public_key, lambda: found.sign(b"data", ES256)):
        with pytest.raises(RetryError, match="Vault cannot be reached") as caught:
            asked()
        assert caught.value.__cause__ is not None


@pytest.mark.parametrize("fault", AWAY, ids=lambda answer: str(answer.status))
def test_key_vault_that_is_down_raises_a_retry_error(fault: Answer, azure: Azure, hurry: None) -> None:
    found = device("azurekv://studio/film/v1")
    found.public_key()
    azure.fault = fault
    with pytest.raises(RetryError, match="Key Vault cannot be reached") as caught:
        found.sign(b"data", ES256)
    assert caught.value.__cause__ is not None


THROTTLED: list[dict[str, Any]] = [
    {"__type": "ThrottlingException", "message": "rate exceeded"},
    {"__type": "KMSInternalException", "message": "internal"},
    {"__type": "DependencyTimeoutException", "message": "timeout"},
]


@pytest.mark.parametrize("fault", THROTTLED, ids=lambda told: str(told["__type"]))
def test_kms_that_is_busy_raises_a_retry_error(fault: dict[str, Any], kms: Kms, hurry: None) -> None:
    kms.fault = told(fault, 400)
    with pytest.raises(RetryError, match=f"KMS cannot be reached.*{fault['__type']}") as caught:
        device(f"awskms:///film?region=eu-west-1&endpoint={kms.url}").sign(b"data", ES256)
    assert caught.value.__cause__ is not None


def test_a_service_that_does_not_listen_raises_a_retry_error(
    aws: None, vault: Vault, hurry: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RetryError) as caught:
        device(f"awskms:///film?region=eu-west-1&endpoint={nobody()}").public_key()
    assert caught.value.exit_code == 75
    monkeypatch.setenv("VAULT_ADDR", nobody())
    with pytest.raises(RetryError):
        device("vault://transit/film").sign(b"data", ES256)


def test_a_missing_key_is_not_a_retry_error(moto: str, vault: Vault, azure: Azure) -> None:
    endpoint = moto.partition("?")[2]
    with pytest.raises(ProvenanceError, match="KMS refuses.*NotFoundException"):
        device(f"awskms:///alias/nobody?{endpoint}").sign(b"data", ES256)
    with pytest.raises(ProvenanceError, match="Vault refuses.*InvalidPath"):
        device("vault://transit/nobody").public_key()
    with pytest.raises(ProvenanceError, match="Key Vault refuses.*no such key"):
        device("azurekv://studio/nobody").public_key()


def test_a_missing_right_to_sign_is_not_a_retry_error(
    kms: Kms, vault: Vault, azure: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    kms.fault = told({"__type": "AccessDeniedException", "message": "not yours"}, 400)
    with pytest.raises(ProvenanceError, match=r"AccessDeniedException: not yours.*kms:Sign"):
        device(f"awskms:///film?region=eu-west-1&endpoint={kms.url}").public_key()
    found = device("azurekv://studio/film/v1")
    found.public_key()
    azure.fault = told({"error": {"code": "Forbidden", "message": "not yours"}}, 403)
    with pytest.raises(ProvenanceError, match="Key Vault refuses.*status 403: not yours"):
        found.sign(b"data", ES256)
    monkeypatch.setenv("VAULT_TOKEN", "hvs.another")
    with pytest.raises(ProvenanceError, match="Vault refuses.*Forbidden: permission denied"):
        device("vault://transit/film").public_key()


def test_missing_credentials_are_an_error_with_a_fix(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("VAULT_TOKEN")
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(ProvenanceError, match="vault login"):
        device("vault://transit/film")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(ProvenanceError, match="check the AWS configuration"):
        device("awskms:///film?region=eu-west-1").public_key()
    with pytest.raises(ProvenanceError, match="region"):
        device("awskms:///film")


@pytest.mark.parametrize(
    "body", [b"junk", b"{}", b'{"data": 3}', b'{"data": {"keys": [], "latest_version": 1}}']
)
def test_a_malformed_answer_gives_one_error(body: bytes, vault: Vault) -> None:
    found = device("vault://transit/film")
    vault.fault = Answer(200, body, {"Content-Type": "application/json"})
    with pytest.raises(ProvenanceError, match="Vault's answer cannot be read"):
        found.public_key()
    with pytest.raises(ProvenanceError, match="Vault's answer cannot be read"):
        found.sign(b"data", ES256)
