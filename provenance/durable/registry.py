"""Stores signed films with their manifests, watermarks and fingerprints, in one SQLite file in a folder.

Several processes may read and write it at once (WAL). A film that is signed again replaces its entry: a new signature
does not make a second film. What is deleted or replaced is overwritten with zeros: a manifest may tell a secret.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, fields
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self

from post.atomic import real_path, sync_folder
from post.errors import RetryError, SourceError
from post.owned import editing
from post.values.array import Array
from provenance.database import connect, erase_deleted, keep_from_others, transaction, translated
from provenance.durable.fingerprint import Fingerprint, Similarity, compare, unpack
from provenance.durable.registry_entry import FilmIdentity, RegisteredFilm, RegistryEntry, SoftBinding
from provenance.durable.search_index import SearchIndex

FILE = "registry.sqlite3"
# SQLite's `application_id`: "APrg".
APPLICATION = 0x41507267
# One script for each version of the schema, from the one before it.
MIGRATIONS = (
    """
    CREATE TABLE film (
        id INTEGER PRIMARY KEY, manifest_id TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL UNIQUE,
        unsigned TEXT NOT NULL UNIQUE, title TEXT NOT NULL, name TEXT NOT NULL, job TEXT NOT NULL,
        seconds REAL NOT NULL, aspect REAL NOT NULL, created TEXT NOT NULL) STRICT;
    CREATE TABLE manifest (
        film INTEGER PRIMARY KEY REFERENCES film ON DELETE CASCADE, store BLOB NOT NULL) STRICT;
    CREATE TABLE print (
        film INTEGER PRIMARY KEY REFERENCES film ON DELETE CASCADE, coarse BLOB NOT NULL) STRICT;
    CREATE TABLE signs (
        film INTEGER PRIMARY KEY REFERENCES film ON DELETE CASCADE, signs BLOB NOT NULL) STRICT;
    CREATE TABLE iscc (
        film INTEGER PRIMARY KEY REFERENCES film ON DELETE CASCADE, code BLOB NOT NULL) STRICT;
    CREATE TABLE binding (
        film INTEGER NOT NULL REFERENCES film ON DELETE CASCADE, alg TEXT NOT NULL, value TEXT NOT NULL) STRICT;
    CREATE INDEX binding_value ON binding (alg, value);
    CREATE INDEX binding_film ON binding (film);
    """,
)
_COLUMNS = ", ".join(field.name for field in fields(RegisteredFilm))
_INSERT_FILM = f"INSERT INTO film ({_COLUMNS}) VALUES ({', '.join('?' * len(fields(RegisteredFilm)))})"
_SAME_FILM = "SELECT id FROM film WHERE (manifest_id = ? OR sha256 = ? OR unsigned = ?)"
# Films that the coarse search passes on to be compared in full.
CANDIDATES = 64


class Registry:
    """An open registry. A context manager. Several threads may use it at once.

    A film's number is its row in this registry. Methods raise RetryError if the registry is busy, OutputError if it
    cannot be written, SourceError if it is damaged.
    """

    def __init__(self, connection: sqlite3.Connection, where: Path) -> None:
        self._db, self._where, self._lock = connection, where, RLock()
        self._index: tuple[int, SearchIndex] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def __len__(self) -> int:
        with self._connection() as db:
            return int(db.execute("SELECT count(*) FROM film").fetchone()[0])

    def add(self, entry: RegistryEntry) -> None:
        """Adds a film, or replaces its entry."""
        self.add_all([entry])

    def add_all(self, entries: Sequence[RegistryEntry]) -> None:
        """Adds several films, or none of them if one cannot be added."""
        with self._connection() as db, transaction(db):
            for entry in entries:
                _add(db, entry)
        self._index = None

    def supersede(self, old: FilmIdentity, new: FilmIdentity, manifest: bytes) -> int:
        """Puts a film's new manifest in the place of its old one, and returns how many entries it had.

        Its mark, looks and ISCC then lead to the new manifest, and no byte of the old one is in the registry's files.
        Raises RetryError if another process keeps old bytes from being erased. The new manifest is in its place then,
        and a second call erases them.
        """
        with self._connection() as db:
            with transaction(db):
                same = (old.manifest_id, old.sha256, old.unsigned)
                numbers = [row[0] for row in db.execute(f"{_SAME_FILM} ORDER BY id", same)]
                if not numbers:
                    return 0
                *others, last = numbers
                db.executemany("DELETE FROM film WHERE id = ?", [(one,) for one in others])
                now = datetime.now(UTC).isoformat(timespec="seconds")
                change = "UPDATE film SET manifest_id = ?, sha256 = ?, created = ? WHERE id = ?"
                db.execute(change, (new.manifest_id, new.sha256, now, last))
                db.execute("UPDATE manifest SET store = ? WHERE film = ?", (manifest, last))
            self._index = None
            erase_deleted(db, self._where)
        return len(numbers)

    def holds(self, film: FilmIdentity) -> bool:
        """Returns whether a film is registered: under its manifest, its bytes, or its bytes before it was signed."""
        same = (film.manifest_id, film.sha256, film.unsigned)
        with self._connection() as db:
            return db.execute(_SAME_FILM, same).fetchone() is not None

    def find_telling(self, texts: Sequence[bytes], without: str = "") -> tuple[str, ...]:
        """Returns the names of films whose manifests hold one of these texts. without: a manifest to leave out."""
        ask = "SELECT name FROM film JOIN manifest ON film = id WHERE instr(store, ?) AND manifest_id != ?"
        with self._connection() as db:
            rows = [row for text in texts for row in db.execute(f"{ask} ORDER BY id", (text, without))]
        return tuple(dict.fromkeys(row[0] for row in rows))

    def find_manifest(self, manifest_id: str) -> bytes | None:
        """Returns a manifest store by the label of its active manifest; None if there is none."""
        ask = "SELECT store FROM manifest JOIN film ON film.id = film WHERE manifest_id = ?"
        with self._connection() as db:
            row = db.execute(ask, (manifest_id,)).fetchone()
        return bytes(row[0]) if row else None

    def film(self, number: int) -> RegisteredFilm:
        """Returns a film by its number. Raises RetryError if it has been replaced meanwhile."""
        with self._connection() as db:
            row = db.execute(f"SELECT {_COLUMNS} FROM film WHERE id = ?", (number,)).fetchone()
        if row is None:
            raise RetryError("a film is no longer in the registry", where=str(self._where), fix="look again")
        return RegisteredFilm(*row)

    def find_bound(self, binding: SoftBinding, most: int) -> tuple[int, ...]:
        """Returns the numbers of films with exactly this soft binding, the newest first, `most` at most."""
        ask = "SELECT DISTINCT film FROM binding WHERE alg = ? AND value = ? ORDER BY film DESC LIMIT ?"
        with self._connection() as db:
            return tuple(row[0] for row in db.execute(ask, (binding.alg, binding.value, most)))

    def fingerprints(self, numbers: Sequence[int]) -> dict[int, Fingerprint]:
        """Returns films' fingerprints by their numbers, without the films that have none."""
        with self._connection() as db:
            rows = [
                db.execute("SELECT film, signs FROM signs WHERE film = ?", (one,)).fetchone()
                for one in numbers
            ]
        return {row[0]: unpack(row[1]) for row in rows if row}

    def find_similar(
        self, views: Sequence[Array], numbers: Sequence[int] | None = None
    ) -> list[tuple[int, Similarity]]:
        """Returns the numbers of films that a copy looks like, each with how near it is, the nearest first.

        views: as `fingerprint_copy` returns them; numbers: the films to compare with, None for all.
        """
        if not views:
            return []
        with self._lock:
            if numbers is None:
                numbers = self.index().nearest(views, CANDIDATES)
            films = self.fingerprints(numbers)
        cost = attrgetter("cost")
        near = [(one, min((compare(view, film) for view in views), key=cost)) for one, film in films.items()]
        return sorted(near, key=lambda item: item[1].cost)

    def index(self) -> SearchIndex:
        """Returns the search index; reads it again if another process has written since."""
        with self._connection() as db:
            version = int(db.execute("PRAGMA data_version").fetchone()[0])
            if self._index is None or self._index[0] != version:
                prints = db.execute("SELECT film, coarse FROM print ORDER BY film").fetchall()
                codes = db.execute("SELECT film, code FROM iscc ORDER BY film").fetchall()
                self._index = (version, SearchIndex.of(prints, codes))
            return self._index[1]

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with self._lock, translated(self._where):
            yield self._db


