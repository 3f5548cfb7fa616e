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
from post.review.films.references import BriefReferences
from post.review.films.revision_frames import frames_of
from post.review.judged.judge import FilmToJudge, judge_film, read_judged, write_failure
from post.signoff.binding import SeenFilm

log = logging.getLogger(__name__)


class FollowUp:
    """Does what films wait for once they are read, one film at a time. references: of the job's brief."""

    def __init__(
        self, database: ReviewDatabase, media: MediaStore, jobs: JobsAtHand, settings: Settings
    ) -> None:
        self._database, self._media, self._jobs, self._settings = database, media, jobs, settings
        self.references = BriefReferences(media, jobs)
        self._known: tuple[object, ...] | None = None
        self._judged: dict[str, str] = {}

    def judge_next(self) -> bool:
        """Checks and verifies the newest film that was not yet, or whose job asks for other checks now. Returns whether
        there was one."""
        with self._database.reading() as db:
            wanted = select(RevisionRow.id, RevisionRow.sha256, FilmRow.name).join(FilmRow)
            ready = db.execute(wanted.where(RevisionRow.state == "ready").order_by(RevisionRow.id.desc()))
            found = next((row for row in ready if not self._is_judged(row.sha256, row.name)), None)
            if found is None:
                return False
            revision, sha256, name = found
            row = db.get_one(RevisionRow, revision, options=[undefer(RevisionRow.receipt)])
            path, folder = self._media.film(sha256), self._media.folder(sha256)
            rate = Fraction(row.rate_numerator, row.rate_denominator)
            film = (
                FilmToJudge(path, name, rate, row.width, row.height, row.receipt, row.released)
                if path
                else None
            )
        try:
            if film is not None:
                judge_film(film, self._jobs.job(name), self._settings)
            else:
                write_failure(folder, self._jobs.check_identity(name), "its kept file is gone")
        except RetryError:
            return False
        except AnswerprintError as fault:
            write_failure(folder, self._jobs.check_identity(name), str(fault))
        return True

    def _is_judged(self, sha256: str, name: str) -> bool:
        """Says whether a film was checked, by what its job asks for now."""
        identity = self._jobs.check_identity(name)
        if self._judged.get(sha256) != identity:
            if read_judged(self._media.folder(sha256), identity) is None:
                return False
            self._judged[sha256] = identity
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
        film = self._jobs.with_stems(SeenFilm(name, frames, row.sha256)) if frames else None
        approved = film is not None and is_approved(self._jobs, film)
        if approved != row.approved:
            with self._database.writing() as db:
                db.get_one(RevisionRow, number).approved = approved
