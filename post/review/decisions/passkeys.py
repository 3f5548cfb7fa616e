"""Keys of browsers (WebAuthn): enrolled through a one-time link, and asked to sign decisions.

Source: W3C Web Authentication Level 3. `provenance.approval` verifies, offline, what a
browser signs for a decision.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from post.errors import ProvenanceError
from provenance.approval.people import PersonKey, key_id, public_text
from provenance.approval.webauthn_key import WebAuthnAssertion

NAME = "Answerprint review"
# Those that `provenance.approval` verifies.
ALGORITHMS = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class EnrolledKey:
    """A key that a browser made. credential: its ID, base64url; key: as the people file has it."""

    credential: str
    key: PersonKey


def site_of(origin: str) -> str:
    """Returns the relying party's ID of a page's origin: its host."""
    return urlsplit(origin).hostname or ""


def registration_options(person: str, name: str, challenge: bytes, origin: str) -> dict[str, Any]:
    """Returns what `navigator.credentials.create` takes, as JSON. challenge: 32 random bytes."""
    options = generate_registration_options(
        rp_id=site_of(origin), rp_name=NAME, user_name=person, user_display_name=name, user_id=person.encode()[:64],
        challenge=challenge, supported_pub_key_algs=ALGORITHMS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )  # fmt: skip
    found: dict[str, Any] = json.loads(options_to_json(options))
    return found


def registered_key(credential: dict[str, Any], challenge: bytes, origin: str) -> EnrolledKey:
    """Returns the key that a browser made. Raises ProvenanceError for an answer to another challenge, of another page,
    of nobody who proved to be there, or with a key that approvals are not verified with."""
    try:
        made = verify_registration_response(
            credential=credential, expected_challenge=challenge, expected_rp_id=site_of(origin), expected_origin=origin,
            require_user_verification=True, supported_pub_key_algs=ALGORITHMS,
        )  # fmt: skip
        public = decoded_public_key_to_cryptography(decode_credential_public_key(made.credential_public_key))
        text = public_text(public)  # type: ignore[arg-type]  # of the three algorithms
    except (WebAuthnException, UnsupportedAlgorithm, ValueError, TypeError, KeyError) as fault:
        raise ProvenanceError("the key is not accepted", where="enrolment", got=str(fault)[:200]) from fault
    key = PersonKey(key_id(b64decode(text)), "webauthn", text, site_of(origin), (origin,))
    return EnrolledKey(str(credential.get("id", "")), key)


def signing_options(challenge: bytes, credentials: Sequence[str], origin: str) -> dict[str, Any]:
    """Returns what `navigator.credentials.get` takes, as JSON. credentials: IDs of the person's keys, base64url."""
    options = generate_authentication_options(
        rp_id=site_of(origin), challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED,
        allow_credentials=[PublicKeyCredentialDescriptor(base64url_to_bytes(each)) for each in credentials],
    )  # fmt: skip
    found: dict[str, Any] = json.loads(options_to_json(options))
    return found


def assertion_of(credential: dict[str, Any]) -> WebAuthnAssertion:
    """Returns what a browser signed. Raises ProvenanceError where a part is missing. Nothing is verified here."""
    try:
        response = credential["response"]
        parts = (response["authenticatorData"], response["clientDataJSON"], response["signature"])
        data, client, signature = (base64url_to_bytes(str(each)) for each in parts)
    except (KeyError, TypeError, ValueError) as fault:
        raise ProvenanceError(
            "is no signature of a browser", where="the decision", got=str(fault)[:200]
        ) from fault
    return WebAuthnAssertion(data, client, signature)