def open_registry(folder: Path) -> Registry:
    """Opens the registry in a folder to read and write. Makes it if there is none, and brings an old one up to date.

    Raises OutputError if the folder cannot be written, SourceError if the file there is no registry, RetryError if
    another process keeps it.
    """
    path = folder / FILE
    with translated(path):
        folder.mkdir(parents=True, exist_ok=True)
    # SQLite waits for others, but not where two switch a new file to WAL.
    with editing(path), translated(path):
        new = not path.exists()
        keep_from_others(real_path(path))
        db = connect(f"{real_path(path).as_uri()}?mode=rwc")
        try:
            db.execute("PRAGMA journal_mode=WAL")
            # What is registered survives a power cut: SQLite syncs its files, and we the folder they are in.
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA foreign_keys=ON")
            db.execute("PRAGMA secure_delete=ON")
            _migrate(db, path)
            if new:
                sync_folder(folder)
        except BaseException:
            db.close()
            raise
    return Registry(db, path)


def read_registry(folder: Path) -> Registry:
    """Opens the registry in a folder to read only. Raises SourceError if there is none, or it is of another version."""
    path = folder / FILE
    if not path.is_file():
        raise SourceError(
            "is not a registry", where=str(folder), expected=f"a folder with {FILE}", fix="check the path"
        )
    with translated(path):
        db = connect(f"{real_path(path).as_uri()}?mode=ro")
        try:
            _check_version(db, path, oldest=len(MIGRATIONS))
        except BaseException:
            db.close()
            raise
    return Registry(db, path)


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    with transaction(db):
        done = _check_version(db, path, oldest=0)
        for script in MIGRATIONS[done:]:
            for statement in filter(str.strip, script.split(";")):
                db.execute(statement)
        db.execute(f"PRAGMA application_id={APPLICATION}")
        db.execute(f"PRAGMA user_version={len(MIGRATIONS)}")


