"""Makes requests for signing certificates. Source: RFC 2986 (PKCS #10); C2PA 2.4, 14.5.1."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from post.errors import ProvenanceError
from provenance.signing.certificates import signing_extensions

_MAX_LETTERS = 64  # X.520, ub-common-name and ub-organization-name


def make_key_pair() -> ec.EllipticCurvePrivateKey:
    """Returns a new P-256 key, which every authority on C2PA's list accepts."""
    return ec.generate_private_key(ec.SECP256R1())


def make_csr(key: ec.EllipticCurvePrivateKey, organisation: str, common_name: str) -> str:
    """Returns a request, as PEM, for a certificate that signs claims. It states the uses; the private key is not in it.

    Raises ProvenanceError if a name is empty, too long or cannot be printed.
    """
    for what, value in (("organisation", organisation), ("common name", common_name)):
        if not value.strip() or len(value) > _MAX_LETTERS or not value.isprintable():
            raise ProvenanceError(
                f"no {what} for a certificate", expected=f"1 to {_MAX_LETTERS} letters", got=value
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
