"""Nobody who is not signed in gets a byte of media, and no other site's page changes anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from post.review.access.guard import PUBLIC
from post.review.access.identity import ProvenIdentity
from post.review.app import ROOMS, bare_app, make_app
from post.review.settings import BODY_BYTES, ProxySignIn
from tests.review.reviewing import ANA, BEN, BOT, GUSTAV, HOST, ORIGIN, Reviewing, reviewing

OPEN = {
    ("GET", "/sign-in"), ("POST", "/sign-in/link"), ("GET", "/sign-in/oidc"), ("GET", "/sign-in/oidc/return"),
    ("GET", "/enrol"), ("POST", "/enrol"), ("POST", "/enrol/options"), ("GET", "/static/{version}/{path:path}"),
}  # fmt: skip


def routes(at: Reviewing) -> list[tuple[str, str]]:
    """Every route of the application, with what it needs filled in so that it would be found."""
    assert len(bare_app(at.review, watches=False).routes) == len(ROOMS)
    found = [(method, each.path) for room in ROOMS for each in room.router.routes for method in each.methods]
    assert len(found) > 25
    return found


def filled(path: str) -> str:
    values = {
        "film": "1",
        "number": "1",
        "revision": "1",
        "note": "1",
        "form": "csv",
        "version": "0" * 16,
        "path": "x",
    }
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda found: values[found[1]], path)


def test_no_route_without_a_session_gives_a_byte_of_media(with_film: Reviewing) -> None:
    film = (with_film.out / "wide.mp4").read_bytes()
    stranger = with_film.stranger()
    for method, path in routes(with_film):
        for headers in ({}, {"range": "bytes=0-99"}, {"accept": "text/html"}, {"cookie": "answerprint=none"}):
            answer = stranger.request(method, filled(path), headers=headers)
            if (method, path) in OPEN:
                assert answer.status_code != 401
                assert PUBLIC.fullmatch(filled(path))
            else:
                assert answer.status_code in (303, 401), (method, path)
                assert len(answer.content) < 100
            assert answer.content[:16] not in film or not answer.content
            assert b"wide" not in answer.content


def test_every_change_needs_the_secret_of_the_page(with_film: Reviewing) -> None:
    client = with_film.client()
    changing = [(m, p) for m, p in routes(with_film) if m not in ("GET", "HEAD") and (m, p) not in OPEN]
    assert len(changing) >= 6
    for wrong in ("", "x" * 43, with_film.client(BEN).headers["x-review-secret"]):
        for method, path in changing:
            answer = client.request(method, filled(path), json={}, headers={"x-review-secret": wrong})
            assert answer.status_code == 403, (method, path)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": f"https://{HOST}"},
        {"origin": f"{ORIGIN}.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_page_of_another_site_changes_nothing(with_film: Reviewing, headers: dict[str, str]) -> None:
    client, body = with_film.client(), {"first": 1, "stop": 2, "text": "x"}
    assert client.post("/api/revisions/1/comments", json=body, headers=headers).status_code == 403
    assert client.post("/api/revisions/1/comments", json=body).status_code == 201


def test_a_name_that_is_not_the_servers_is_refused(with_film: Reviewing) -> None:
    for host in ("evil.example", "localhost:1", "", "localhost:8555.evil.example"):
        answer = with_film.client().get("/media/1/film", headers={"host": host})
        assert answer.status_code == 421


def test_every_answer_has_a_strict_policy(with_film: Reviewing) -> None:
    client = with_film.client()
    version = re.search(r"/static/[0-9a-f]{16}/review\.css", client.get("/").text)
    assert version is not None
    for path in ("/", "/films/1", "/api/films", "/media/1/film", "/nothing", version[0]):
        answer = client.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
    assert client.get("/api/films").headers["cache-control"] == "no-store"
    assert "immutable" in client.get(version[0]).headers["cache-control"]


def test_no_page_has_anything_inline(with_film: Reviewing) -> None:
    for path in ("/", "/films/1", "/numbers", "/sign-in", "/enrol"):
        text = with_film.client().get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=|javascript:", text), path
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text), path


def test_a_body_that_is_too_long_is_refused(with_film: Reviewing) -> None:
    client = with_film.client()
    note = {"first": 1, "stop": 2, "text": "x" * (10 << 20)}
    assert client.post("/api/revisions/1/comments", json=note).status_code == 413

    def pieces() -> Iterator[bytes]:
        for _ in range(BODY_BYTES // 65536 + 2):
            yield b"x" * 65536

    assert client.post("/api/revisions/1/comments", content=pieces()).status_code == 413
    assert with_film.stranger().post("/sign-in/link", content=b"x" * (BODY_BYTES + 1)).status_code == 413


def test_a_proxy_names_people_from_its_own_address_alone(tmp_path: Path) -> None:
    proxy = ProxySignIn("X-Remote-User", (ip_network("10.1.0.0/16"),))
    with reviewing(tmp_path / "job", proxy=proxy) as at:
        app = make_app(at.review, [HOST], watches=False)
        trusted = TestClient(app, base_url=ORIGIN, client=("10.1.2.3", 5), follow_redirects=False)
        other = TestClient(app, base_url=ORIGIN, client=("10.2.2.3", 5), follow_redirects=False)
        named = {"x-remote-user": "ana@example.org"}
        assert other.get("/sign-in", headers=named).status_code == 200
        assert other.get("/api/films", headers=named).status_code == 401
        assert trusted.get("/sign-in", headers={"x-remote-user": "eve"}).status_code == 200
        assert trusted.get("/sign-in", headers=named).status_code == 303
        assert "Ana Roth" in trusted.get("/", headers=named).text
        # The session is worth nothing once the proxy names somebody else, or nobody, or elsewhere.
        assert trusted.get("/", headers={"x-remote-user": "ben"}).status_code in (303, 401)
        assert trusted.get("/api/films").status_code == 401
        other.cookies.update(trusted.cookies)
        assert other.get("/api/films", headers=named).status_code == 401


@pytest.mark.parametrize(("who", "shown"), [(ANA, "Ana Roth"), (BOT, "A bot"), (GUSTAV, "Gustav")])
def test_a_page_says_who_is_signed_in(at_work: Reviewing, who: ProvenIdentity, shown: str) -> None:
    assert shown in at_work.client(who).get("/").text
