"""Lists films and their revisions a page at a time: the number of queries does not rise with what is listed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from post.review.database.tables import CommentRow, FilmRow, RevisionRow
from post.review.views import FilmPage, FilmRowView, RevisionPage, RevisionRowView

MOST = 200
# What a list has of a revision.
_SHOWN = (
    RevisionRow.id, RevisionRow.number, RevisionRow.sha256, RevisionRow.file_name, RevisionRow.released,
    RevisionRow.approved, RevisionRow.state, RevisionRow.why, RevisionRow.frames, RevisionRow.rate_numerator,
    RevisionRow.rate_denominator, RevisionRow.width, RevisionRow.height, RevisionRow.seen_at,
)  # fmt: skip


def revision_view(row: RevisionRow) -> RevisionRowView:
    """Returns a revision as lists have it."""
    return RevisionRowView(
        row.id, row.number, row.sha256, row.file_name, row.released, row.approved, row.state, row.why, row.frames,
        (row.rate_numerator, row.rate_denominator), row.width, row.height, row.seen_at,
    )  # fmt: skip


def list_films(db: Session, after: str = "", limit: int = MOST) -> FilmPage:
    """Returns the films whose names come after `after`, by name. limit: at most so many."""
    wanted = select(FilmRow.id, FilmRow.name, FilmRow.latest).where(FilmRow.latest > 0)
    wanted = wanted.order_by(FilmRow.name).limit(limit + 1)
    rows = db.execute(wanted.where(FilmRow.name > after) if after else wanted).all()
    films, more = rows[:limit], len(rows) > limit
    ids = [film.id for film in films]
    latest = _newest_views(db, ids, approved=False)
    approved = _newest_views(db, ids, approved=True)
    open_notes = _open_comments(db, ids)
    views = [
        FilmRowView(
            film.id, film.name, film.latest, approved.get(film.id, latest[film.id]), latest[film.id],
            open_notes.get(film.id, 0),
        )
        for film in films
    ]  # fmt: skip
    return FilmPage(views, films[-1].name if more else None)


def list_revisions(db: Session, film: int, before: int | None = None, limit: int = MOST) -> RevisionPage:
    """Returns the revisions of a film whose numbers are below `before`, newest first."""
    wanted = select(RevisionRow).where(RevisionRow.film_id == film).order_by(RevisionRow.number.desc())
    wanted = wanted.where(RevisionRow.number < before) if before is not None else wanted
    rows = list(db.scalars(wanted.limit(limit + 1)))
    shown = rows[:limit]
    return RevisionPage(
        [revision_view(row) for row in shown], shown[-1].number if len(rows) > limit else None
    )


def newest_approved(db: Session, film: int) -> RevisionRow | None:
    """Returns the newest approved revision of a film; None where none is."""
    found: RevisionRow | None = db.scalars(_newest(select(RevisionRow), [film], approved=True)).first()
    return found


def _newest_views(db: Session, films: Sequence[int], *, approved: bool) -> dict[int, RevisionRowView]:
    """Returns the newest revision of each film, or its newest approved one, by the film's ID. Values, not objects of
    the database: of 400 rows those take most of the time of a list."""
    rows: Any = db.execute(_newest(select(RevisionRow.film_id, *_SHOWN), films, approved=approved))
    return {row.film_id: revision_view(row) for row in rows}


def _newest(
    wanted: Select[*tuple[Any, ...]], films: Sequence[int], *, approved: bool
) -> Select[*tuple[Any, ...]]:
    """Returns a question for the newest revision of each film, or its newest approved one."""
    other = aliased(RevisionRow)
    top = select(other.film_id, func.max(other.number).label("number")).where(other.film_id.in_(films))
    top = top.where(other.approved) if approved else top
    newest = top.group_by(other.film_id).subquery()
    return wanted.join(
        newest, (RevisionRow.film_id == newest.c.film_id) & (RevisionRow.number == newest.c.number)
    )


def _open_comments(db: Session, films: Sequence[int]) -> dict[int, int]:
    counted = (
        select(CommentRow.film_id, func.count())
        .where(CommentRow.film_id.in_(films), CommentRow.parent_id.is_(None), CommentRow.resolved_by == "")
        .group_by(CommentRow.film_id)
    )
    return dict(db.execute(counted).all())
