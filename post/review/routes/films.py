"""Films and revisions as JSON."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Query, Request

from post.review.films.listing import MOST, list_films, list_revisions
from post.review.films.player import change_view, player_view
from post.review.open_review import review_of
from post.review.routes.parts import LARGEST, revision_by_id
from post.review.views import ChangeView, FilmPage, PlayerView, RevisionPage

router = APIRouter(prefix="/api")
Limit = Query(MOST, ge=1, le=MOST)


@router.get("/films")
def films(request: Request, after: str = Query("", max_length=400), limit: int = Limit) -> FilmPage:
    """FilmPage: the films whose names come after `after`."""
    with review_of(request).database.reading() as db:
        return list_films(db, after.replace("\0", ""), limit)


@router.get("/films/{film}/revisions")
def revisions(
    request: Request,
    film: int,
    before: int | None = Query(None, ge=1, lt=LARGEST),
    limit: int = Limit,
) -> RevisionPage:
    """RevisionPage: a film's revisions below `before`, newest first."""
    with review_of(request).database.reading() as db:
        return list_revisions(db, film if abs(film) < LARGEST else 0, before, limit)


@router.get("/revisions/{revision}")
def player(request: Request, revision: int) -> PlayerView:
    """PlayerView."""
    review = review_of(request)
    with review.database.reading() as db:
        return player_view(db, review.media, revision_by_id(db, revision), review.intake.references)


@router.get("/revisions/{revision}/changed")
def changed(request: Request, revision: int, against: int) -> ChangeView:
    """ChangeView: how it differs from the revision with the id `against`."""
    with review_of(request).database.reading() as db:
        ids = revision_by_id(db, revision).id, revision_by_id(db, against).id
        found = change_view(db, *ids)
    if found is None:
        raise HTTPException(400, "they are revisions of two films")
    return found
