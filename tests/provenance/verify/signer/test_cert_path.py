"""Who vouches for a certificate: only authorities, only in their time, only for what it is for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from provenance.formats.printable_names import retag_names
from provenance.signing.certificates import CLAIM_SIGNING
from provenance.verify.signer.cert_path import (
    SIGNING,
    STAMPING,
    CertPool,
    find_path,
    is_fit_for,
    is_issued_by,
    read_certificate,
    read_extension,
)

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
_USED_FOR = (
    "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign "
    "crl_sign encipher_only decipher_only"
)
USES = _USED_FOR.split()


class Made:
    """A certificate and its key, signed by another's or its own."""

    def __init__(self, name: str, by: Made | None = None, **how: Any) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        since, until = how.get("valid", (NOW - DAY, NOW + DAY))
        subject = x509.Name.from_rfc4514_string(f"CN={name}")
        issuer = by.certificate.subject if by else subject
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(until)
        )
        if how.get("ca") is not None:
            limits = x509.BasicConstraints(how["ca"], how.get("length") if how["ca"] else None)
            made = made.add_extension(limits, True)
        if how.get("uses"):
            usage = x509.KeyUsage(**{use: use in how["uses"] for use in USES})
            made = made.add_extension(usage, True)
        if how.get("purposes"):
            made = made.add_extension(x509.ExtendedKeyUsage(how["purposes"]), False)
        signing = how.get("key") or (by.key if by else self.key)
        self.certificate: x509.Certificate = made.sign(signing, hashes.SHA256())


def reached(leaf: Made, others: list[Made], anchors: list[Made], at: datetime = NOW) -> list[str]:
    bag = CertPool([each.certificate for each in anchors], [each.certificate for each in others])
    return [each.subject.rfc4514_string() for each in find_path(leaf.certificate, bag, at)]


@pytest.fixture(scope="module")
def root() -> Made:
    return Made("root", ca=True)


def test_a_path_runs_from_the_leaf_to_an_anchor(root: Made) -> None:
    middle = Made("middle", root, ca=True)
    leaf = Made("leaf", middle)
    assert reached(leaf, [middle], [root]) == ["CN=leaf", "CN=middle", "CN=root"]
    assert reached(leaf, [], [middle]) == ["CN=leaf", "CN=middle"]
    assert reached(leaf, [], [root]) == []
    assert reached(leaf, [middle, root], []) == []  # what is sent along vouches for nobody


@pytest.mark.parametrize(
    "how",
    [
        {"ca": False},
        {},
        {"ca": True, "uses": ["crl_sign"]},
        {"ca": True, "valid": (NOW - 9 * DAY, NOW - DAY)},
    ],
)
def test_a_certificate_that_is_no_current_authority_vouches_for_nobody(
    how: dict[str, Any], root: Made
) -> None:
    middle = Made("middle", root, **how)
    assert reached(Made("leaf", middle), [middle], [root]) == []


def test_an_authority_may_not_exceed_its_path_length(root: Made) -> None:
    short = Made("short", ca=True, length=0)
    first = Made("first", short, ca=True)
    assert reached(Made("leaf", short), [], [short]) != []
    assert reached(Made("leaf", first), [first], [short]) == []


def test_a_name_is_no_signature(root: Made) -> None:
    forged = Made("leaf", root, key=ec.generate_private_key(ec.SECP256R1()))
    assert reached(forged, [], [root]) == []


def test_a_path_holds_only_while_every_certificate_in_it_is_valid(root: Made) -> None:
    leaf = Made("leaf", root)
    assert reached(leaf, [], [root], NOW) != []
    for at in (NOW - 2 * DAY, NOW + 2 * DAY):
        assert reached(leaf, [], [root], at) == []


def test_circles_and_crowds_end() -> None:
    one, other = Made("one", ca=True), Made("other", ca=True)
    crossed = [Made("one", other, ca=True), Made("other", one, ca=True)]
    crowd = [Made("one", other, ca=True) for _ in range(40)]
    assert reached(Made("leaf", one), [*crossed, *crowd], [Made("root", ca=True)]) == []


@pytest.mark.parametrize(
    ("how", "signs", "stamps"),
    [
        ({"purposes": [CLAIM_SIGNING]}, True, False),
        ({"purposes": [ExtendedKeyUsageOID.EMAIL_PROTECTION], "uses": ["digital_signature"]}, True, False),
        ({"purposes": [ExtendedKeyUsageOID.TIME_STAMPING]}, False, True),
        ({"purposes": [ExtendedKeyUsageOID.SERVER_AUTH]}, False, False),
        ({"purposes": [CLAIM_SIGNING], "uses": ["key_agreement"]}, False, False),
        ({"purposes": [CLAIM_SIGNING], "ca": True}, False, False),
        ({}, False, False),
    ],
)
def test_a_certificate_is_fit_only_for_what_it_names(
    how: dict[str, Any], signs: bool, stamps: bool, root: Made
) -> None:
    leaf = Made("leaf", root, **how).certificate
    assert (is_fit_for(leaf, SIGNING), is_fit_for(leaf, STAMPING)) == (signs, stamps)


