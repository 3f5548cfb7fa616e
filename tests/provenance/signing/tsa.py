"""A time-stamping authority on the loopback, with real time-stamps. Source: RFC 3161; RFC 5816."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from provenance.signing import certificates
from provenance.signing.certificates import Authority, to_pem
from tests.provenance.signing.serving import Answer, Asked, Served

GRANTED, REJECTED = "granted", "rejection"
_NONE = cms.ContentInfo({"content_type": "data", "content": b""})


class Tsa(Served):
    """Answers time-stamp requests. status: the HTTP status of its answers; held: how many it has answered."""

    def __init__(self) -> None:
        super().__init__()
        self.root = certificates.make_root("Test TSA root", 10)
        self.own = _stamper(self.root)
        self.status = GRANTED

    @property
    def pem(self) -> str:
        return to_pem(self.root.certificate)

    def answer(self, asked: Asked) -> Answer:
        token = self._stamp(asked.body) if self.status == GRANTED else _NONE
        reply = tsp.TimeStampResp({"status": {"status": self.status}, "time_stamp_token": token}).dump()
        return Answer(200, reply, {"Content-Type": "application/timestamp-reply"})

    def _stamp(self, request: bytes) -> cms.ContentInfo:
        asked = tsp.TimeStampReq.load(request)
        told = {
            "version": 1,
            "policy": "1.2.3.4.1",
            "message_imprint": asked["message_imprint"],
            "serial_number": secrets.randbits(63),
            "gen_time": datetime.now(UTC).replace(microsecond=0),
            **({"nonce": asked["nonce"].native} if asked["nonce"].native is not None else {}),
        }
        return _token(tsp.TSTInfo(told).dump(), self.own, self.root)


def _token(info: bytes, own: Authority, root: Authority) -> cms.ContentInfo:
    mine, top = (
        asn1_x509.Certificate.load(each.certificate.public_bytes(Encoding.DER)) for each in (own, root)
    )
    named = tsp.SigningCertificateV2({"certs": [{"cert_hash": hashlib.sha256(mine.dump()).digest()}]})
    signed = cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [hashlib.sha256(info).digest()]},
            {"type": "signing_certificate_v2", "values": [named]},
        ]
    )
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": {"issuer_and_serial_number": {"issuer": mine.issuer, "serial_number": mine.serial_number}},
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": signed,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": own.key.sign(signed.dump(), ec.ECDSA(hashes.SHA256())),
        }
    )
    return cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": {
                "version": "v3",
                "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
                "encap_content_info": {
                    "content_type": "tst_info",
                    "content": core.ParsableOctetString(info),
                },
                "certificates": [mine, top],
                "signer_infos": [signer],
            },
        }
    )


def _stamper(root: Authority) -> Authority:
    """Returns a certificate for time-stamps only (RFC 3161, 2.3: the purpose is critical, and the only one)."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign",
         "crl_sign", "encipher_only", "decipher_only"), False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name.from_rfc4514_string("CN=Test TSA,O=Test"))
        .issuer_name(root.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=9))
        .add_extension(x509.KeyUsage(digital_signature=True, **usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key()), critical=False
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return Authority(made.sign(root.key, hashes.SHA384()), key)
