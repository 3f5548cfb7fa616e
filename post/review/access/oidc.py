"""Sign-in by OpenID Connect: the code flow, with PKCE, a state that is bound to the browser, and a nonce.

    1  the browser goes to the provider with a state, a nonce, and the hash of a verifier
    2  it comes back with the state and a code
    3  the code and the verifier are exchanged for an ID token, which is verified by the provider's keys

Sources: OpenID Connect Core 1.0, 3.1; RFC 7636 (PKCE); RFC 9700 (what is safe today); OpenID Connect Discovery 1.0.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from post.errors import AnswerprintError, ProvenanceError, RetryError
from post.review.settings import OidcSignIn
from provenance.download import Download, Downloads
from provenance.public_addresses import HostPolicy

DISCOVERY = "/.well-known/openid-configuration"
ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "ES384", "RS512", "ES512", "EdDSA", "Ed25519")
LEEWAY_S, MOST_BYTES, PATIENCE_S = 60, 1 << 20, 20.0
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class OidcProvider:
    """What a provider says of itself. authorize, token, keys: its addresses."""

    issuer: str
    authorize: str
    token: str
    keys: str


@dataclass(frozen=True, slots=True)
class OidcRequest:
    """A sign-in that was begun. state: comes back with the answer; nonce, verifier: are kept here."""

    state: str
    nonce: str
    verifier: str


def begin() -> OidcRequest:
    """Returns a new sign-in: 256 random bits each."""
    return OidcRequest(*(secrets.token_urlsafe(32) for _ in range(3)))


def discover(asked: OidcSignIn) -> OidcProvider:
    """Returns what the provider says of itself. Raises ProvenanceError where it is not the issuer that was named, or
    names an address without TLS, RetryError where it does not answer."""
    said = _json(asked, Download(asked.issuer + DISCOVERY, MOST_BYTES))
    try:
        made = OidcProvider(
            str(said["issuer"]), str(said["authorization_endpoint"]), str(said["token_endpoint"]), str(said["jwks_uri"])
        )  # fmt: skip
    except KeyError as fault:
        raise _refused(f"the provider does not say its {fault.args[0]}") from fault
    if made.issuer.rstrip("/") != asked.issuer:
        raise _refused(f"the provider is another issuer: {made.issuer[:200]}")
    kind = urlsplit(asked.issuer).scheme
    if any(urlsplit(each).scheme not in ("https", kind) for each in (made.authorize, made.token, made.keys)):
        raise _refused("the provider names an address without TLS")
    return made


def authorize_url(asked: OidcSignIn, provider: OidcProvider, request: OidcRequest, back: str) -> str:
    """Returns where the browser goes. back: where it comes back to."""
    digest = hashlib.sha256(request.verifier.encode()).digest()
    query = {
        "response_type": "code", "client_id": asked.client_id, "redirect_uri": back, "scope": "openid email profile",
        "state": request.state, "nonce": request.nonce, "code_challenge_method": "S256",
        "code_challenge": urlsafe_b64encode(digest).decode().rstrip("="),
    }  # fmt: skip
    return f"{provider.authorize}{'&' if '?' in provider.authorize else '?'}{urlencode(query)}"


def claims_for(
    asked: OidcSignIn,
    provider: OidcProvider,
    answer: Mapping[str, str],
    back: str,
    clock: Callable[[], float],
) -> Mapping[str, Any]:
    """Returns the claims of the ID token that a code is exchanged for. answer: `code`, `verifier` and `nonce`.

    Raises ProvenanceError for a token that is not signed by the provider, is for another client, has ended, or belongs
    to another sign-in; RetryError where the provider does not answer.
    """
    form = {
        "grant_type": "authorization_code", "code": answer["code"], "redirect_uri": back, "client_id": asked.client_id,
        "code_verifier": answer["verifier"], **({"client_secret": asked.secret} if asked.secret else {}),
    }  # fmt: skip
    said = _json(
        asked, Download(provider.token, MOST_BYTES, body=urlencode(form).encode(), content_type=FORM)
    )
    keys = _json(asked, Download(provider.keys, MOST_BYTES))
    try:
        token = jwt.decode(str(said["id_token"]), KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]  # JSON
        jwt.JWTClaimsRegistry(
            now=lambda: int(clock()), leeway=LEEWAY_S, iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": asked.client_id}, exp={"essential": True}, iat={"essential": True},
            sub={"essential": True}, nonce={"essential": True, "value": answer["nonce"]},
        ).validate(token.claims)  # fmt: skip
    except (JoseError, KeyError, ValueError, TypeError) as fault:
        raise _refused(f"the ID token is refused: {fault}"[:300]) from fault
    audiences = token.claims["aud"]
    if isinstance(audiences, list) and len(audiences) > 1 and token.claims.get("azp") != asked.client_id:
        raise _refused("the ID token is for another client too")
    return token.claims


def named_by(claims: Mapping[str, Any]) -> tuple[str, str]:
    """Returns by what a person is known, and the name to show. An e-mail address counts where the provider has verified
    it; the names that people choose for themselves never do."""
    verified = claims.get("email_verified") is True and claims.get("email")
    return str(claims["email"] if verified else claims["sub"])[:200], str(
        claims.get("name") or claims["sub"]
    )[:200]


def _json(asked: OidcSignIn, wanted: Download) -> dict[str, Any]:
    host = urlsplit(asked.issuer).hostname or ""
    try:
        found = json.loads(Downloads(HostPolicy((host,)), PATIENCE_S).get(wanted))
    except RetryError:
        raise
    except (AnswerprintError, ValueError) as fault:
        raise _refused(f"the provider's answer cannot be used: {fault}"[:300]) from fault
    if not isinstance(found, dict):
        raise _refused("the provider's answer is no object")
    return found


def _refused(why: str) -> ProvenanceError:
    return ProvenanceError("the sign-in is refused", where="OpenID Connect", got=why)
