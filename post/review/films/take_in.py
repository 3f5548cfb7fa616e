"""Takes new films in: keeps each file, writes down its revision, and reads its frames in a process of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select

from post.engine import InProcess, WorkerPool
from post.errors import AnswerprintError, RetryError
from post.review.database.open import ReviewDatabase
from post.review.database.tables import FilmRow, RevisionRow, SpanRow
from post.review.films.follow_up import FollowUp
from post.review.films.found_films import FoundFilm, find_films
from post.review.films.frame_record import look_at, record_film, write_proxy
from post.review.films.media_store import PROXY, MediaStore

LOOKS_EVERY_S = 2.0
T = TypeVar("T")
MakePool = Callable[[], WorkerPool | InProcess]
log = logging.getLogger(__name__)


class _OneCall:
    """A process of its own for foreign films: one that crashes a decoder ends that process alone."""

    def __init__(self, pool: WorkerPool | InProcess) -> None:
        self._pool, self._lock = pool, threading.Lock()

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Calls a function there, after those that were called before."""
        with self._lock:
            return self._pool.call(function, *arguments)

    def stop(self) -> None:
        """Ends the process; who waits for it gets an error."""
        if isinstance(self._pool, WorkerPool):
            self._pool.stop()
            with self._lock:
                self._pool.end()


class FilmIntake:
    """Looks at a folder again and again, and takes in what is new. `start` and `stop` run it in a thread; `look` does
    it once. references: those of the job's brief, which it keeps too."""

    def __init__(
        self,
        out: Path,
        database: ReviewDatabase,
        media: MediaStore,
        follow_up: FollowUp,
        clock: Callable[[], float],
        make_pool: MakePool,
    ) -> None:
        self._out, self._database, self._media, self._clock = out, database, media, clock
        self._follow_up, self.references = follow_up, follow_up.references
        self._opened_at = clock()
        self._seen: dict[Path, tuple[int, int, int]] = {}
        self._calls, self._stills = _OneCall(make_pool()), _OneCall(make_pool())
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="film intake", daemon=True)

    def start(self) -> None:
        """Starts to look at the folder."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread and its process. What is half read is read again next time."""
        self._ended.set()
        for each in (self._calls, self._stills):
            each.stop()
        if self._thread.is_alive():
            self._thread.join()

    def call_for_page(self, function: Callable[..., T], *arguments: Any) -> T:
        """Calls a function for a page, in a process that does not read whole films. Raises what the function does, and
        SourceError or RetryError where the process ended."""
        return self._stills.call(function, *arguments)

    def look(self) -> int:
        """Takes in every film that is new, then reads the frames of those that wait. Returns how many were new."""
        new = 0
        for film in find_films(self._out):
            with suppress(OSError, AnswerprintError):
                state = film.state
                if self._seen.get(film.path) != state:
                    new += self._keep(film)
                    self._seen[film.path] = state
        for sha256 in self._waiting():
            if self._ended.is_set():
                return new
            self._read(sha256)
        self._follow_up.refresh_approved()
        self.references.keep(self._calls.call)
        return new

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                more = not self.look() and self._follow_up.judge_next()
            except Exception:
                if not self._ended.is_set():
                    log.exception("a film could not be taken in")
                more = False
            self._ended.wait(0 if more else LOOKS_EVERY_S)

    def _keep(self, film: FoundFilm) -> bool:
        """Keeps a film's file and writes its revision down. Returns whether it is new."""
        written_at = film.path.stat().st_mtime
        sha256 = self._media.keep(film.path)
        with self._database.writing() as session:
            row = session.scalar(select(FilmRow).where(FilmRow.name == film.name).with_for_update())
            if row is None:
                row = FilmRow(name=film.name, latest=0)
                session.add(row)
                session.flush()
            there = session.scalar(
                select(RevisionRow).where(RevisionRow.film_id == row.id, RevisionRow.sha256 == sha256)
            )
            if there is not None:
                there.released = there.released or film.released
                return False
            row.latest += 1
            shots = [SpanRow(name=str(name), first=first, stop=stop) for name, first, stop in film.shots]
            session.add(
                RevisionRow(
                    film_id=row.id, number=row.latest, sha256=sha256, file_name=film.path.name,
                    released=film.released, seen_at=self._clock(), watchable_s=None, receipt=film.receipt,
                    state="waiting", spans=shots,
                )
            )  # fmt: skip
        self._look_at(sha256, written_at)
        return True

    def _look_at(self, sha256: str, written_at: float) -> None:
        """Writes down what a film is, so that it can be watched before its frames are read."""
        path = self._media.film(sha256)
        assert path is not None
        try:
            look = self._calls.call(look_at, path)
        except RetryError:
            raise
        except AnswerprintError as fault:
            self._change(sha256, state="unreadable", why=str(fault))
            return
        waited = self._clock() - written_at if written_at >= self._opened_at else None
        self._change(
            sha256, frames=look.frames, rate_numerator=look.rate.numerator, rate_denominator=look.rate.denominator,
            width=look.width, height=look.height, samples=look.samples, codec=look.codec,
            playable=look.playable, timecode=look.timecode,
            watchable_s=waited if look.playable else None,
        )  # fmt: skip

    def _waiting(self) -> list[str]:
        """Returns the films whose frames are not read yet, by their SHA-256, newest first."""
        with self._database.reading() as session:
            wanted = select(RevisionRow.sha256).where(RevisionRow.state == "waiting")
            return list(dict.fromkeys(session.scalars(wanted.order_by(RevisionRow.id.desc()))))

    def _read(self, sha256: str) -> None:
        path, folder = self._media.film(sha256), self._media.folder(sha256)
        if path is None:
            self._change(sha256, state="unreadable", why="its kept file is gone")
            return
        try:
            found = self._row(sha256)
            if not found.frames:
                self._look_at(sha256, 0.0)
                found = self._row(sha256)
            if found.state == "waiting" and not found.playable:
                self._calls.call(write_proxy, path, folder / PROXY)
                fresh = found.seen_at >= self._opened_at
                self._change(sha256, watchable_s=self._clock() - found.seen_at if fresh else None)
            if found.state != "waiting":
                return
            made = self._calls.call(record_film, path, folder)
        except RetryError:
            return
        except AnswerprintError as fault:
            self._change(sha256, state="unreadable", why=str(fault))
            return
        self._change(sha256, state="ready", frame_hashes=made.frame_hashes, sound_hashes=made.sound_hashes)

    def _row(self, sha256: str) -> RevisionRow:
        with self._database.reading() as session:
            return session.scalars(select(RevisionRow).where(RevisionRow.sha256 == sha256)).all()[0]

    def _change(self, sha256: str, **values: object) -> None:
        with self._database.writing() as session:
            for row in session.scalars(select(RevisionRow).where(RevisionRow.sha256 == sha256)):
                for name, value in values.items():
                    setattr(row, name, value)
