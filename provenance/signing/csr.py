"""Asking an authority for a signing certificate. Source: RFC 2986 (PKCS #10); C2PA 2.4, 14.5.1."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from post.errors import ProvenanceError
from provenance.signing.certificates import signing_extensions

_LONGEST = 64  # X.520, ub-common-name and ub-organization-name


def new_key() -> ec.EllipticCurvePrivateKey:
    """A P-256 key, which every authority on C2PA's list takes."""
    return ec.generate_private_key(ec.SECP256R1())


def signing_request(key: ec.EllipticCurvePrivateKey, organisation: str, common_name: str) -> str:
    """A request, as PEM, for a certificate that signs claims: its uses asked for, the key not in it."""
    for what, value in (("organisation", organisation), ("common name", common_name)):
        if not value.strip() or len(value) > _LONGEST or not value.isprintable():
            raise ProvenanceError(
                f"no {what} for a certificate", expected=f"1 to {_LONGEST} letters", got=value
            )
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    for extension, critical in signing_extensions():
        builder = builder.add_extension(extension, critical)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode("ascii")
