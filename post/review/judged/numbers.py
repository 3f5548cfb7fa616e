"""The numbers of a review: how long until films could be watched, how many came a day, how many rounds they took."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from post.preview.history import WatchTimes, percentile
from post.review.database.tables import FilmRow, RevisionRow
from post.review.judged_views import NumbersView

MOST_DAYS = 400


def numbers_view(db: Session, previews: WatchTimes | None) -> NumbersView:
    """Returns the numbers. previews: how long previews of the job took until they could be watched, None for none."""
    times = list(db.scalars(select(RevisionRow.watchable_s).where(RevisionRow.watchable_s.is_not(None))))
    known = [each for each in times if each is not None]
    watchable = (percentile(known, 0.5), percentile(known, 0.95), len(known)) if known else None
    days = Counter(
        datetime.fromtimestamp(at, UTC).date().isoformat() for at in db.scalars(select(RevisionRow.seen_at))
    )
    rounds = _rounds(db)
    return NumbersView(
        watchable=watchable,
        preview=(previews.p50_s, previews.p95_s, previews.count) if previews else None,
        versions=sorted(days.items())[-MOST_DAYS:],
        versions_per_day=sum(days.values()) / len(days) if days else 0.0,
        rounds=rounds,
        rounds_per_approval=sum(count for _, count in rounds) / len(rounds) if rounds else None,
    )


def _rounds(db: Session) -> list[tuple[str, int]]:
    """Returns how many revisions each approved film took until it was approved first."""
    first = (
        select(RevisionRow.film_id, func.min(RevisionRow.number).label("number"))
        .where(RevisionRow.approved)
        .group_by(RevisionRow.film_id)
        .subquery()
    )
    rows = db.execute(
        select(FilmRow.name, first.c.number).join(first, first.c.film_id == FilmRow.id).order_by(FilmRow.name)
    )
    return [(name, number) for name, number in rows]
