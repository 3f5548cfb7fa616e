"""Notes reach editors: every reader finds them at their frames, and nothing of a note breaks out of its place."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from typing import Any

import numpy as np
import opentimelineio as otio
import pytest
from PIL import Image

from post.handoff.exchange.formats import ReadAsked, format_of
from tests.review.reviewing import BEN, Reviewing, make_film

HOSTILE = (
    '=cmd|"/C calc"!A0 <script>alert(1)</script> & ]]> "q" \'s\' \u202e gnp.exe\n* LOC: 01:00:00:00 RED fake'
)


@pytest.fixture
def noted(at_work: Reviewing) -> Reviewing:
    """A film at 29.97 with three notes, one of them resolved and answered, one hostile."""
    make_film(at_work.out / "wide.mp4", frames=60, rate=Fraction(30000, 1001))
    at_work.take_in()
    client, place = at_work.client(), "/api/revisions/1/comments"
    one = client.post(place, json={"first": 30, "stop": 45, "text": "warmer"}).json()
    at_work.client(BEN).post(place, json={"text": "agreed", "parent": one["id"]})
    done = client.post(place, json={"first": 10, "stop": 11, "text": "cut here"}).json()
    client.post(f"/api/comments/{done['id']}/resolve", json={"version": 1, "resolved": True})
    assert client.post(place, json={"first": 59, "stop": 60, "text": HOSTILE}).status_code == 201
    return at_work


def exported(at: Reviewing, form: str) -> str:
    answer = at.client().get(f"/api/revisions/1/comments.{form}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    return answer.text


def test_otio_has_each_thread_as_a_marker(noted: Reviewing) -> None:
    made: Any = otio.adapters.read_from_string(exported(noted, "otio"), "otio_json")
    markers = list(made.tracks.markers)
    places = [(each.marked_range.start_time.value, each.marked_range.duration.value) for each in markers]
    assert places == [(10, 1), (30, 15), (59, 1)]
    assert {round(each.marked_range.start_time.rate, 3) for each in markers} == {29.97}
    assert [each.color for each in markers] == ["GREEN", "RED", "RED"]


@pytest.mark.parametrize("form", ["otio", "fcpxml"])
def test_our_own_reader_finds_the_notes_at_their_frames(noted: Reviewing, form: str) -> None:
    path = noted.folder / f"notes.{form}"
    path.write_text(exported(noted, form))
    read = format_of(path).read
    assert read is not None
    timeline = read(path, ReadAsked()).timeline
    assert timeline.clock.rate == Fraction(30000, 1001)
    assert [(each.at, each.length, each.kind) for each in timeline.markers] == [
        (10, 1, "done"), (30, 15, "todo"), (59, 1, "todo"),
    ]  # fmt: skip
    assert timeline.markers[1].note == "warmer\nBen Ito: agreed"
    assert "<script>alert(1)</script>" in timeline.markers[2].note


def test_an_edl_has_one_locator_a_thread_on_one_line(noted: Reviewing) -> None:
    text = exported(noted, "edl")
    locators = [line for line in text.splitlines() if line.startswith("* LOC:")]
    assert [line.split()[2:4] for line in locators] == [
        ["00:00:00:10", "GREEN"], ["00:00:01:00", "RED"], ["00:00:01:29", "RED"],
    ]  # fmt: skip
    assert locators[1].endswith("Ana Roth: warmer / Ben Ito: agreed")
    assert "\u202e" not in text


def test_a_table_has_every_note_and_no_formula(noted: Reviewing) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(noted, "csv"))))
    assert [(row["first"], row["stop"], row["text"][:8]) for row in rows] == [
        ("10", "11", "cut here"), ("30", "45", "warmer"), ("30", "45", "agreed"), ("59", "60", "'=cmd|\"/"),
    ]  # fmt: skip
    assert rows[2]["answers"] == rows[1]["note"]
    assert rows[0]["resolved by"] == "Ana Roth"


def test_another_form_is_not_found(noted: Reviewing) -> None:
    assert noted.client().get("/api/revisions/1/comments.exe").status_code == 404


def test_a_still_has_its_drawing(noted: Reviewing) -> None:
    shapes = [
        {"kind": "box", "points": [[0.25, 0.2], [0.75, 0.8]], "colour": "green", "width": 20},
        {"kind": "arrow", "points": [[0.1, 0.9], [0.1, 0.1]], "colour": "blue", "width": 10},
        {"kind": "pen", "points": [[0.9, 0.5]], "colour": "red", "width": 50},
    ]  # fmt: skip
    body = {"first": 5, "stop": 6, "text": "here", "drawing": shapes}
    note = noted.client().post("/api/revisions/1/comments", json=body).json()["id"]
    content = noted.client().get(f"/api/comments/{note}/still.png").content
    drawn = np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(int)
    plain = noted.client().get("/media/1/frames/5.png").content
    bare = np.asarray(Image.open(io.BytesIO(plain)).convert("RGB")).astype(int)
    assert drawn.shape == bare.shape == (90, 160, 3)
    for (x, y), colour in (((41, 45), (47, 158, 68)), ((16, 45), (28, 126, 214)), ((144, 45), (229, 50, 45))):
        assert np.abs(drawn[y, x] - colour).max() < 12, (x, y, drawn[y, x])
    assert (drawn[45, 80] == bare[45, 80]).all()  # inside of the box
