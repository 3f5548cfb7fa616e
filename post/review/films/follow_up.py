"""What follows once a film's frames are read: it is checked and verified, and its approvals are looked up."""

from __future__ import annotations

import logging
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import undefer

from post.api.settings import Settings
from post.errors import AnswerprintError, RetryError
from post.review.database.open import ReviewDatabase
from post.review.database.tables import FilmRow, RevisionRow
from post.review.decisions.film_state import is_approved
from post.review.decisions.jobs_at_hand import JobsAtHand
from post.review.films.media_store import MediaStore
from post.review.films.revision_frames import frames_of
from post.review.judged.judge import judge_film, read_judged, write_failure
from post.signoff.binding import SeenFilm

log = logging.getLogger(__name__)


class FollowUp:
    """Does what films wait for once they are read, one film at a time."""

    def __init__(
        self, database: ReviewDatabase, media: MediaStore, jobs: JobsAtHand, settings: Settings
    ) -> None:
        self._database, self._media, self._jobs, self._settings = database, media, jobs, settings
        self._known: tuple[object, ...] | None = None

    def judge_next(self) -> bool:
        """Checks and verifies the newest film that was not yet. Returns whether there was one."""
        with self._database.reading() as db:
            wanted = select(RevisionRow.sha256).where(RevisionRow.state == "ready")
            done = (each for each in db.scalars(wanted.order_by(RevisionRow.id.desc())))
            sha256 = next((each for each in done if read_judged(self._media.folder(each)) is None), None)
            if sha256 is None:
                return False
            found = select(RevisionRow, FilmRow.name).join(FilmRow).where(RevisionRow.sha256 == sha256)
            row, name = db.execute(found.options(undefer(RevisionRow.receipt))).all()[0]
            receipt, rate = row.receipt, Fraction(row.rate_numerator, row.rate_denominator)
        film, folder = self._media.film(sha256), self._media.folder(sha256)
        try:
            if film is not None:
                judge_film(film, self._jobs.job(name), receipt, self._settings, rate)
            else:
                write_failure(folder, "its kept file is gone")
        except RetryError:
            return False
        except AnswerprintError as fault:
            write_failure(folder, str(fault))
        return True

    def refresh_approved(self) -> None:
        """Writes down which revisions every gate is met for, where the log, the job or the revisions changed."""
        with self._database.reading() as db:
            ready = select(RevisionRow.id, RevisionRow.state).where(RevisionRow.state == "ready")
            revisions = tuple(db.execute(ready.order_by(RevisionRow.id)))
            names = {film.id: film.name for film in db.scalars(select(FilmRow))}
        signoffs = {name: self._jobs.signoff(name) for name in names.values()}
        states = {self._jobs.log_state(each) for each in signoffs.values() if each is not None}
        known = (revisions, frozenset(states))
        if known == self._known:
            return
        for number, _ in revisions:
            self._refresh(number, names)
        self._known = known

    def _refresh(self, number: int, names: dict[int, str]) -> None:
        with self._database.reading() as db:
            hashes = undefer(RevisionRow.frame_hashes), undefer(RevisionRow.sound_hashes)
            row = db.scalars(select(RevisionRow).where(RevisionRow.id == number).options(*hashes)).one()
        frames, name = frames_of(row), names.get(row.film_id, "")
        approved = frames is not None and is_approved(self._jobs, SeenFilm(name, frames, row.sha256))
        if approved != row.approved:
            with self._database.writing() as db:
                db.get_one(RevisionRow, number).approved = approved
