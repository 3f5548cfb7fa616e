"""The numbers of a review come from its log, on every database."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text

from post.api.stores import open_stores
from post.preview.history import remember_time
from tests.review.reviewing import POSTGRESQL, SQLITE, Reviewing, make_film

DATABASES = (SQLITE, POSTGRESQL)


def test_numbers_come_from_the_log(with_film: Reviewing) -> None:
    _, kept = open_stores(with_film.review.settings.own)
    for seconds in (1.0, 3.0):
        remember_time(kept, with_film.review.settings.job, seconds)
    make_film(with_film.out / "wide.mp4", "sea")
    with_film.clock.at += 86_400
    with_film.take_in()
    with_film.clients.clear()  # a session lasts for half a day
    said = with_film.client().get("/api/numbers").json()
    days = [datetime.fromtimestamp(1_800_000_000 + step, UTC).date().isoformat() for step in (0, 86_400)]
    assert said["versions"] == [[day, 1] for day in days]
    assert said["versions_per_day"] == 1.0
    assert said["preview"] == [1.0, 3.0, 2]
    assert (said["rounds"], said["rounds_per_approval"]) == ([], None)
    with with_film.review.database.writing() as db:
        db.execute(text("UPDATE revisions SET approved = true, watchable_s = 2.5 WHERE number = 2"))
    said = with_film.client().get("/api/numbers").json()
    assert said["rounds"] == [["wide", 2]]
    assert said["rounds_per_approval"] == 2.0
    assert said["watchable"] == [2.5, 2.5, 1]
    assert "2.5 s" in with_film.client().get("/numbers").text
