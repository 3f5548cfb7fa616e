"""Keys: private, made once, never shown."""

from __future__ import annotations

import logging
import pickle
import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.x509.oid import ExtendedKeyUsageOID

from post.errors import JobError, ProvenanceError
from provenance.signing import certificates, development, enrolment, keyring
from provenance.signing.certificates import CLAIM_SIGNING, read_chain
from provenance.signing.software_key import SoftwareKey, key_pem, load
from tests.provenance.made import short_lived


def test_the_development_chain_meets_c2pas_profile(config: Path) -> None:
    leaf, issuer = read_chain(keyring.load_signer(config).chain_pem, "")
    (root,) = read_chain(development.read_root_pem(config), "")
    for certificate in (leaf, issuer, root):
        assert "DEVELOPMENT" in certificates.common_name(certificate)
        assert "not for release" in certificates.common_name(certificate)
    leaf.verify_directly_issued_by(issuer)
    issuer.verify_directly_issued_by(root)
    purposes = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert set(purposes) == {CLAIM_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION}
    assert leaf.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert isinstance(root.public_key(), ec.EllipticCurvePublicKey)


def test_only_its_owner_can_reach_a_key(config: Path) -> None:
    home = config / "development"
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()} == {0o600}


def private_keys(folder: Path) -> list[ec.EllipticCurvePrivateKey]:
    """Returns every private key in the files below a folder."""
    form = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----\n", re.DOTALL)
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return [serialization.load_pem_private_key(pem, None) for data in files for pem in form.findall(data)]  # type: ignore[misc]  # all are EC keys


def test_the_roots_own_key_is_in_no_file(tmp_path: Path) -> None:
    keyring.load_signer(tmp_path)
    (root,) = read_chain(development.read_root_pem(tmp_path), "")
    leaf, issuer = read_chain(keyring.load_signer(tmp_path).chain_pem, "")
    kept = [key.public_key() for key in private_keys(tmp_path)]
    assert len(kept) == 2
    assert issuer.public_key() in kept
    assert leaf.public_key() in kept
    assert root.public_key() not in kept


def test_the_same_key_is_used_again(config: Path) -> None:
    assert keyring.load_signer(config).chain_pem == keyring.load_signer(config).chain_pem


def test_a_key_that_others_can_read_is_refused_with_a_fix(tmp_path: Path) -> None:
    keyring.load_signer(tmp_path)
    path = tmp_path / "development" / "signer.pem"
    path.chmod(0o644)
    with pytest.raises(ProvenanceError, match=f"chmod 600 {path}"):
        keyring.load_signer(tmp_path)


def test_a_certificate_that_expires_soon_is_renewed_under_the_same_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(development, "SIGNER_DAYS", 1)
    root = (keyring.load_signer(tmp_path), development.read_root_pem(tmp_path))[1]
    old = keyring.describe(tmp_path, "development").expires
    monkeypatch.setattr(development, "SIGNER_DAYS", 90)
    keyring.load_signer(tmp_path)
    assert keyring.describe(tmp_path, "development").expires > old + timedelta(days=80)
    assert development.read_root_pem(tmp_path) == root


def test_a_key_never_shows_itself(config: Path, caplog: pytest.LogCaptureFixture) -> None:
    signer = development.load_signer(config)
    secret = f"{signer._key.private_numbers().private_value:x}"
    with caplog.at_level(logging.DEBUG):
        signer.sign(b"data")
    shown = repr(signer) + str(signer) + repr(vars(signer).get("chain_pem")) + caplog.text
    assert secret not in shown
    assert "PRIVATE" not in shown
    with pytest.raises(TypeError, match="does not travel"):
        pickle.dumps(signer)


def test_a_broken_key_is_refused_without_quoting_it(tmp_path: Path) -> None:
    path = tmp_path / "k.pem"
    path.touch(0o600)
    path.write_text("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n")
    chain = tmp_path / "c.pem"
    chain.write_text(certificates.to_pem(certificates.make_root("r", 1).certificate))
    with pytest.raises(ProvenanceError, match="cannot be read") as caught:
        load(chain, path)
    assert "c2VjcmV0" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_development_key_that_is_no_text_is_refused(tmp_path: Path) -> None:
    keyring.load_signer(tmp_path)
    path = tmp_path / "development" / "signer.pem"
    path.write_bytes(b"\xff" + path.read_bytes())
    with pytest.raises(ProvenanceError, match="signer.pem: the certificates cannot be read"):
        keyring.load_signer(tmp_path)