@pytest.mark.parametrize("bit", [0, 1, 4, 7])
def test_a_certificate_with_a_flipped_bit_is_read_or_a_value_error(bit: int) -> None:
    signing = [ExtendedKeyUsageOID.EMAIL_PROTECTION]
    der = Made("leaf", ca=False, uses=("digital_signature",), purposes=signing).certificate.public_bytes(
        Encoding.DER
    )
    refused = 0
    for at in range(len(der)):
        turned = bytearray(der)
        turned[at] ^= 1 << bit
        try:
            found = read_certificate(bytes(turned))
        except ValueError:
            refused += 1
            continue
        for kind in (x509.KeyUsage, x509.ExtendedKeyUsage, x509.BasicConstraints):
            read_extension(found, kind)
        is_fit_for(found, SIGNING)
        is_issued_by(found, found)
    assert 0 < refused < len(der)


def test_a_version_that_no_certificate_has_is_refused() -> None:
    der = Made("leaf").certificate.public_bytes(Encoding.DER)
    with pytest.raises(ValueError, match="not a valid X509 version"):
        read_certificate(der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x12", 1))


def with_underscore(leaf: Made, by: Made, tbs_of: bytes | None = None) -> bytes:
    """Returns a leaf whose name `a_b` is tagged as a PrintableString, which may not hold `_`, signed as such."""
    tbs = (tbs_of or leaf.certificate.tbs_certificate_bytes).replace(b"\x0c\x03a_b", b"\x13\x03a_b")
    signature = by.key.sign(tbs, ec.ECDSA(hashes.SHA256()))
    algorithm = bytes.fromhex("300a06082a8648ce3d040302")  # ecdsa-with-SHA256
    parts = tbs + algorithm + b"\x03" + bytes([len(signature) + 1, 0]) + signature
    return b"\x30\x82" + len(parts).to_bytes(2, "big") + parts


def test_a_name_with_letters_that_its_type_forbids_is_read_and_reaches_its_root() -> None:
    root = Made("root", ca=True, uses=("key_cert_sign",))
    leaf = Made("a_b", root, purposes=[CLAIM_SIGNING])
    der = with_underscore(leaf, root)
    with pytest.raises(ValueError, match="PrintableString"):
        x509.load_der_x509_certificate(der)
    found = read_certificate(der)
    assert found.subject.rfc4514_string() == "CN=a_b"
    assert find_path(found, CertPool([root.certificate]), NOW) == (found, root.certificate)


def test_such_a_name_under_another_key_or_with_another_letter_reaches_no_root() -> None:
    root, other = (Made("root", ca=True, uses=("key_cert_sign",)) for _ in range(2))
    leaf = Made("a_b", root, purposes=[CLAIM_SIGNING])
    found = read_certificate(with_underscore(leaf, root))
    assert find_path(found, CertPool([other.certificate]), NOW) == ()
    changed = read_certificate(with_underscore(leaf, root).replace(b"a_b", b"a_c"))
    assert changed.subject.rfc4514_string() == "CN=a_c"
    assert find_path(changed, CertPool([root.certificate]), NOW) == ()


def test_one_turned_tag_breaks_a_signature_whatever_letters_the_name_holds() -> None:
    root = Made("root", ca=True, uses=("key_cert_sign",))
    for name in ("a_b", "abc"):
        written = b"\x03" + name.encode()
        leaf = Made(name, root, purposes=[CLAIM_SIGNING])
        printable = leaf.certificate.tbs_certificate_bytes.replace(b"\x0c" + written, b"\x13" + written)
        signed = with_underscore(leaf, root, printable)
        assert find_path(read_certificate(signed), CertPool([root.certificate]), NOW)
        turned = signed.replace(b"\x13" + written, b"\x14" + written)
        assert turned != signed
        assert find_path(read_certificate(turned), CertPool([root.certificate]), NOW) == ()


def test_a_copy_made_here_is_refused_where_it_is_received() -> None:
    root = Made("root", ca=True, uses=("key_cert_sign",))
    copy = retag_names(with_underscore(Made("a_b", root, purposes=[CLAIM_SIGNING]), root))
    assert x509.load_der_x509_certificate(copy).subject.rfc4514_string() == "CN=a_b"
    with pytest.raises(ValueError, match="in the place of its signature"):
        read_certificate(copy)


def test_a_name_of_300_parts_reaches_no_root_of_another_key() -> None:
    root, other = (Made("root", ca=True, uses=("key_cert_sign",)) for _ in range(2))
    leaf = Made(",CN=".join("x" for _ in range(300)), root, purposes=[CLAIM_SIGNING])
    found = read_certificate(leaf.certificate.public_bytes(Encoding.DER))
    assert find_path(found, CertPool([root.certificate]), NOW)
    assert find_path(found, CertPool([other.certificate]), NOW) == ()


def test_a_name_tagged_as_t61_by_its_issuer_is_checked_as_it_is() -> None:
    root = Made("root", ca=True, uses=("key_cert_sign",))
    leaf = Made("a_b", root, purposes=[CLAIM_SIGNING])
    tbs = leaf.certificate.tbs_certificate_bytes.replace(b"\x0c\x03a_b", b"\x14\x03a_b")
    found = read_certificate(with_underscore(leaf, root, tbs))
    assert find_path(found, CertPool([root.certificate]), NOW) == (found, root.certificate)
