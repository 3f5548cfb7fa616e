"""A review on SQLite; where the database matters, on PostgreSQL too: those modules say so as `DATABASES`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from tests.review.postgres import postgres_running, server_programs
from tests.review.reviewing import SQLITE, Reviewing, make_film, reviewing


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server; skips where the server's programs are not installed."""
    if server_programs() is None:
        pytest.skip("PostgreSQL is not installed: /usr/lib/postgresql/*/bin/postgres")
    with postgres_running(tmp_path_factory.mktemp("postgres")) as url:
        yield url


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs a test of a review on every database that its module names."""
    if "database" in metafunc.fixturenames:
        metafunc.parametrize("database", getattr(metafunc.module, "DATABASES", (SQLITE,)), indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database; "" for SQLite in the review's folder."""
    if request.param == SQLITE:
        return ""
    server = str(request.getfixturevalue("postgres"))
    name = f"review_{uuid4().hex}"
    engine = create_engine(f"{server}postgres".replace("://", "+pg8000://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{server}{name}"


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small film, made once."""
    return make_film(tmp_path_factory.mktemp("film") / "wide.mp4")


@pytest.fixture
def at_work(tmp_path: Path, database: str) -> Iterator[Reviewing]:
    """An open review without films."""
    with reviewing(tmp_path / "job", database) as opened:
        yield opened


@pytest.fixture
def with_film(at_work: Reviewing, film: Path) -> Reviewing:
    """An open review with one film, taken in and read."""
    (at_work.out / "wide.mp4").write_bytes(film.read_bytes())
    assert at_work.take_in() == 1
    return at_work
