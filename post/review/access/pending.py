"""What the server waits for from somebody: kept in the database, answered once."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from post.review.access.sessions import TOKEN_BYTES, hash_token
from post.review.database.tables import PendingRow

PENDING_S = 600
SIGN, OIDC, ENROLMENT = "sign", "oidc", "enrol"


def wait_for(db: Session, use: str, person: str, content: dict[str, Any], now: float) -> str:
    """Keeps what an answer will need, and returns the key that the answer has to bring."""
    key = secrets.token_urlsafe(TOKEN_BYTES)
    keep_answer(db, use, key, content, now, person)
    return key


def keep_answer(
    db: Session, use: str, key: str, content: dict[str, Any], now: float, person: str = ""
) -> None:
    """Keeps what an answer will need, under a key that it has to bring. person: whose answer, "" for anybody's."""
    db.execute(delete(PendingRow).where(PendingRow.ends_at <= now))
    db.add(PendingRow(key=hash_token(key), use=use, person=person, content=content, ends_at=now + PENDING_S))


def take_answer(db: Session, use: str, key: str, now: float) -> tuple[str, dict[str, Any]] | None:
    """Returns whose answer it is, and what was kept for it; None for a key that is unknown, used, or too old.

    Of two answers at once, one gets it.
    """
    found = db.execute(
        delete(PendingRow)
        .where(PendingRow.key == hash_token(key), PendingRow.use == use, PendingRow.ends_at > now)
        .returning(PendingRow.person, PendingRow.content)
    ).first()
    return (found[0], found[1]) if found else None
