"""The command watch with a template that has gates: real clips wait, and go out once they are approved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.flow.commands import Answer
from tests.flow.warm_commands import answerprint
from tests.flow_job import make_clips
from tests.watch.post_house import TEMPLATE, Post
from tests.watch.told import named, read_events

GATED = TEMPLATE + "people: people.yaml\ngates: {release: {roles: [creative]}}\n"


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    make_clips(folder)
    return folder


@pytest.fixture
def post(clips: Path, tmp_path: Path) -> Post:
    made = Post(tmp_path, clips)
    (tmp_path / "template.yaml").write_text(GATED)
    (tmp_path / "in").mkdir()
    entry = answerprint(tmp_path, "keys", "new", "ana", "--person", "--no-passphrase", "--json").data["entry"]
    person = f"{{id: ana, name: Ana, kind: person, roles: [creative], keys: [{entry}]}}"
    (tmp_path / "people.yaml").write_text(f"people:\n  - {person}\n")
    return made


def decide(post: Post, verb: str, clip: str, *more: str) -> Answer:
    film = post.root / "out" / clip / "review" / "wide.mp4"
    if verb == "approve":  # of films as small and coarse as these, no label can be read
        more = (*more, "--waive", "HOUSE-LABEL")
    return answerprint(post.root, verb, film, "--role", "creative", "--key", "ana", "--json", *more)


def watched(post: Post, *more: str) -> dict[str, Any]:
    done = post.watch(*more)
    assert done.code == 0, done.said
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_clips_wait_for_approval_and_each_goes_out_once_it_has_one(post: Post) -> None:
    for clip in ("dusk", "sea"):
        post.put(f"{clip}.mp4", f"{clip}.mp4")
    events, report = post.root / "events", post.root / "junit.xml"
    data = watched(post, "--events", str(events), "--junit", str(report))
    assert (data["finished"], data["failed"], data["unapproved"], data["pending"]) == (0, 0, 2, 0)
    assert [item["state"] for item in data["items"]] == ["unapproved"] * 2
    assert [error["expected"] for item in data["items"] for error in item["errors"]] == [
        "an approval by ana"
    ] * 2
    for item in data["items"]:
        (candidate,) = item["candidates"]
        assert Path(candidate).is_file()
        assert candidate in item["errors"][0]["fix"]
    rows = read_events(events, watching=True)
    assert len(named(rows, "unapproved")) == 2
    assert not (post.root / "in" / "failed").exists()
    suite = ET.parse(report).getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("2", "0", "2")
    assert "an approval by ana" in (suite.find(".//skipped").text or "")  # type: ignore[union-attr]

    assert decide(post, "approve", "dusk").code == 0
    assert decide(post, "reject", "sea", "--comment", "too dark").code == 0
    events.unlink()
    data = watched(post, "--events", str(events))
    assert (data["finished"], data["unapproved"]) == (1, 1)
    assert {item["state"]: item["path"] for item in data["items"]} == {
        "finished": "dusk.mp4", "unapproved": "sea.mp4",
    }  # fmt: skip
    (waits,) = [item for item in data["items"] if item["state"] == "unapproved"]
    assert waits["rejected"] == ["wide: ana rejected it as creative at release: too dark"]
    film = post.root / "out" / "dusk" / "wide.mp4"
    assert answerprint(post.root, "verify", film).code == 0
    assert not (post.root / "out" / "sea" / "wide.mp4").exists()
    assert not (post.root / "out" / "dusk" / "review").exists()

    rows = read_events(events, watching=True)
    assert [row["item"] for row in named(rows, "planned")] == ["dusk.mp4"] * 2  # the candidate, and the film
    events.unlink()
    assert watched(post, "--events", str(events))["unapproved"] == 1
    assert named(read_events(events, watching=True), "planned") == []

    assert decide(post, "approve", "sea").code == 0
    assert watched(post)["finished"] == 1
    assert watched(post)["unapproved"] == 0


def test_a_template_without_its_gates_lets_nothing_out_that_waited(post: Post) -> None:
    post.put("dusk.mp4", "dusk.mp4")
    assert watched(post)["unapproved"] == 1
    (post.root / "template.yaml").write_text(TEMPLATE)
    data = watched(post)
    assert (data["finished"], data["unapproved"]) == (0, 1)
    assert not list((post.root / "out").glob("*/wide.mp4"))
