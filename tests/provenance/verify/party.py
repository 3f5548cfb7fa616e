"""Makes a signer whose root and issuer keys are at hand, so that tests can write what the issuer answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from provenance.signing import certificates
from provenance.signing.certificates import Authority, to_pem
from provenance.signing.software_key import SoftwareKey, key_pem, load
from provenance.trust.lists import Anchors, Role
from tests.provenance.made import House

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Party:
    """A root, an issuer under it, and a signer under that."""

    root: Authority
    issuer: Authority
    leaf: Authority

    def anchors(self, role: Role = "signer") -> Anchors:
        return Anchors("the party's", to_pem(self.root.certificate), "2026-11-01", 1, role)

    def house(self, folder: Path, tsa_url: str | None = None) -> House:
        folder.mkdir(exist_ok=True)
        path = folder / "signer.pem"
        path.touch(0o600)
        path.write_text(key_pem(self.leaf.key) + to_pem(self.leaf.certificate, self.issuer.certificate))
        at = self.leaf.certificate.not_valid_before_utc + timedelta(seconds=1)
        made = load(path, path, at=at)
        return House(SoftwareKey(made.chain_pem, tsa_url, made.where, made._key), (self.anchors(),))


def make_party(until: datetime | None = None, since: datetime | None = None) -> Party:
    """Returns a party with new keys. since, until: the validity of the signer's certificate."""
    root = certificates.make_root("Party root", 400)
    issuer = certificates.make_intermediate("Party issuer", root, 400)
    leaf = certificates.make_leaf("Party signer", issuer, 90)
    old = leaf.certificate
    stop = until or old.not_valid_after_utc
    start = since or min(old.not_valid_before_utc, stop - DAY)
    made = x509.CertificateBuilder(
        old.issuer, old.subject, leaf.key.public_key(), old.serial_number, start, stop, list(old.extensions)
    )
    assert isinstance(issuer.key, ec.EllipticCurvePrivateKey)
    return Party(root, issuer, Authority(made.sign(issuer.key, hashes.SHA256()), leaf.key))


@dataclass(frozen=True)
class OcspStatus:
    """What an OCSP response says about a certificate.

    since, until, revoked: from the time it is made; by: who signs it; about: the certificate it names.
    """

    status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD
    since: timedelta = -timedelta(hours=1)
    until: timedelta | None = timedelta(days=4)
    revoked: timedelta = timedelta(0)
    by: Callable[[Party], Authority] = lambda them: them.issuer
    about: Callable[[Party], x509.Certificate] = lambda them: them.leaf.certificate
    algorithm: type[hashes.SHA1] | type[hashes.SHA256] = hashes.SHA1


def make_ocsp_response(them: Party, said: OcspStatus, now: datetime | None = None) -> bytes:
    """Returns an OCSP response (DER), made at a time, by default now."""
    at = (now or datetime.now(UTC)).replace(microsecond=0)
    signer = said.by(them)
    gone = said.status is ocsp.OCSPCertStatus.REVOKED
    made = ocsp.OCSPResponseBuilder().add_response(
        cert=said.about(them),
        issuer=them.issuer.certificate,
        algorithm=said.algorithm(),
        cert_status=said.status,
        this_update=at + said.since,
        next_update=at + said.until if said.until is not None else None,
        revocation_time=at + said.revoked if gone else None,
        revocation_reason=x509.ReasonFlags.key_compromise if gone else None,
    )
    made = made.responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)
    if signer is not them.issuer:
        made = made.certificates([signer.certificate])
    assert isinstance(signer.key, ec.EllipticCurvePrivateKey)
    return made.sign(signer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def make_responder(
    them: Party, purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.OCSP_SIGNING
) -> Authority:
    """Returns a responder that the issuer certified, for OCSP signing or for another purpose."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    assert isinstance(them.issuer.key, ec.EllipticCurvePrivateKey)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name.from_rfc4514_string("CN=Responder"))
        .issuer_name(them.issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .sign(them.issuer.key, hashes.SHA256())
    )
    return Authority(made, key)


def make_revocation_list(them: Party, at: datetime | None, now: datetime | None = None) -> bytes:
    """Returns the issuer's revocation list (DER) of a time, by default now.

    at: since when the signer's certificate is on it, None for an empty list.
    """
    drawn = now or datetime.now(UTC)
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(them.issuer.certificate.subject)
        .last_update(drawn - timedelta(hours=1))
        .next_update(drawn + 7 * DAY)
    )
    if at is not None:
        entry = x509.RevokedCertificateBuilder().serial_number(them.leaf.certificate.serial_number)
        made = made.add_revoked_certificate(entry.revocation_date(at).build())
    assert isinstance(them.issuer.key, ec.EllipticCurvePrivateKey)
    return made.sign(them.issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def staple(film: Path, out: Path, response: bytes) -> Path:
    """Writes the film with a response stapled to its signature, in the padding of its header, and returns it.

    No other byte moves.
    """
    data = film.read_bytes()
    pad = data.rindex(b"\x63pad\x59")
    room = int.from_bytes(data[pad + 5 : pad + 7], "big")
    held = b"\x65rVals\xa1\x68ocspVals\x81\x59" + len(response).to_bytes(2, "big") + response
    left = room - len(held)
    assert left > 255
    head, count = _find_signature(data, pad)
    # One more entry in the header that is not signed: its count is one byte, after the signed one's bytes.
    entries = bytes([data[count] + 1])
    new = data[head:count] + entries + data[count + 1 : pad] + held + b"\x63pad\x59"
    new += left.to_bytes(2, "big") + bytes(left)
    stop = pad + 7 + room
    assert len(new) == stop - head
    out.write_bytes(data[:head] + new + data[stop:])
    return out


def _find_signature(data: bytes, pad: int) -> tuple[int, int]:
    """Returns where the COSE_Sign1 before a place starts, and its header that is not signed.

    A time-stamp or a certificate between the two may hold the same two bytes by chance.
    """
    head = pad
    while True:
        head = data.rindex(b"\xd2\x84", 0, head + 1)
        if data[head + 2] == 0x59:
            count = _after_protected(data, head + 2)
            if count < pad and data[count] >> 5 == 5:
                return head, count


def _after_protected(data: bytes, at: int) -> int:
    """Returns where the CBOR byte string at a place ends."""
    detail = data[at] & 31
    width = {24: 1, 25: 2}.get(detail, 0)
    size = int.from_bytes(data[at + 1 : at + 1 + width], "big") if width else detail
    return at + 1 + width + size
