"""The key process: it has the keys, and the process that asks it has none."""

from __future__ import annotations

import gc
import os
import signal
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from post.errors import ProvenanceError, RetryError
from provenance.signing import enrolment, key_file, keyring
from provenance.signing.certificates import read_chain
from provenance.signing.enrolment import KeyOptions
from provenance.signing.key_file import KeyFile
from provenance.signing.key_process import KeyProcess
from provenance.signing.signer import Signer, SignerWithIdentity

DATA = b"a claim"


def check(signer: Signer) -> None:
    """Raises InvalidSignature unless the signer's certificate is for the key that signs."""
    key = read_chain(signer.chain_pem, "")[0].public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    made = signer.sign(DATA)
    r, s = (int.from_bytes(part, "big") for part in (made[: len(made) // 2], made[len(made) // 2 :]))
    key.verify(encode_dss_signature(r, s), DATA, ec.ECDSA(hashes.SHA256()))


def test_it_signs_and_this_process_never_has_the_key(tmp_path: Path) -> None:
    with KeyProcess(tmp_path) as keys:
        signer = keys.load_signer("development")
        check(signer)
        gc.collect()
        assert not any(isinstance(each, ec.EllipticCurvePrivateKey) for each in gc.get_objects())
    told = keyring.load_signer(tmp_path)
    assert (signer.chain_pem, signer.algorithm, signer.tsa_url) == (
        told.chain_pem,
        told.algorithm,
        told.tsa_url,
    )


def test_a_keys_organisation_comes_with_it(tmp_path: Path) -> None:
    enrolment.make_key(tmp_path, "house")
    enrolment.make_key(tmp_path, "studio", KeyOptions(identity="house"))
    with KeyProcess(tmp_path) as keys:
        signer = keys.load_signer("studio")
        assert isinstance(signer, SignerWithIdentity)
        check(signer)
        check(signer.identity)
        assert signer.identity.chain_pem == keyring.load_identity(tmp_path, "house").chain_pem
        assert keys.load_identity("house").chain_pem == signer.identity.chain_pem


def test_a_key_that_is_not_there_is_told_as_by_the_keyring(tmp_path: Path) -> None:
    with KeyProcess(tmp_path) as keys:
        with pytest.raises(ProvenanceError, match="^studio: no such key; expected one of: none yet"):
            keys.load_signer("studio")
        check(keys.load_signer("development"))


def pin_of(name: str) -> str | None:
    """Is called in the key process alone."""
    (Path(os.environ["PIN_MARK"])).write_text(f"{name} {os.getpid()}")
    return "1234"


def test_a_pin_is_asked_for_in_the_key_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "mark"
    monkeypatch.setenv("PIN_MARK", str(mark))
    enrolment.make_key(tmp_path, "studio")
    path = keyring.find_path(tmp_path, "studio")
    elsewhere = KeyFile(
        key_file.read(path).chain_pem, "pkcs11:token=none;object=studio?module-path=/nowhere/lib.so"
    )
    path.write_text(str(elsewhere))
    with KeyProcess(tmp_path, pin_of) as keys, pytest.raises(ProvenanceError):
        keys.load_signer("studio")
    name, process = mark.read_text().split()
    assert name == "studio"
    assert int(process) != os.getpid()


def test_a_key_process_that_was_killed_can_be_tried_again(tmp_path: Path) -> None:
    with KeyProcess(tmp_path) as keys:
        signer = keys.load_signer("development")
        os.kill(keys.process_id, signal.SIGKILL)
        with pytest.raises(RetryError, match="the process that has the keys has ended"):
            signer.sign(DATA)
