"""The film that a brief refers to is kept, and played beside revisions; what is no film is left out."""

from __future__ import annotations

from tests.review.reviewing import Reviewing, make_film

BRIEF = """
schema: Brief.1
title: Small
objective: A day.
beats: [{id: dusk, says: dusk falls}]
references:
  - {file: mood.mp4, says: no film at all}
  - {id: mood, file: real.mp4, says: this light}
"""


def test_the_film_that_the_brief_refers_to_is_played_by_whoever_is_signed_in(with_film: Reviewing) -> None:
    assert with_film.client().get("/api/revisions/1").json()["reference"] is None
    assert with_film.client().get("/media/1/reference").status_code == 404
    folder = with_film.folder
    (folder / "mood.mp4").write_bytes(b"no film")
    real = make_film(folder / "real.mp4", "sea", frames=12)
    (folder / "brief.yaml").write_text(BRIEF, "utf-8")
    job = folder / "job.yaml"
    job.write_text(job.read_text("utf-8") + "brief: brief.yaml\n", "utf-8")
    with_film.take_in()
    found = with_film.client().get("/api/revisions/1").json()["reference"]
    assert found == {"url": "/media/1/reference", "says": "this light", "rate": [24, 1], "frames": 12}
    assert with_film.client().get(found["url"]).content == real.read_bytes()
    assert with_film.stranger().get(found["url"]).status_code == 401
    assert "the brief&#39;s reference: wipe" in with_film.client().get("/films/1").text


def test_a_reference_that_browsers_do_not_play_gets_a_proxy(with_film: Reviewing) -> None:
    folder = with_film.folder
    (folder / "mood.mp4").write_bytes(b"no film")
    real = make_film(folder / "real.mp4", "sea", frames=12, codec="libx265")
    (folder / "brief.yaml").write_text(BRIEF, "utf-8")
    job = folder / "job.yaml"
    job.write_text(job.read_text("utf-8") + "brief: brief.yaml\n", "utf-8")
    with_film.take_in()
    found = with_film.client().get("/api/revisions/1").json()["reference"]
    assert found["frames"] == 12
    assert with_film.client().get(found["url"]).content != real.read_bytes()
