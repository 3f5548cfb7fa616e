"""Certificate chains that cannot sign claims, each with the expected reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from provenance.signing import certificates
from provenance.signing.certificates import Authority, to_pem

ROOT = certificates.make_root("Root", 100)
ISSUER = certificates.make_intermediate("Issuer", ROOT, 100)
LEAF = certificates.make_leaf("Leaf", ISSUER, 100)
OTHER = certificates.make_intermediate("Other issuer", ROOT, 100)
USES = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip


@dataclass(frozen=True)
class Spoilt:
    """The leaf with some of its extensions left out, and others put in."""

    out: tuple[type[x509.ExtensionType], ...] = ()
    put: tuple[x509.ExtensionType, ...] = ()
    days: tuple[int, int] = (-1, 30)
    issuer: Authority = field(default=ISSUER)

    def pem(self) -> str:
        now = datetime.now(UTC)
        kept = [each for each in LEAF.certificate.extensions if not isinstance(each.value, self.out)]
        builder = x509.CertificateBuilder(
            self.issuer.certificate.subject,
            LEAF.certificate.subject,
            LEAF.key.public_key(),
            LEAF.certificate.serial_number,
            now + timedelta(days=self.days[0]),
            now + timedelta(days=self.days[1]),
            kept,
        )
        for each in self.put:
            builder = builder.add_extension(each, critical=False)
        return to_pem(builder.sign(self.issuer.key, hashes.SHA256()), ISSUER.certificate)


def purposes(*named: ObjectIdentifier) -> Spoilt:
    return Spoilt((x509.ExtendedKeyUsage,), (x509.ExtendedKeyUsage(named),))


def self_signed() -> str:
    subject = LEAF.certificate.subject
    own = replace(ISSUER, key=LEAF.key, certificate=certificates.make_root("Leaf", 9).certificate)
    builder = x509.CertificateBuilder(
        subject, subject, LEAF.key.public_key(), 7, datetime(2026, 1, 1), datetime(2036, 1, 1), []
    )
    return to_pem(builder.sign(own.key, hashes.SHA256()))


NO_SIGNATURE = x509.KeyUsage(**{use: use == "key_agreement" for use in USES})
FAULTS: dict[str, tuple[Callable[[], str], str]] = {
    "no extended key usage": (Spoilt((x509.ExtendedKeyUsage,)).pem, "names no extended key usage"),
    "for web servers": (purposes(ExtendedKeyUsageOID.SERVER_AUTH).pem, "for other uses .1.3.6.1.5.5.7.3.1"),
    "for time-stamps": (purposes(ExtendedKeyUsageOID.TIME_STAMPING).pem, "for other uses"),
    "for anything": (
        purposes(ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE).pem,
        "for any use at all",
    ),
    "no issuer's key": (Spoilt((x509.AuthorityKeyIdentifier,)).pem, "authority key identifier"),
    "no key usage": (Spoilt((x509.KeyUsage,)).pem, "not for digital signatures"),
    "no digitalSignature": (Spoilt((x509.KeyUsage,), (NO_SIGNATURE,)).pem, "not for digital signatures"),
    "expired": (Spoilt(days=(-9, -1)).pem, "has expired"),
    "not yet": (Spoilt(days=(2, 9)).pem, "not valid yet"),
    "of another issuer": (Spoilt(issuer=OTHER).pem, "does not link: .*Issuer did not issue .*Leaf"),
    "with its root": (
        lambda: to_pem(LEAF.certificate, ISSUER.certificate, ROOT.certificate),
        "includes the root.*leave the last certificate out",
    ),
    "the issuer first": (lambda: to_pem(ISSUER.certificate, LEAF.certificate), "an authority's"),
    "a root alone": (lambda: to_pem(ROOT.certificate), "self-signed"),
    "self-signed": (self_signed, "self-signed.*keys request"),
    "nothing": (lambda: "", "the certificates cannot be read"),
}
