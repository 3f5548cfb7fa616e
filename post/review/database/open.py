"""Opens a review's database: SQLite in a file of this user's, or PostgreSQL by its URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pg8000
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session

from post.errors import JobError, RetryError
from post.review.database.migrate import migrate
from provenance.database import keep_from_others

WAIT_S = 30
POOL, OVERFLOW = 8, 24
DRIVERS = ("sqlite", "postgresql+pg8000")


class ReviewDatabase:
    """An open database. `reading` and `writing` give sessions; `close` ends its connections."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # A change waits for another to the same row, and then sees it; what only reads sees one state.
        one_state = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        self._reading = engine.execution_options(**one_state)
        self._writing = engine.execution_options(writes=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yields a session that sees one state of the database, and changes nothing."""
        with Session(self._reading, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yields a session whose changes are all kept as the block ends well, and else none."""
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Closes all connections."""
        self.engine.dispose()


def open_database(url: str, now: float) -> ReviewDatabase:
    """Opens a database, made if there is none, and moves it on to the schema of this release. now: seconds since 1970,
    for the name of a backup. Raises JobError for a URL that is none and for a newer schema, RetryError where a server
    does not answer."""
    try:
        parsed = make_url(url)
        _check_driver(parsed.drivername)
        path = Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            keep_from_others(path)
        engine = create_engine(parsed, **_options(path is not None))
    except (ArgumentError, NoSuchModuleError, ValueError) as fault:
        raise JobError(
            "is no database",
            where="--database",
            expected="postgresql://USER@HOST/NAME, or sqlite:///FILE",
            got=url.partition("://")[0],
        ) from fault
    if path is not None:
        _set_up_sqlite(engine)
    try:
        migrate(engine, path, now)
    except DBAPIError as fault:
        engine.dispose()
        raise RetryError(
            "the database cannot be used",
            where=parsed.render_as_string(hide_password=True),
            got=str(fault.orig)[:200],
        ) from fault
    return ReviewDatabase(engine)


def _check_driver(name: str) -> None:
    if name not in DRIVERS:
        raise ValueError(name)


def _options(sqlite: bool) -> dict[str, Any]:
    if sqlite:
        return {"connect_args": {"timeout": WAIT_S, "check_same_thread": False}}
    return {"module": pg8000, "pool_size": POOL, "max_overflow": OVERFLOW, "pool_pre_ping": True}


def _set_up_sqlite(engine: Engine) -> None:
    """Lets readers and a writer work at the same time, and makes a transaction that writes wait for its turn at once:
    one that reads first and writes then would be refused."""

    @event.listens_for(engine, "connect")
    def connected(raw: Any, _: object) -> None:
        raw.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            f"busy_timeout={WAIT_S * 1000}",
            "synchronous=FULL",
        ):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
