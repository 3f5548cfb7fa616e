"""Links sign in once and in time, and sessions end, on every database."""

from __future__ import annotations

from post.review.access.sessions import SIGN_IN, make_link
from tests.review.reviewing import ANA, BEN, POSTGRESQL, SQLITE, Reviewing

DATABASES = (SQLITE, POSTGRESQL)


def test_a_link_signs_in_once(at_work: Reviewing) -> None:
    with at_work.review.database.writing() as db:
        token = make_link(db, ANA, SIGN_IN, at_work.clock() + 900)
    first, second = at_work.stranger(), at_work.stranger()
    answer = first.post("/sign-in/link", json={"token": token})
    assert answer.status_code == 204
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert second.post("/sign-in/link", json={"token": token}).status_code == 403


def test_a_link_ends_after_a_quarter_of_an_hour(at_work: Reviewing) -> None:
    with at_work.review.database.writing() as db:
        token = make_link(db, ANA, SIGN_IN, at_work.clock() + 900)
    at_work.clock.at += 901
    assert at_work.stranger().post("/sign-in/link", json={"token": token}).status_code == 403


def test_whoever_fails_too_often_waits(at_work: Reviewing) -> None:
    stranger = at_work.stranger()
    told = [stranger.post("/sign-in/link", json={"token": f"{n}"}).status_code for n in range(12)]
    assert told == [403] * 10 + [429] * 2
    with at_work.review.database.writing() as db:
        token = make_link(db, ANA, SIGN_IN, at_work.clock() + 900)
    assert stranger.post("/sign-in/link", json={"token": token}).status_code == 429
    at_work.clock.at += 301
    assert stranger.post("/sign-in/link", json={"token": token}).status_code == 204


def test_a_session_ends_with_time_and_with_signing_out(at_work: Reviewing) -> None:
    client = at_work.client()
    copy = at_work.stranger()
    copy.cookies.update(client.cookies)
    assert copy.get("/api/films").status_code == 200
    assert client.post("/sign-out").status_code == 204
    assert copy.get("/api/films").status_code == 401
    other = at_work.client(BEN)
    at_work.clock.at += at_work.review.settings.session_s + 1
    assert other.get("/api/films").status_code == 401


def test_the_database_holds_no_token(at_work: Reviewing) -> None:
    client = at_work.client()
    [token] = [each.value for each in client.cookies.jar]
    assert token
    if not at_work.review.settings.database:
        for path in at_work.review.settings.data.iterdir():
            assert path.is_dir() or token.encode() not in path.read_bytes()
