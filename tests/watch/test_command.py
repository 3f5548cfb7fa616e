"""The command watch with real clips and real films, as a service would run it."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from post.watch.journal import FILE, FOLDER
from tests.flow.warm_commands import answerprint
from tests.flow_job import make_clips
from tests.watch.post_house import TEMPLATE, Post
from tests.watch.told import named, read_events


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    make_clips(folder)
    return folder


@pytest.fixture
def post(clips: Path, tmp_path: Path) -> Post:
    made = Post(tmp_path, clips)
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "in").mkdir()
    return made


def test_each_good_clip_and_job_is_finished_once_and_the_rest_is_set_aside(post: Post) -> None:
    post.put("dusk.mp4", "Abend – été.mp4")
    (post.root / "in" / "Abend – été.json").write_text(json.dumps({"prompt": "a dusk", "model": "ltx-2"}))
    post.put("dusk.mp4", "b/copy of dusk.mp4")
    post.put("tall.mp4", "spot/tall.mp4")
    (post.root / "in/spot/job.yaml").write_text(
        TEMPLATE.replace("sample.mp4", "tall.mp4").replace("{clip}", "Spot")
    )
    half = post.put("sea.mp4", "half.mp4")
    half.write_bytes(half.read_bytes()[:5000])
    (post.root / "in" / "text.mp4").write_text("no film")
    events, report = post.root / "events", post.root / "junit.xml"
    done = post.watch("--events", str(events), "--junit", str(report))
    data = json.loads(done.out)
    assert (done.code, data["finished"], data["failed"], data["duplicates"], data["pending"]) == (
        3,
        2,
        2,
        1,
        0,
    )
    films = {Path(film) for item in data["items"] for film in item.get("films", ())}
    assert films == {post.root / "out" / name / "wide.mp4" for name in ("Abend – été", "spot")}
    for film in films:
        assert answerprint(post.root, "verify", film, "--json").data["conformance"]["failed"] == []
    (receipt,) = json.loads((post.root / "out" / "Abend – été" / "receipt.json").read_text())["receipts"]
    assert receipt["title"] == "Abend – été"
    assert "ltx-2" in json.dumps(receipt)
    failed = post.root / "in" / "failed"
    assert sorted(path.name for path in failed.iterdir()) == [
        "half.mp4", "half.mp4.reason.json", "text.mp4", "text.mp4.reason.json",
    ]  # fmt: skip
    said = json.loads((failed / "text.mp4.reason.json").read_text())
    assert said["errors"][0]["what"] == "is damaged, incomplete, or no media file"
    rows = read_events(events, watching=True)
    assert [row["path"] for row in named(rows, "duplicate")] == ["b/copy of dusk.mp4"]
    assert [row["item"] for row in named(rows, "done")] == ["Abend – été.mp4", "spot"]
    assert len(named(rows, "signed")) == 2
    suites = ET.parse(report).getroot()
    assert (suites.get("tests"), suites.get("failures")) == ("5", "2")
    again = post.watch().data
    assert (again["finished"], again["failed"], again["duplicates"]) == (0, 0, 0)


def test_a_watch_that_is_killed_in_the_middle_of_a_film_makes_each_once(post: Post) -> None:
    for clip in ("dusk", "tall", "sea"):
        post.put(f"{clip}.mp4", f"{clip}.mp4")
    for event in ("joined", "planned", "signed"):
        running = post.start()
        post.await_event(event)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        (post.root / "events").rename(post.root / f"events-{event}")
    assert post.watch("--events", str(post.root / "events")).code == 0
    films = {path.parent.name: path for path in (post.root / "out").glob("*/wide.mp4")}
    assert set(films) == {"dusk", "tall", "sea"}
    for film in films.values():
        assert answerprint(post.root, "verify", film).code == 0
    assert not list((post.root / "out").rglob("*.part"))
    runs = [read_events(path, watching=True) for path in post.root.glob("events*")]
    finished = [row["path"] for rows in runs for row in named(rows, "finished")]
    assert sorted(finished) == ["dusk.mp4", "sea.mp4", "tall.mp4"]


def test_a_second_watch_is_refused_and_a_stop_ends_the_first(post: Post) -> None:
    running = post.start()
    post.await_event("watching")
    second = post.watch()
    assert second.code == 75
    assert f"{post.root / 'out'}: another watch has this folder; got" in second.said
    post.put("tall.mp4", "tall.mp4")
    post.await_event("planned")
    os.kill(running.pid, signal.SIGTERM)
    assert running.wait() == 0
    rows = read_events(post.root / "events", watching=True)
    assert rows[-1] | {"at": "", "seq": 0} == {
        "at": "", "seq": 0, "event": "stopped", "finished": 1, "failed": 0, "unapproved": 0, "duplicates": 0,
        "pending": 0,
    }  # fmt: skip
    assert (post.root / "out" / "tall" / "wide.mp4").exists()


def test_a_clip_that_comes_is_heard_of(post: Post) -> None:
    """By the system's events where it has them, else by looking again."""
    running = post.start("--poll") if os.name != "posix" else post.start()
    post.await_event("watching")
    (post.root / "in" / "later.mp4.part").write_text("no film")
    (post.root / "in" / "later.mp4.part").rename(post.root / "in" / "later.mp4")
    post.await_event("failed")
    os.kill(running.pid, signal.SIGINT)
    assert running.wait() == 0
    assert (post.root / "in" / "failed" / "later.mp4").exists()


