"""Moves a review's database on to the schema of this release, one step at a time, and keeps a copy of what was."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from post.errors import JobError
from post.review.database.tables import SCHEMA, Table

# From a schema to the next: the statements, plain SQL that SQLite and PostgreSQL both take.
_NAME = "VARCHAR(200) NOT NULL DEFAULT ''"
STEPS: Mapping[int, tuple[str, ...]] = {
    1: (
        f"ALTER TABLE comments ADD COLUMN resolved_name {_NAME}",
        f"ALTER TABLE comment_edits ADD COLUMN by_name {_NAME}",
    ),
}


def migrate(engine: Engine, file: Path | None, now: float) -> None:
    """Makes the tables of an empty database, or runs the steps from its schema to this one, all or none.

    file: of an SQLite database: a copy is made beside it before the first step; now: seconds since 1970, in the copy's
    name. Raises JobError for a database of a newer release.
    """
    with engine.execution_options(writes=True).begin() as connection:
        found = _schema(connection)
        if found == SCHEMA:
            return
        if found is not None and found > SCHEMA:
            raise JobError(
                "the database is of a newer release", where="--database", expected=f"schema {SCHEMA} or older",
                got=f"schema {found}", fix="update answerprint",
            )  # fmt: skip
        if found is None:
            Table.metadata.create_all(connection)
        else:
            if file is not None:
                _copy(file, file.with_name(f"{file.name}.schema-{found}.{int(now)}.bak"))
            for step in range(found, SCHEMA):
                for statement in STEPS[step]:
                    connection.execute(text(statement))
        connection.execute(text("DELETE FROM schema_version"))
        connection.execute(text("INSERT INTO schema_version (version) VALUES (:now)"), {"now": SCHEMA})


def _schema(connection: Connection) -> int | None:
    """Returns the schema of a database, None for one without tables."""
    if not inspect(connection).has_table("schema_version"):
        return None
    found = connection.execute(text("SELECT version FROM schema_version")).scalar()
    return int(found) if found is not None else None


def _copy(file: Path, copy: Path) -> None:
    """Copies an SQLite database with what its write-ahead log holds."""
    source, target = sqlite3.connect(file), sqlite3.connect(copy)
    try:
        source.backup(target)
    finally:
        target.close()
        source.close()
    copy.chmod(file.stat().st_mode)
