"""What all routes of a server share: its settings, its database, its films, and the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request

from post.engine import WorkerPool
from post.errors import JobError
from post.review.database.open import ReviewDatabase, open_database
from post.review.decisions.jobs_at_hand import JobsAtHand
from post.review.films.follow_up import FollowUp
from post.review.films.media_store import MediaStore
from post.review.films.take_in import FilmIntake, MakePool
from post.review.settings import ReviewSettings


@dataclass(frozen=True, slots=True)
class OpenReview:
    """A review that is open. clock: seconds since 1970."""

    settings: ReviewSettings
    database: ReviewDatabase
    media: MediaStore
    intake: FilmIntake
    jobs: JobsAtHand
    clock: Callable[[], float]

    @property
    def people_file(self) -> Path:
        """The job's people file. Raises JobError where it names none."""
        people = self.jobs.people
        if people is None:
            raise JobError(
                "the job names no people", where=str(self.settings.job), expected="people: people.yaml"
            )
        return Path(people.where)

    def close(self) -> None:
        """Ends what runs for it."""
        self.intake.stop()
        self.database.close()


def one_worker() -> WorkerPool:
    """Returns a process for foreign films."""
    return WorkerPool(1)


def open_review(
    settings: ReviewSettings, clock: Callable[[], float] = time.time, make_pool: MakePool = one_worker
) -> OpenReview:
    """Opens a review: makes its folder and its database where there are none. Raises JobError or RetryError where the
    database cannot be used, OutputError where the folder cannot be written to."""
    settings.data.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database_url, clock())
    jobs = JobsAtHand(settings.job, settings.own.config)
    media = MediaStore(settings.data / "films")
    follow_up = FollowUp(database, media, jobs, settings.own)
    intake = FilmIntake(settings.out, database, media, follow_up, clock, make_pool)
    return OpenReview(settings, database, media, intake, jobs, clock)


def review_of(request: Request) -> OpenReview:
    """Returns the review that a request is about."""
    found = request.app.state.review
    assert isinstance(found, OpenReview)
    return found
