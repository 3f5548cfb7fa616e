"""Sessions and one-time links: made, found and ended. Only hashes of their tokens are in the database."""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from post.review.access.identity import ProvenIdentity
from post.review.access.visitor import Visitor
from post.review.database.tables import AttemptRow, LinkRow, SignInRow

TOKEN_BYTES = 32
# A source may fail so often in so many seconds.
FAILURES, WINDOW_S = 10, 300
SIGN_IN, ENROL = "sign-in", "enrol"


def hash_token(token: str) -> str:
    """Returns a token as the database has it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def start_session(db: Session, who: ProvenIdentity, now: float, lasts_s: float) -> tuple[str, Visitor]:
    """Starts a session, and returns the cookie's value and the visitor. Ended sessions are deleted on the way."""
    token, secret = secrets.token_urlsafe(TOKEN_BYTES), secrets.token_urlsafe(TOKEN_BYTES)
    hashed = hash_token(token)
    db.execute(delete(SignInRow).where(SignInRow.ends_at <= now))
    db.add(
        SignInRow(
            token=hashed, person=who.id, name=who.name, kind=who.kind, secret=secret, how=who.how, started_at=now,
            ends_at=now + lasts_s,
        )
    )  # fmt: skip
    return token, Visitor(who.id, who.name, who.kind, secret, hashed, who.how)


def find_session(db: Session, token: str, now: float) -> Visitor | None:
    """Returns who has a cookie; None for one that is unknown, or has ended."""
    row = db.get(SignInRow, hash_token(token))
    if row is None or row.ends_at <= now:
        return None
    return Visitor(row.person, row.name, row.kind, row.secret, row.token, row.how)


def end_session(db: Session, visitor: Visitor) -> None:
    """Ends a session: its cookie is worth nothing from now on."""
    db.execute(delete(SignInRow).where(SignInRow.token == visitor.token))


def make_link(db: Session, who: ProvenIdentity, use: str, ends_at: float) -> str:
    """Returns the token of a new link that works once. use: SIGN_IN or ENROL."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    db.add(
        LinkRow(
            token=hash_token(token), use=use, person=who.id, name=who.name, kind=who.kind, ends_at=ends_at
        )
    )
    return token


def use_link(db: Session, token: str, use: str, now: float) -> ProvenIdentity | None:
    """Uses a link up, and returns whose it is; None for one that is unknown, used, or has ended.

    Of two requests at once, one gets it: the row is deleted first.
    """
    db.execute(delete(LinkRow).where(LinkRow.ends_at <= now))
    found = db.execute(
        delete(LinkRow)
        .where(LinkRow.token == hash_token(token), LinkRow.use == use)
        .returning(LinkRow.person, LinkRow.name, LinkRow.kind)
    ).first()
    return ProvenIdentity(found[0], found[1], found[2], "link") if found else None


def may_try(db: Session, source: str, now: float) -> bool:
    """Says whether an address may try to sign in: it has not failed too often of late."""
    recent = select(func.count()).where(
        AttemptRow.source == hash_token(source), AttemptRow.at > now - WINDOW_S
    )
    return (db.scalar(recent) or 0) < FAILURES


def note_failure(db: Session, source: str, now: float) -> None:
    """Writes down that a sign-in from an address failed."""
    db.execute(delete(AttemptRow).where(AttemptRow.at <= now - WINDOW_S))
    db.add(AttemptRow(source=hash_token(source), at=now))
