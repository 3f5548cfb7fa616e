"""What several routes need: rows by the numbers in an address, or 404."""

from __future__ import annotations

from fastapi import HTTPException, Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from post.review.access.visitor import Visitor
from post.review.database.tables import CommentRow, RevisionRow
from post.review.views import VisitorView

LARGEST = 1 << 31  # numbers of rows are below it, in every database


def visitor_view(request: Request, visitor: Visitor) -> VisitorView:
    """Returns a visitor as pages have it."""
    roles = request.app.state.roles(visitor.id) if visitor.kind == "person" else ()
    return VisitorView(visitor.id, visitor.name, visitor.kind, roles, visitor.secret)


def origin_of(request: Request) -> str:
    """Returns the origin of this server's pages, as the browser that asks has it. `guard` has checked the Host."""
    url = request.app.state.review.settings.url
    return str(url or f"http://{request.headers['host']}")


def revision_by_id(db: Session, number: int) -> RevisionRow:
    """Returns a revision by its id. Raises HTTPException (404) where there is none."""
    found = db.get(RevisionRow, number) if 0 < number < LARGEST else None
    if found is None:
        raise HTTPException(404, "there is no such revision")
    return found


def revision_at(db: Session, film: int, number: int) -> RevisionRow:
    """Returns a film's revision by its number. Raises HTTPException (404) where there is none."""
    wanted = select(RevisionRow).where(RevisionRow.film_id == film, RevisionRow.number == number)
    found = db.scalars(wanted).first() if 0 < number < LARGEST else None
    if found is None:
        raise HTTPException(404, "there is no such revision")
    return found


def note_by_id(db: Session, number: int) -> CommentRow:
    """Returns a note by its id. Raises HTTPException (404) where there is none."""
    found = db.get(CommentRow, number) if 0 < number < LARGEST else None
    if found is None:
        raise HTTPException(404, "there is no such note")
    return found