def test_a_key_of_another_certificate_is_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        enrolment.make_key(tmp_path, name)
    with pytest.raises(ProvenanceError, match="not the certificate's"):
        load(tmp_path / "keys" / "a.pem", tmp_path / "keys" / "b.pem")


def test_a_named_key_is_made_listed_shown_and_used(tmp_path: Path) -> None:
    info = enrolment.make_key(tmp_path, "studio")
    assert keyring.list_names(tmp_path) == ("development", "studio")
    assert (info.algorithm, info.subject) == ("es256", "Answerprint DEVELOPMENT studio (not for release)")
    assert info.expires > datetime.now(UTC)
    assert keyring.load_signer(tmp_path, "studio").algorithm == "es256"
    with pytest.raises(ProvenanceError, match="a key of that name"):
        enrolment.make_key(tmp_path, "studio")


def test_an_imported_key_is_stored_as_one_private_file(tmp_path: Path, config: Path) -> None:
    source = config / "development" / "signer.pem"
    enrolment.import_key(tmp_path, "bought", source, source)
    path = tmp_path / "keys" / "bought.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keyring.load_signer(tmp_path, "bought").chain_pem == keyring.load_signer(config).chain_pem


@pytest.mark.parametrize("name", ["", "../up", "Über", "a b", ".hidden", "x" * 65, "development"])
def test_a_name_that_is_no_file_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises((JobError, ProvenanceError)):
        enrolment.make_key(tmp_path, name)
    assert not (tmp_path / "keys").exists()


def test_the_error_for_an_unknown_key_names_the_known_ones(config: Path) -> None:
    with pytest.raises(ProvenanceError, match="one of: development"):
        keyring.load_signer(config, "nobody")


def test_an_expired_key_is_listed_but_not_used(tmp_path: Path) -> None:
    short_lived(tmp_path / "old", timedelta(days=-1))
    folder = tmp_path / "keys"
    folder.mkdir()
    (tmp_path / "old" / "signer.pem").rename(folder / "old.pem")
    assert keyring.describe(tmp_path, "old").expires < datetime.now(UTC)
    with pytest.raises(ProvenanceError, match="expired"):
        keyring.load_signer(tmp_path, "old")


@pytest.mark.parametrize(
    ("curve", "algorithm", "width"),
    [(ec.SECP256R1(), "es256", 64), (ec.SECP384R1(), "es384", 96), (ec.SECP521R1(), "es512", 132)],
)
def test_ecdsa_signatures_are_r_and_s_side_by_side(
    curve: ec.EllipticCurve, algorithm: str, width: int
) -> None:
    key = ec.generate_private_key(curve)
    signer = SoftwareKey("", _key=key)
    made = signer.sign(b"data")
    assert (signer.algorithm, len(made)) == (algorithm, width)
    r, s = (int.from_bytes(half, "big") for half in (made[: width // 2], made[width // 2 :]))
    digest = {"es256": hashes.SHA256(), "es384": hashes.SHA384(), "es512": hashes.SHA512()}[algorithm]
    key.public_key().verify(utils.encode_dss_signature(r, s), b"data", ec.ECDSA(digest))


def test_other_kinds_of_key_sign_as_c2pa_requires() -> None:
    edwards = ed25519.Ed25519PrivateKey.generate()
    signer = SoftwareKey("", _key=edwards)
    assert signer.algorithm == "ed25519"
    edwards.public_key().verify(signer.sign(b"data"), b"data")
    big = rsa.generate_private_key(65537, 2048)
    signer = SoftwareKey("", _key=big)
    assert signer.algorithm == "ps256"
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    big.public_key().verify(signer.sign(b"data"), b"data", pss, hashes.SHA256())


def test_a_curve_c2pa_cannot_use_is_refused() -> None:
    with pytest.raises(ProvenanceError, match="kind of key"):
        SoftwareKey("", _key=ec.generate_private_key(ec.SECP256K1())).sign(b"data")


def test_a_development_issuer_with_a_key_of_another_kind_is_refused_with_a_fix(tmp_path: Path) -> None:
    keyring.load_signer(tmp_path)
    key = ed25519.Ed25519PrivateKey.generate()
    made = certificates.issue_signing_certificate(
        "another", key.public_key(), certificates.make_root("root", 1), 1
    )
    issuer = tmp_path / "development" / "issuer.pem"
    issuer.write_text(key_pem(key) + certificates.to_pem(made), "ascii")
    with pytest.raises(ProvenanceError, match=r"of another kind; expected an elliptic-curve key; remove the"):
        development.issue_key("x", tmp_path, tmp_path / "x.pem")
