"""Makes certificates that sign claims, and reads certificate chains.

Source: C2PA 2.4, 14.5.1 (certificate profile) and 13.2.1 (algorithms).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from post.errors import ProvenanceError
from provenance.signing.algorithms import PublicKey

CLAIM_SIGNING = ObjectIdentifier("1.3.6.1.4.1.62558.2.1")  # c2pa-kp-claimSigning
_PURPOSES = (CLAIM_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION)
# A verifier whose clock is an hour slow must accept a certificate made just now.
_SLACK = timedelta(hours=1)


@dataclass(frozen=True)
class Authority:
    """A certificate and its private key, which signs other certificates. Its `repr` does not show the key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def __repr__(self) -> str:
        return f"Authority({common_name(self.certificate)!r})"


def make_root(name: str, days: int) -> Authority:
    """Returns a new self-signed root on P-384, valid for so many days."""
    key = ec.generate_private_key(ec.SECP384R1())
    made = _builder(name, name, key.public_key(), days)
    made = _authority(made, path_length=1)
    return Authority(made.sign(key, hashes.SHA384()), key)


def make_intermediate(name: str, issuer: Authority, days: int) -> Authority:
    """Returns a new authority on P-256 that a root certifies, to issue signing certificates."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = _authority(_issued(name, key.public_key(), issuer, days), path_length=0)
    return Authority(_sign(made.add_extension(x509.ExtendedKeyUsage(_PURPOSES), critical=False), issuer), key)


def make_leaf(name: str, issuer: Authority, days: int) -> Authority:
    """Returns a new key on P-256 with a certificate for signing claims."""
    key = ec.generate_private_key(ec.SECP256R1())
    return Authority(issue_signing_certificate(name, key.public_key(), issuer, days), key)


def issue_signing_certificate(name: str, key: PublicKey, issuer: Authority, days: int) -> x509.Certificate:
    """Returns a certificate for signing claims and nothing else, of a key that may be in another place."""
    made = _issued(name, key, issuer, days)
    for extension, critical in signing_extensions():
        made = made.add_extension(extension, critical)
    return _sign(made, issuer)


def signing_extensions() -> tuple[tuple[x509.ExtensionType, bool], ...]:
    """Returns the extensions of a certificate for signing claims, each with whether it is critical."""
    return (
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage("digital_signature", "content_commitment"), True),
        (x509.ExtendedKeyUsage(_PURPOSES), False),
    )


def read_chain(pem: str, where: str) -> tuple[x509.Certificate, ...]:
    """Returns the certificates of a PEM chain, leaf first. where: named in the error.

    Raises ProvenanceError if there is none, or one cannot be read.
    """
    try:
        return tuple(x509.load_pem_x509_certificates(pem.encode()))
    except (ValueError, x509.InvalidVersion) as exc:
        raise ProvenanceError(
            "the certificates cannot be read",
            where=where,
            expected="PEM certificates, the signer's own first",
        ) from exc


def check_current(pem: str, where: str, at: datetime | None = None) -> None:
    """Raises ProvenanceError if the chain's leaf is not valid at a time. at: now, unless given."""
    leaf = read_chain(pem, where)[0]
    now = at or datetime.now(UTC)
    if now >= leaf.not_valid_after_utc:
        raise ProvenanceError(
            "the signing certificate has expired",
            where=where,
            expected=f"one valid on {now:%Y-%m-%d}",
            got=f"one valid until {leaf.not_valid_after_utc:%Y-%m-%d %H:%M} UTC",
            fix="renew it, or name another key; if it should be valid, check this machine's clock",
        )
    if now < leaf.not_valid_before_utc:
        raise ProvenanceError(
            "the signing certificate is not valid yet",
            where=where,
            expected=f"one valid on {now:%Y-%m-%d %H:%M} UTC, by this machine's clock",
            got=f"one valid from {leaf.not_valid_before_utc:%Y-%m-%d %H:%M} UTC",
            fix="check the clock; if it is right, the key was made while a clock was ahead: make it again",
        )


def to_pem(*certificates: x509.Certificate) -> str:
    """Returns certificates as one PEM text, in that order."""
    return "".join(each.public_bytes(Encoding.PEM).decode() for each in certificates)


def common_name(certificate: x509.Certificate) -> str:
    """Returns the subject's common name, or the whole subject if it has none."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def _name(common: str) -> x509.Name:
    # Without an organisation, older readers report claimSignature.mismatch (c2pa-rs #2262).
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Answerprint DEVELOPMENT (not for release)"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _builder(name: str, issuer: str, key: PublicKey, days: int) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLACK)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _issued(name: str, key: PublicKey, issuer: Authority, days: int) -> x509.CertificateBuilder:
    made = _builder(name, common_name(issuer.certificate), key, days)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
    return made.add_extension(identifier, critical=False)


def _authority(made: x509.CertificateBuilder, path_length: int) -> x509.CertificateBuilder:
    limits = x509.BasicConstraints(ca=True, path_length=path_length)
    return made.add_extension(limits, critical=True).add_extension(
        _usage("key_cert_sign", "crl_sign"), critical=True
    )


def _sign(made: x509.CertificateBuilder, issuer: Authority) -> x509.Certificate:
    return made.sign(issuer.key, _DIGESTS[issuer.key.curve.name]())


_DIGESTS: dict[str, type[hashes.SHA256] | type[hashes.SHA384]] = {
    "secp256r1": hashes.SHA256,
    "secp384r1": hashes.SHA384,
}
_USES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def _usage(*wanted: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{use: use in wanted for use in _USES})
