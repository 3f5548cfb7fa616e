"""Every wrong signer of an unchanged film is distinguished from the others, and none is called tampering."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ObjectIdentifier

from provenance.signing.certificates import Authority
from provenance.signing.signer import SignerWithTsa
from provenance.verify import VerifyOptions, verify
from tests.provenance.attacks.case import written
from tests.provenance.attacks.reel import Reel
from tests.provenance.attacks.resign import (
    CODE_SIGNING,
    DAY,
    ES512,
    MINUTE,
    TLS_SERVER,
    Office,
    altered,
    office,
    resigned,
)
from tests.provenance.made import House, Noise, vendor
from tests.provenance.signing.tsa import Tsa


@pytest.fixture(scope="module")
def plain(generated: Path) -> Reel:
    """A signed clip of which only the signer is checked."""
    return Reel.of(generated)


@pytest.fixture(scope="module")
def known() -> Office:
    return office("Known")


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Noise(2).write(tmp_path_factory.mktemp("raw") / "raw.mp4")


@dataclass(frozen=True)
class Signed:
    """A signature, and what the report must say of it."""

    name: str
    how: Callable[[Reel, Office], bytes]
    integrity: str
    signer: str


def by(leaf: Callable[[Office], Authority]) -> Callable[[Reel, Office], bytes]:
    """Signs with a leaf certificate, and sends its issuer with it."""

    def how(reel: Reel, at: Office) -> bytes:
        made = leaf(at)
        return resigned(reel, made.key, (made.certificate, at.issuer.certificate))

    return how


def valid(start: timedelta, stop: timedelta) -> Callable[[Office], Authority]:
    now = datetime.now(UTC)
    return lambda at: altered(at.leaf(), at.issuer, valid=(now + start, now + stop))


def purposes(*named: ObjectIdentifier) -> Callable[[Office], Authority]:
    return lambda at: altered(at.leaf(), at.issuer, purposes=named)


def with_another_key(reel: Reel, at: Office) -> bytes:
    leaf = at.leaf()
    return resigned(reel, at.leaf().key, (leaf.certificate, at.issuer.certificate))


def without_its_issuer(reel: Reel, at: Office) -> bytes:
    leaf = at.leaf()
    return resigned(reel, leaf.key, (leaf.certificate,))


def by_itself(reel: Reel, at: Office) -> bytes:
    """Returns a self-signed certificate with the name of a known one."""
    leaf = at.leaf()
    own = altered(leaf, leaf)
    return resigned(reel, own.key, (own.certificate,))


def by_a_namesake(reel: Reel, at: Office) -> bytes:
    """Returns certificates with all the right names and other keys."""
    other = office("Known")
    leaf = other.leaf()
    return resigned(reel, leaf.key, (leaf.certificate, other.issuer.certificate))


def by_a_namesake_with_the_true_issuer(reel: Reel, at: Office) -> bytes:
    leaf = office("Known").leaf()
    return resigned(reel, leaf.key, (leaf.certificate, at.issuer.certificate))


def by_the_issuer(reel: Reel, at: Office) -> bytes:
    return resigned(reel, at.issuer.key, (at.issuer.certificate,))


def in_another_algorithm(reel: Reel, at: Office) -> bytes:
    leaf = at.leaf()
    return resigned(reel, leaf.key, (leaf.certificate, at.issuer.certificate), alg=ES512)


def revoked(at: Office, leaf: Authority) -> x509.CertificateRevocationList:
    now = datetime.now(UTC)
    entry = x509.RevokedCertificateBuilder(leaf.certificate.serial_number, now - DAY).build()
    made = x509.CertificateRevocationListBuilder(
        at.issuer.certificate.subject, now - MINUTE, now + DAY, revoked_certificates=[entry]
    )
    return made.sign(at.issuer.key, hashes.SHA256())


def timed(house: House, url: str) -> SignerWithTsa:
    return SignerWithTsa(house.signer, url)


def stamp_of(reel: Reel) -> bytes:
    """Returns the entry of a signature's header that holds its time-stamp."""
    start, stop = reel.text(b"gsigTst2"), reel.pad - 4
    return reel.data[start:stop]


