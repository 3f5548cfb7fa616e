"""A real film is checked and verified once it is read; the numbers come from the log."""

from __future__ import annotations

from datetime import UTC, datetime

from post.api.stores import open_stores
from post.preview.history import remember_time
from post.review.films.follow_up import FollowUp
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


def test_numbers_come_from_the_log(with_film: Reviewing) -> None:
    _, kept = open_stores(with_film.review.settings.own)
    for seconds in (1.0, 3.0):
        remember_time(kept, with_film.review.settings.job, seconds)
    make_film(with_film.out / "wide.mp4", "sea")
    with_film.clock.at += 86_400
    with_film.take_in()
    with_film.clients.clear()  # a session lasts for half a day
    said = with_film.client().get("/api/numbers").json()
    days = [datetime.fromtimestamp(1_800_000_000 + step, UTC).date().isoformat() for step in (0, 86_400)]
    assert said["versions"] == [[day, 1] for day in days]
    assert said["versions_per_day"] == 1.0
    assert said["preview"] == [1.0, 3.0, 2]
    assert (said["rounds"], said["rounds_per_approval"]) == ([], None)
    from sqlalchemy import text

    with with_film.review.database.writing() as db:
        db.execute(text("UPDATE revisions SET approved = true, watchable_s = 2.5 WHERE number = 2"))
    said = with_film.client().get("/api/numbers").json()
    assert said["rounds"] == [["wide", 2]]
    assert said["rounds_per_approval"] == 2.0
    assert said["watchable"] == [2.5, 2.5, 1]
    assert "2.5 s" in with_film.client().get("/numbers").text
