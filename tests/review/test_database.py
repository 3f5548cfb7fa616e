"""The database is made, moved on with a copy of what was, and lists as many films with as many questions."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import event, select, text

from post.errors import JobError, RetryError
from post.review.database import migrate
from post.review.database.open import open_database
from post.review.database.tables import SCHEMA, CommentEdit, CommentRow, FilmRow, RevisionRow
from post.review.films.listing import list_films, list_revisions
from tests.review.reviewing import POSTGRESQL, SQLITE, Reviewing

DATABASES = (SQLITE, POSTGRESQL)


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def test_a_fresh_database_has_the_schema_of_now(tmp_path: Path) -> None:
    path = tmp_path / "new" / "review.sqlite"
    opened = open_database(url_of(path), 0)
    with opened.reading() as db:
        assert db.execute(text("SELECT version FROM schema_version")).scalar_one() == SCHEMA
    opened.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_older_database_is_moved_on_and_copied_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "review.sqlite"
    opened = open_database(url_of(path), 0)
    with opened.writing() as db:
        db.add(FilmRow(name="kept", latest=0))
    opened.close()
    steps = {
        SCHEMA: ("ALTER TABLE films ADD COLUMN note VARCHAR(20) DEFAULT 'none'",),
        SCHEMA + 1: ("SELECT 1",),
    }
    monkeypatch.setattr(migrate, "STEPS", steps)
    monkeypatch.setattr(migrate, "SCHEMA", SCHEMA + 2)
    opened = open_database(url_of(path), 1234)
    with opened.reading() as db:
        assert db.execute(text("SELECT name, note FROM films")).one() == ("kept", "none")
        assert db.execute(text("SELECT version FROM schema_version")).scalar_one() == SCHEMA + 2
    opened.close()
    copy = sqlite3.connect(tmp_path / f"review.sqlite.schema-{SCHEMA}.1234.bak")
    assert copy.execute("SELECT name FROM films").fetchall() == [("kept",)]
    assert copy.execute("SELECT version FROM schema_version").fetchall() == [(SCHEMA,)]
    copy.close()


def test_a_step_that_fails_leaves_the_database_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "review.sqlite"
    open_database(url_of(path), 0).close()
    steps = {
        SCHEMA: ("ALTER TABLE films ADD COLUMN note INTEGER", "ALTER TABLE nothing ADD COLUMN x INTEGER")
    }
    monkeypatch.setattr(migrate, "STEPS", steps)
    monkeypatch.setattr(migrate, "SCHEMA", SCHEMA + 1)
    with pytest.raises(RetryError):
        open_database(url_of(path), 1)
    db = sqlite3.connect(path)
    assert db.execute("SELECT version FROM schema_version").fetchall() == [(SCHEMA,)]
    assert "note" not in {row[1] for row in db.execute("PRAGMA table_info(films)")}
    db.close()


def test_a_database_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "review.sqlite"
    opened = open_database(url_of(path), 0)
    with opened.writing() as db:
        db.execute(text("UPDATE schema_version SET version = 99"))
    opened.close()
    with pytest.raises(JobError, match="newer release"):
        open_database(url_of(path), 0)


@pytest.mark.parametrize("url", ["nothing", "mongodb://x/y", "postgresql+nothing://x/y", "://"])
def test_an_address_of_no_database_is_refused(url: str) -> None:
    with pytest.raises(JobError, match="is no database"):
        open_database(url, 0)


def test_a_server_that_is_not_there_is_told_without_its_password() -> None:
    with pytest.raises(RetryError) as told:
        open_database("postgresql+pg8000://someone:sesame@127.0.0.1:9/review", 0)
    assert "sesame" not in str(told.value)


def fill(at: Reviewing, films: int, revisions: int) -> None:
    with at.review.database.writing() as db:
        for film in range(films):
            row = FilmRow(name=f"spot-{film:04}", latest=revisions)
            db.add(row)
            db.flush()
            for number in range(1, revisions + 1):
                db.add(
                    RevisionRow(
                        film_id=row.id, number=number, sha256=f"{film:032}{number:032}", file_name="spot.mp4",
                        released=False, state="ready", frames=240, seen_at=float(number), approved=number == 2,
                        watchable_s=None, receipt={}, frame_hashes=bytes(32 * 240),
                    )
                )  # fmt: skip
            db.flush()
            db.add(
                CommentRow(
                    film_id=row.id, revision_id=1, first=0, stop=1, text="x", author="a", author_name="A",
                    author_kind="guest", written_at=0.0, changed_at=0.0,
                )
            )  # fmt: skip


def test_the_number_of_questions_does_not_rise_with_the_list(at_work: Reviewing) -> None:
    fill(at_work, 210, 3)
    asked: list[str] = []
    event.listen(at_work.review.database.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    seen: dict[int, int] = {}
    for limit in (1, 200):
        asked.clear()
        with at_work.review.database.reading() as db:
            page = list_films(db, limit=limit)
        assert len(page.films) == limit
        seen[limit] = len(asked)
        assert not any("frame_hashes" in each or "receipt" in each for each in asked)
    assert seen[1] == seen[200] <= 6


def test_pages_hold_every_film_once(at_work: Reviewing) -> None:
    fill(at_work, 45, 3)
    names, after = [], ""
    while True:
        page = at_work.client().get("/api/films", params={"after": after, "limit": 20}).json()
        names += [film["name"] for film in page["films"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert names == [f"spot-{number:04}" for number in range(45)]
    [first, *_] = page["films"]
    assert (first["shown"]["number"], first["latest"]["number"], first["open_comments"]) == (2, 3, 1)


def test_revisions_come_newest_first_in_pages(at_work: Reviewing) -> None:
    fill(at_work, 1, 7)
    with at_work.review.database.reading() as db:
        first = list_revisions(db, 1, limit=4)
        second = list_revisions(db, 1, first.next, limit=4)
    assert [each.number for each in first.revisions] == [7, 6, 5, 4]
    assert [each.number for each in second.revisions] == [3, 2, 1]
    assert second.next is None


def test_a_database_of_the_first_schema_keeps_what_it_says(tmp_path: Path) -> None:
    path = tmp_path / "review.sqlite"
    open_database(url_of(path), 0).close()
    db = sqlite3.connect(path)
    for table, column in (("comments", "resolved_name"), ("comment_edits", "by_name")):
        db.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    db.execute("UPDATE schema_version SET version = 1")
    db.commit()
    db.close()
    opened = open_database(url_of(path), 1)
    with opened.writing() as session:
        names = [
            session.scalars(select(column)).all()
            for column in (CommentRow.resolved_name, CommentEdit.by_name)
        ]
    assert names == [[], []]
    opened.close()