SIGNED = (
    Signed("expired", by(valid(-50 * MINUTE, -5 * MINUTE)), "intact", "expired"),
    Signed("not valid yet", by(valid(50 * MINUTE, 5 * DAY)), "intact", "expired"),
    Signed("for servers", by(purposes(TLS_SERVER)), "intact", "untrusted"),
    Signed("for code", by(purposes(CODE_SIGNING)), "intact", "untrusted"),
    Signed("for nothing named", by(purposes()), "intact", "untrusted"),
    Signed("an authority", by(lambda at: altered(at.leaf(), at.issuer, ca=True)), "intact", "untrusted"),
    Signed("the issuer itself", by_the_issuer, "intact", "untrusted"),
    Signed("issuer left out", without_its_issuer, "intact", "untrusted"),
    Signed("vouching for itself", by_itself, "intact", "untrusted"),
    Signed("a namesake", by_a_namesake, "intact", "untrusted"),
    Signed("a namesake, with the true issuer", by_a_namesake_with_the_true_issuer, "intact", "untrusted"),
    Signed("another's certificate", with_another_key, "tampered", "trusted"),
    Signed("another algorithm than said", in_another_algorithm, "tampered", "untrusted"),
)


@pytest.mark.parametrize("case", SIGNED, ids=lambda case: case.name)
def test_a_wrong_signer_is_told_from_tampering(
    case: Signed, plain: Reel, known: Office, tmp_path: Path
) -> None:
    report = verify(written(tmp_path, case.how(plain, known)), known.anchors)
    assert (report.integrity, report.signer) == (case.integrity, case.signer)
    assert not report.sound
    assert report.exit_code == 6


def test_the_right_signer_is_trusted(plain: Reel, known: Office, tmp_path: Path) -> None:
    # So that the cases above fail for what they change, and not for having been signed again.
    path = written(tmp_path, by(Office.leaf)(plain, known))
    report = verify(path, known.anchors)
    assert (report.integrity, report.signer, report.exit_code) == ("intact", "trusted", 0)
    assert verify(path, ()).signer == "untrusted"
    assert verify(path, office("Other").anchors).signer == "untrusted"


def test_a_signer_on_a_revocation_list_is_revoked(plain: Reel, known: Office, tmp_path: Path) -> None:
    leaf = known.leaf()
    path = written(tmp_path, by(lambda at: leaf)(plain, known))
    others = VerifyOptions(lists=(revoked(known, known.leaf()),))
    assert verify(path, known.anchors, options=others).exit_code == 0
    report = verify(path, known.anchors, options=VerifyOptions(lists=(revoked(known, leaf),)))
    assert (report.integrity, report.signer, report.exit_code) == ("intact", "revoked", 6)


def test_a_list_of_somebody_elses_revokes_nobody(plain: Reel, known: Office, tmp_path: Path) -> None:
    leaf = known.leaf()
    path = written(tmp_path, by(lambda at: leaf)(plain, known))
    forged = VerifyOptions(lists=(revoked(office("Known"), leaf),))
    assert verify(path, known.anchors, options=forged).signer == "trusted"


def test_a_stamp_is_trusted_only_where_a_list_names_its_authority(
    raw: Path, house: House, tmp_path: Path
) -> None:
    with Tsa() as tsa:
        stamped = vendor(raw, tmp_path / "stamped.mp4", House(timed(house, tsa.url), house.anchors))
        authorities = (*house.anchors, replace(house.anchors[0], name="clocks", pem=tsa.pem, role="tsa"))
    assert house.verify(stamped).time == "untrusted"
    assert verify(stamped, authorities).time == "trusted"
    # A list of signers does not vouch for clocks, nor the other way round.
    assert verify(stamped, (replace(authorities[1], role="signer"), *house.anchors)).time == "untrusted"
    assert verify(stamped, (authorities[1],)).signer == "untrusted"


def test_a_stamp_cannot_be_put_on_another_signature(
    raw: Path, house: House, known: Office, tmp_path: Path
) -> None:
    with Tsa() as tsa:
        stamped = Reel.of(vendor(raw, tmp_path / "stamped.mp4", House(timed(house, tsa.url), house.anchors)))
        authorities = (*known.anchors, replace(house.anchors[0], name="clocks", pem=tsa.pem, role="tsa"))
    leaf = known.leaf()
    # Their whole header, so with its stamp, and another signature over the same claim.
    moved = resigned(
        stamped, leaf.key, (leaf.certificate, known.issuer.certificate), beside=stamp_of(stamped)
    )
    report = verify(written(tmp_path, moved), authorities)
    assert (report.integrity, report.signer) == ("intact", "trusted")
    assert report.time == "untrusted"