REFUSED: dict[str, tuple[Callable[[Post], tuple[str, ...]], str]] = {
    "a template without a take": (
        lambda post: write(
            post, TEMPLATE.replace("takes: {clip: sample.mp4}", "takes: {a: a.mp4, b: b.mp4}")
        ),
        "template.yaml:6: takes: no take for the clip; expected a take named clip, or one alone, got a, b",
    ),
    "a template that is wrong": (
        lambda post: write(post, TEMPLATE.replace("clock: 24", "clock: soon")),
        "template.yaml:4: clock: not a frame rate; expected",
    ),
    "a template with a key that is not there": (
        lambda post: write(post, TEMPLATE + "provenance: {key: studio}\n"),
        "studio",
    ),
    "films among clips": (lambda post: ("-o", f"{post.root}/in"), "films would be taken for clips"),
    "two kinds of history": (
        lambda post: ("--forget", "--rebuild"),
        "watch: --forget and --rebuild both given",
    ),
    "two results on stdout": (lambda post: ("--events", "-"), "--events -: both are written to stdout"),
    "events to a folder": (lambda post: ("--events", str(post.root)), "the events cannot be written"),
}


def write(post: Post, template: str) -> tuple[str, ...]:
    (post.root / "template.yaml").write_text(template)
    return ()


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_from_the_start_is_said_before_anything_is_taken(name: str, post: Post) -> None:
    make, said = REFUSED[name]
    post.put("tall.mp4", "tall.mp4")
    done = post.watch(*make(post))
    assert (done.code in (2, 6), done.out) == (True, ""), done.said
    assert said in done.said
    assert sorted(path.name for path in (post.root / "in").iterdir()) == ["tall.mp4"]
    assert not (post.root / "out" / FOLDER / FILE).exists()


def test_a_folder_that_is_not_there_is_refused(post: Post) -> None:
    (post.root / "in").rmdir()
    done = post.watch()
    assert (done.code, done.said) == (
        2, f"{post.root / 'in'}: no folder to watch; got nothing; make it first\n",
    )  # fmt: skip


def test_finish_tells_what_it_does_and_reports_each_film(post: Post) -> None:
    job, out, events = post.root / "job.yaml", post.root / "out", post.root / "events"
    job.write_text(TEMPLATE.replace("sample.mp4", str(post.clips / "tall.mp4")))
    words = ("finish", job, "-o", out, "--store", post.root / "store")
    told = answerprint(post.root, *words, "--events", "-", "--junit", post.root / "films.xml")
    assert told.code == 0, told.said
    events.write_text(told.out)
    rows = read_events(events)
    assert [row["event"] for row in rows if row["event"] != "result"] == [
        "start", "planned", "joined", "checked", "signed", "done",
    ]  # fmt: skip
    plan = named(rows, "planned")[0]
    assert [row["made"] for row in named(rows, "result")] == [True] * plan["to_make"]
    (film,) = rows[-1]["films"]
    assert film["path"] == str(out / "wide.mp4")
    assert ET.parse(post.root / "films.xml").getroot().get("tests") == "1"
    events.unlink()
    assert answerprint(post.root, *words, "--events", events, "--json").code == 0
    assert [row["event"] for row in read_events(events)][-2:] == ["kept", "done"]


def test_an_error_is_told_as_an_event_and_in_the_report(post: Post) -> None:
    job, report = post.root / "job.yaml", post.root / "films.xml"
    job.write_text(TEMPLATE.replace("clock: 24", "clock: soon"))
    done = answerprint(post.root, "finish", job, "-o", post.root / "out", "--events", "-", "--junit", report)
    events = post.root / "events"
    events.write_text(done.out)
    (error,) = named(read_events(events), "error")
    assert error["exit_code"] == done.code == 2
    assert {row["where"] for row in error["errors"]} >= {f"{job}:4: clock"}
    failures = [case.find("failure") for case in ET.parse(report).getroot().iter("testcase")]
    assert len(failures) == len(error["errors"])
    assert all(failure is not None and (failure.text or "-") in done.said for failure in failures)


def test_a_report_of_verify_has_a_case_for_each_finding(post: Post) -> None:
    report = post.root / "report.xml"
    done = answerprint(post.root, "verify", post.clips / "tall.mp4", "--junit", report)
    cases = {
        str(case.get("name")): case.find("failure") for case in ET.parse(report).getroot().iter("testcase")
    }
    assert done.code == 6
    assert list(cases) == ["integrity", "signer", "chain", "conformance", "nothing unhashed"]
    failed: dict[str, Any] = {name: case.get("message") for name, case in cases.items() if case is not None}
    assert failed["integrity"].startswith("absent")
    assert failed["conformance"] == "no rule was checked"