def _check_version(db: sqlite3.Connection, path: Path, oldest: int) -> int:
    """Returns the version of the schema. Raises SourceError for another program's file, or a version we cannot read.

    oldest: the oldest version that may be read.
    """
    whose = db.execute("PRAGMA application_id").fetchone()[0]
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if whose != APPLICATION and (tables or oldest):
        raise SourceError("is the database of another program", where=str(path), fix="name another folder")
    if not oldest <= version <= len(MIGRATIONS):
        raise SourceError(
            "is a registry of another version",
            where=str(path),
            expected=f"version {len(MIGRATIONS)}",
            got=version,
            fix="update Answerprint" if version > len(MIGRATIONS) else "register a film once to bring it up",
        )
    return version


def _add(db: sqlite3.Connection, entry: RegistryEntry) -> None:
    film = entry.film
    same = (film.manifest_id, film.sha256, film.unsigned)
    db.execute(f"DELETE FROM film WHERE id IN ({_SAME_FILM})", same)
    number = db.execute(_INSERT_FILM, astuple(film)).lastrowid
    db.execute("INSERT INTO manifest VALUES (?, ?)", (number, entry.manifest))
    if entry.fingerprint.has_content:
        db.execute("INSERT INTO print VALUES (?, ?)", (number, entry.fingerprint.coarse.tobytes()))
        db.execute("INSERT INTO signs VALUES (?, ?)", (number, entry.fingerprint.pack()))
    if entry.iscc:
        db.execute("INSERT INTO iscc VALUES (?, ?)", (number, entry.iscc))
    rows = [(number, binding.alg, binding.value) for binding in entry.bindings]
    db.executemany("INSERT INTO binding VALUES (?, ?, ?)", rows)
