"""Keys in a token: made there, used there, and the errors when it is not there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from post.errors import ProvenanceError, RetryError
from provenance.signing import enrolment, keyring, remote_key
from provenance.signing.algorithms import ALGORITHMS, verifies
from provenance.signing.enrolment import KeyOptions
from provenance.signing.key_uri import parse
from provenance.signing.remote_key import open_device
from tests.provenance.made import House, finish
from tests.provenance.signing.conftest import PIN, SoftToken


def pins(_: str) -> str:
    return PIN


@pytest.mark.parametrize("curve", ["secp256r1", "secp384r1"])
def test_a_film_signed_in_the_token_reads_back_as_trusted(
    curve: str, token: SoftToken, settings: Path, studio: House, film: Path, tmp_path: Path
) -> None:
    info = enrolment.make_key(settings, curve, KeyOptions(token.new_ec(curve, curve)), pins)
    assert (info.algorithm, info.at) == (ALGORITHMS[curve].name, token.uri(curve))
    signer = keyring.load_signer(settings, curve, pins)
    report = House(signer, studio.anchors).verify(
        finish(film, tmp_path / "out.mp4", [], replace(studio, signer=signer))
    )
    assert (report.integrity, report.signer) == ("intact", "trusted")


def test_an_rsa_key_signs_with_pss_as_long_as_the_digest(token: SoftToken) -> None:
    device = open_device(parse(token.new_rsa("rsa")), PIN)
    made = device.sign(b"data", ALGORITHMS["rsa"])
    assert verifies(device.public_key(), made, b"data")


def test_a_key_is_found_by_its_id(token: SoftToken) -> None:
    token.new_ec("numbered")
    import pkcs11

    with token._token().open(user_pin=PIN, rw=True) as session:
        for key in session.get_objects({pkcs11.Attribute.LABEL: "numbered"}):
            key[pkcs11.Attribute.ID] = b"\x01\xff"
    found = open_device(parse(token.uri("numbered").replace("object=numbered", "id=%01%FF")), PIN)
    assert verifies(found.public_key(), found.sign(b"data", ALGORITHMS["secp256r1"]), b"data")


def test_a_certificate_of_another_key_is_refused_when_added_and_when_used(
    token: SoftToken, settings: Path, tmp_path: Path
) -> None:
    first, other = (token.new_ec(name) for name in ("first", "other"))
    info = enrolment.make_key(settings, "first", KeyOptions(first), pins)
    with pytest.raises(ProvenanceError, match="not the certificate's"):
        enrolment.import_key(settings, "mixed", Path(info.path), options=KeyOptions(other), pins=pins)
    assert "mixed" not in keyring.list_names(settings)
    path = Path(info.path)
    path.write_text(path.read_text().replace("object=first", "object=other"))
    with pytest.raises(ProvenanceError, match="not the certificate's"):
        keyring.load_signer(settings, "first", pins)
    path.unlink()


def test_a_key_in_a_token_is_listed_and_shown_without_it(token: SoftToken, settings: Path) -> None:
    enrolment.make_key(settings, "shown", KeyOptions(token.new_ec("shown")), pins)
    text = Path(keyring.describe(settings, "shown").path).read_text()
    assert "PRIVATE" not in text
    assert PIN not in text
    assert "shown" in keyring.list_names(settings)


def test_a_wrong_pin_is_refused_and_not_repeated(token: SoftToken) -> None:
    device = open_device(parse(token.new_ec("wrong-pin")), "123456")
    with pytest.raises(ProvenanceError, match="refuses the PIN.*PinIncorrect") as caught:
        device.sign(b"data", ALGORITHMS["secp256r1"])
    assert "123456" not in f"{caught.value} {caught.value.__cause__!r} {device!r}"
    assert caught.value.__cause__ is not None


def test_a_missing_pin_is_an_error_that_says_where_to_give_it(token: SoftToken) -> None:
    with pytest.raises(ProvenanceError, match="ANSWERPRINT_PIN"):
        open_device(parse(token.uri("any")), None)


def test_a_pin_is_read_only_from_a_private_file(token: SoftToken, tmp_path: Path) -> None:
    path = tmp_path / "pin"
    path.touch(0o600)
    path.write_text(f"{PIN}\n")
    token.new_ec("by-file")
    uri = parse(token.uri("by-file", **{"pin-source": f"file:{path}"}))
    device = open_device(uri, None)
    assert verifies(device.public_key(), device.sign(b"data", ALGORITHMS["secp256r1"]), b"data")
    for text in (f"{PIN}\n{PIN}\n", "1" * 300):
        # Half of a PIN would count as a wrong one.
        path.write_text(text)
        with pytest.raises(ProvenanceError, match="the PIN cannot be read") as caught:
            open_device(uri, None)
        assert PIN not in str(caught.value)
    path.chmod(0o640)
    with pytest.raises(ProvenanceError, match="chmod 600"):
        open_device(uri, None)


def test_a_missing_key_is_not_a_retry_error(token: SoftToken) -> None:
    with pytest.raises(ProvenanceError, match="no such public key"):
        open_device(parse(token.uri("nobody")), PIN).public_key()
    with pytest.raises(ProvenanceError, match="no such private key"):
        open_device(parse(token.uri("nobody")), PIN).sign(b"data", ALGORITHMS["secp256r1"])


def test_two_keys_with_the_same_name_are_refused(token: SoftToken) -> None:
    for _ in range(2):
        token.new_ec("twin")
    with pytest.raises(ProvenanceError, match="several such public keys"):
        open_device(parse(token.uri("twin")), PIN).public_key()


def test_a_removed_token_raises_a_retry_error(token: SoftToken) -> None:
    away = token.uri("any").replace("token=Studio", "token=Unplugged")
    with pytest.raises(RetryError, match="cannot be reached.*NoSuchToken") as caught:
        open_device(parse(away), PIN).public_key()
    assert caught.value.exit_code == 75
    assert caught.value.__cause__ is not None


def test_a_missing_library_is_named(token: SoftToken) -> None:
    missing = parse("pkcs11:token=a;object=b?module-path=/nowhere/lib.so")
    with pytest.raises(ProvenanceError, match="no PKCS#11 library.*/nowhere/lib.so"):
        open_device(missing, PIN).public_key()
    not_one = parse(f"pkcs11:token=a;object=b?module-path={__file__}")
    with pytest.raises(ProvenanceError, match="no PKCS#11 library"):
        open_device(not_one, PIN).public_key()


def test_a_signature_by_another_key_is_refused(token: SoftToken, settings: Path) -> None:
    enrolment.make_key(settings, "rotated", KeyOptions(token.new_ec("rotated")), pins)
    signer = keyring.load_signer(settings, "rotated", pins)
    assert isinstance(signer, remote_key.RemoteKey)
    other = open_device(parse(token.new_ec("successor")), PIN)
    moved = replace(signer, _device=other)
    with pytest.raises(ProvenanceError, match="is not this certificate's"):
        moved.sign(b"data")
