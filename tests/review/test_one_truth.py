"""The page, `approve` and `check` say the same of the same film."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from post import FinishOptions, finish_job
from post.api.checking import CheckRequest, check_films, finished_films
from post.api.plans import plan_in
from post.api.settings import Settings
from post.api.signoff.candidates import CandidateChecks
from post.api.signoff.deciding import Wish, decide
from post.api.signoff.state import LoggedFilm, read_signoff
from post.api.signoff.told import UnapprovedFilms
from post.engine import InProcess, WorkerPool
from post.errors import ApprovalError
from post.review.database.tables import RevisionRow
from post.review.films.follow_up import FollowUp
from post.review.films.revision_frames import frames_of
from post.review.judged.judge import read_judged
from post.review.open_review import OpenReview, open_review
from post.review.settings import ReviewSettings
from post.signoff.binding import DecisionAsked, SeenFilm
from provenance.approval.machine_checks import MachineCheck
from provenance.approval.statement import FilmDecision, subject_json
from tests.provenance.approval.approval_desk import TIME, signer
from tests.qc.flash.made import write_film

JOB = """schema: Job.2
title: Marked
clock: 24
house: plain
takes: {a: {file: a.mp4, generator: {model: veo-3, visible_mark: veo}}}
cut: [{take: a, in: 0.25s, length: 0.5s, reframe: {keep: [[0.8, 0.8, 0.95, 0.95]]}}]
policies: [house-default, marks.yaml]
people: people.yaml
gates: {release: {roles: [creative]}}
deliver: [{preset: draft, name: film, width: 160, height: 90}]
"""
PEOPLE = "people: [{{id: ana, name: Ana, kind: person, roles: [creative], keys: [{{kind: ed25519, public: {0}}}]}}]"


MARKS = """profile: marks
version: '1'
valid: {from: 2026-01-01}
sources: [{id: s, title: S, date: 2026-01-01, confidence: A}]
rules:
  - id: KEPT
    force: house
    clause: {source: s, at: '1'}
    check: {type: vendor_mark.kept, params: {correlation_percent: 50}}
"""


class MarkedFilm:
    """A job whose one take shows a generator's mark, its candidate, and a review of it."""

    def __init__(self, folder: Path) -> None:
        noise = np.random.default_rng(3).random((90, 200)) * 0.5 + 0.2
        write_film(folder / "a.mp4", lambda at: noise[:, at : at + 160], 30)
        self.job, self.out = folder / "job.yaml", folder / "out"
        self.job.write_text(JOB)
        (folder / "marks.yaml").write_text(MARKS)
        (folder / "people.yaml").write_text(PEOPLE.format(signer("ana").public))
        self.settings = Settings(folder / "config", folder / "store", folder / "store")
        with pytest.raises(UnapprovedFilms):
            finish_job(self.job, self.out, FinishOptions(workers=1), self.settings)

    def reviewed(self) -> OpenReview:
        settings = ReviewSettings(self.job, self.out, self.job.parent / "data", own=self.settings)
        review = open_review(settings, make_pool=InProcess)
        review.intake.look()
        FollowUp(review.database, review.media, review.jobs, self.settings).judge_next()
        return review

    def check(self, out: Path | None = None) -> tuple[LoggedFilm, Sequence[MachineCheck]]:
        with WorkerPool(1) as pool:
            found = read_signoff(pool, self.job, self.settings.config)
            return CandidateChecks(pool, self.job, self.settings, out).check(found.films[0])

    def approve(self) -> FilmDecision:
        _, checks = known = self.check()
        failed = tuple({each.id for each in checks if each.verdict == "fail"})
        wish = Wish("approve", "release", "creative", waived=failed)
        with WorkerPool(1) as pool:
            found = read_signoff(pool, self.job, self.settings.config)
        return decide(found, wish, signer("ana"), lambda _: known)[0].decision


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> MarkedFilm:
    return MarkedFilm(tmp_path_factory.mktemp("marked"))


def test_the_page_finds_what_check_finds_of_the_films(made: MarkedFilm) -> None:
    review = made.reviewed()
    [film] = (review.settings.data / "films").iterdir()
    judged = read_judged(film, review.jobs.check_identity("film"))
    assert judged is not None
    review.close()
    with WorkerPool(1) as pool:
        versions = plan_in(pool, made.job, made.settings).versions
        films, missing = finished_films(versions, made.out / "review", CheckRequest())
        assert missing == []
        report = check_films(films, (), pool)
    told = {row.ruling.id: (row.ruling.verdict, row.ruling.measured) for row in report.rows}
    shown = {row["id"]: (row["verdict"], row["measured"]) for row in judged["findings"]["findings"]}
    assert shown.keys() == told.keys()
    # A candidate is not signed: of what only signing gives it, the page says that it is checked later.
    later = {name for name, (verdict, _) in shown.items() if verdict == "cannot_check"}
    assert {name: shown[name] for name in shown.keys() - later} == {
        name: told[name] for name in told.keys() - later
    }
    assert shown["KEPT"][0] in ("pass", "fail")  # nobody but the job says which marks its take has


def test_the_page_and_the_command_sign_about_the_same_film(made: MarkedFilm) -> None:
    review = made.reviewed()
    with review.database.reading() as db:
        hashes = undefer(RevisionRow.frame_hashes), undefer(RevisionRow.sound_hashes)
        row = db.scalars(select(RevisionRow).options(*hashes)).one()
        frames, sha256 = frames_of(row), row.sha256
    signoff = review.jobs.signoff("film")
    assert signoff is not None
    assert frames is not None
    asked = DecisionAsked("approve", "release", "creative", "ana")
    on_the_page = signoff.draft(asked, SeenFilm("film", frames, sha256), signoff.read(), TIME)
    review.close()
    decided = made.approve()
    assert subject_json(decided.film) == subject_json(on_the_page.film)
    assert (decided.terms, decided.seen) == (on_the_page.terms, on_the_page.seen)


def test_a_film_that_the_job_no_longer_makes_is_not_approved(made: MarkedFilm) -> None:
    made.job.write_text(JOB.replace("in: 0.25s", "in: 0.3s"))
    with pytest.raises(ApprovalError, match="is not what the job makes now.*finish` again"):
        made.check()
    made.job.write_text(f"# a remark changes no film\n{JOB}")
    assert made.check()[0].film.name == "film"
    made.job.write_text(JOB)


def test_a_film_that_is_elsewhere_is_asked_for(made: MarkedFilm, tmp_path: Path) -> None:
    with pytest.raises(ApprovalError, match="not at hand.*-o OUT"):
        made.check(tmp_path)
