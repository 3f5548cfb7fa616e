"""A real film is checked and verified once it is read."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from post.api.checked import CheckReport, CheckRow
from post.review.films.follow_up import FollowUp
from post.review.judged.judge import FilmToJudge, _findings
from post.values.claim import Ruling
from tests.review.reviewing import Reviewing, make_film


def follow_up(at: Reviewing) -> FollowUp:
    review = at.review
    return FollowUp(review.database, review.media, review.jobs, review.settings.own)


def test_a_film_is_checked_and_verified(with_film: Reviewing) -> None:
    client = with_film.client()
    assert client.get("/api/revisions/1/findings").json()["state"] == "waiting"
    assert client.get("/api/revisions/1/provenance").json()["state"] == "waiting"
    made = follow_up(with_film)
    assert made.judge_next() is True
    assert made.judge_next() is False
    found = client.get("/api/revisions/1/findings").json()
    assert found["state"] == "ready"
    assert found["findings"]
    assert sum(found["counts"].values()) == len(found["findings"])
    for each in found["findings"]:
        assert each["verdict"] in {
            "pass", "fail", "warn", "needs_human", "not_applicable", "cannot_check", "waived",
        }  # fmt: skip
        assert each["first"] is None or 0 <= each["first"] < each["stop"]
        for frame in each["evidence"]:
            assert client.get(f"/media/1/frames/{min(frame, 23)}.png").status_code == 200
    said = client.get("/api/revisions/1/provenance").json()
    assert (said["state"], said["integrity"], said["signer"]) == ("ready", "absent", "none")
    assert said["tree"]["title"] == "film.mp4"


def test_a_candidate_is_not_blamed_for_what_only_signing_gives_it(at_work: Reviewing) -> None:
    make_film(at_work.out / "review" / "wide.mp4")
    at_work.take_in()
    make_film(at_work.out / "wide.mp4", "sea")  # released, but not signed: that is a fault
    at_work.take_in()
    made = follow_up(at_work)
    while made.judge_next():
        pass
    verdicts = {
        number: {
            each["id"]: each["verdict"]
            for each in at_work.client().get(f"/api/revisions/{number}/findings").json()["findings"]
        }
        for number in (1, 2)
    }
    assert (verdicts[1]["HOUSE-VALID"], verdicts[2]["HOUSE-VALID"]) == ("cannot_check", "fail")
    failed = [each for each, verdict in verdicts[1].items() if verdict == "fail"]
    assert failed == ["HOUSE-LABEL"]  # which is measured in the picture


def test_a_film_is_checked_again_where_its_job_asks_for_other_checks(with_film: Reviewing) -> None:
    client, job = with_film.client(), with_film.folder / "job.yaml"
    made = follow_up(with_film)
    while made.judge_next():
        pass
    before = client.get("/api/revisions/1/findings").json()
    job.write_text(job.read_text("utf-8") + "policies: [wcag]\n", "utf-8")
    assert client.get("/api/revisions/1/findings").json()["state"] == "waiting"
    assert made.judge_next() is True
    assert made.judge_next() is False
    after = client.get("/api/revisions/1/findings").json()
    assert after["state"] == "ready"
    assert after["policies"] != before["policies"]


def test_a_box_is_told_as_shares_of_the_frame() -> None:
    film = FilmToJudge(Path("wide.mp4"), "wide", Fraction(24), 160, 90, {}, released=True)
    ruling = Ruling("logo", "fail", at=((Fraction(1, 2), Fraction(1)),), box=(40, 45, 80, 90), frame=12)
    [found] = _findings(CheckReport((CheckRow(ruling, "house 1"),)), film).findings
    assert found.box == (0.25, 0.5, 0.25, 0.5)
    assert (found.first, found.stop, found.evidence) == (12, 24, [12])
