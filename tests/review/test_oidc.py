"""People sign in with an OpenID provider; whatever is not this provider's own answer to this browser is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import OctKey, RSAKey

from post.review.settings import OidcSignIn
from tests.review.oidc_provider import CLIENT, SECRET, Provider, provider_running
from tests.review.reviewing import Reviewing, reviewing


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    """A provider for all tests of this module."""
    with provider_running() as made:
        yield made


@pytest.fixture
def provider(running: Provider) -> Provider:
    """The provider, as it was at first."""
    running.claims, running.algorithm, running.signs_with, running.says = {}, "RS256", None, {}
    return running


@pytest.fixture
def at(tmp_path: Path, provider: Provider) -> Iterator[Reviewing]:
    """A review whose people sign in with the provider."""
    with reviewing(tmp_path / "job", oidc=OidcSignIn(provider.issuer, CLIENT, SECRET)) as opened:
        provider.now = opened.clock.at
        yield opened


def come_back(client: TestClient, provider: Provider) -> Any:
    """Goes to the provider, signs in there, and comes back. A browser follows a link: it sends no Origin."""
    gone = client.get("/sign-in/oidc")
    assert gone.status_code == 303
    assert gone.headers["location"].startswith(f"{provider.issuer}/authorize?")
    return client.get(provider.sign_in(gone.headers["location"]), headers={"sec-fetch-site": "cross-site"})


def test_somebody_signs_in_by_their_verified_address(at: Reviewing, provider: Provider) -> None:
    client = at.stranger()
    answer = come_back(client, provider)
    assert answer.status_code == 200
    assert "SameSite=strict" in answer.headers["set-cookie"]
    assert "Ana Roth" in client.get("/").text
    assert provider.forms[-1]["client_secret"] == SECRET
    assert len(provider.forms[-1]["code_verifier"]) >= 43


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": "eve@example.org"},
        {"email": None, "preferred_username": "ana", "name": "ana"},
    ],
)
def test_nobody_else_is_let_in(at: Reviewing, provider: Provider, claims: dict[str, object]) -> None:
    provider.claims = claims
    client = at.stranger()
    assert come_back(client, provider).status_code == 403
    assert client.get("/api/films").status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "http://127.0.0.1:1"},
        {"aud": "another"},
        {"aud": [CLIENT, "another"]},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1_799_999_000},
        {"exp": None},
        {"iat": 1_800_009_000},
    ],
)
def test_a_token_for_something_else_is_refused(
    at: Reviewing, provider: Provider, claims: dict[str, object]
) -> None:
    provider.claims = claims
    assert come_back(at.stranger(), provider).status_code == 403


def test_a_token_that_the_provider_did_not_sign_is_refused(at: Reviewing, provider: Provider) -> None:
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    assert come_back(at.stranger(), provider).status_code == 403
    # The public key as a shared secret: everybody has it.
    public = str(provider.key.as_dict(private=False)["n"])
    provider.algorithm, provider.signs_with = "HS256", OctKey.import_key(public)
    assert come_back(at.stranger(), provider).status_code == 403


def test_another_browser_cannot_end_a_sign_in(at: Reviewing, provider: Provider) -> None:
    victim, attacker = at.stranger(), at.stranger()
    gone = attacker.get("/sign-in/oidc").headers["location"]
    back = provider.sign_in(gone)
    assert victim.get(back).status_code == 403
    assert victim.get("/api/films").status_code == 401
    assert attacker.get(back).status_code == 403  # it was used


def test_an_answer_counts_once_and_for_ten_minutes(at: Reviewing, provider: Provider) -> None:
    client = at.stranger()
    back = provider.sign_in(client.get("/sign-in/oidc").headers["location"])
    at.clock.at += 601
    assert client.get(back).status_code == 403
    back = provider.sign_in(client.get("/sign-in/oidc").headers["location"])
    provider.now = at.clock.at
    assert client.get(back).status_code == 200
    assert client.get(back).status_code == 403


@pytest.mark.parametrize(
    "said", [{"issuer": "https://evil.example"}, {"token_endpoint": "ftp://127.0.0.1/token"}]
)
def test_a_provider_that_is_another_is_refused(
    at: Reviewing, provider: Provider, said: dict[str, str]
) -> None:
    provider.says = said
    assert at.stranger().get("/sign-in/oidc").status_code == 503


def test_guests_come_in_where_they_may(tmp_path: Path, provider: Provider) -> None:
    oidc = OidcSignIn(provider.issuer, CLIENT, SECRET)
    with reviewing(tmp_path / "job", oidc=oidc, guests=True) as opened:
        provider.now, provider.claims = opened.clock.at, {"email_verified": False, "name": "ana"}
        client = opened.stranger()
        assert come_back(client, provider).status_code == 200
        # By a name of their own choosing nobody becomes the person of that name.
        assert opened.review.database is not None
        asked = client.get("/api/films").status_code
        assert asked == 200
        secret = client.get("/").text.split('data-secret="')[1].split('"')[0]
        answer = client.post(
            "/api/revisions/1/decisions/options", json={}, headers={"x-review-secret": secret}
        )
        assert answer.status_code in (403, 422)
        assert "guest:u-17" in {row[0] for row in persons(opened)}


def persons(at: Reviewing) -> list[tuple[str]]:
    from sqlalchemy import text

    with at.review.database.reading() as db:
        return [tuple(row) for row in db.execute(text("SELECT person FROM sessions"))]
