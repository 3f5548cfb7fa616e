"""Runs that come at once: one owns the folder, the others are refused by name or wait; no receipt is lost."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import av
import pytest

from post.deliver.output_set import LOCK
from post.owned import editing, owned
from presets.yaml_nodes import Written, read
from tests.flow.warm_commands import answerprint, start
from tests.flow_job import JOB, make_clips

pytestmark = pytest.mark.slow
# Long enough that a second run comes while the first is at work.
LARGER = JOB.replace("width: 160\n    height: 90", "width: 640\n    height: 360")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two")
    make_clips(folder)
    (folder / "job.yaml").write_text(LARGER)
    (folder / "other.yaml").write_text(
        LARGER.replace("title: Small", "title: Other").replace("Salt", "Pepper")
    )
    return folder


def arguments(folder: Path, job: str, out: str) -> tuple[str | Path, ...]:
    return "finish", folder / job, "-o", folder / out, "--store", folder / "store", "--json"


def test_a_run_into_a_folder_that_has_an_owner_is_refused_by_name_or_waits(folder: Path) -> None:
    out = folder / "out"
    out.mkdir()
    with owned(out / LOCK, str(out)):
        refused = answerprint(folder, *arguments(folder, "job.yaml", "out"))
        waiting = start(folder, *arguments(folder, "job.yaml", "out"), "--wait")
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(4)
    assert waiting.wait() == 0
    assert refused.code == 75
    assert f"{out}: is being written to by somebody else; got" in refused.said
    assert f"process {os.getpid()}, since 20" in refused.said
    assert answerprint(folder, "verify", out / "wide.mp4").code == 0
    assert sorted(path.name for path in out.iterdir()) == ["receipt.json", "report.html", "wide.mp4"]


def test_of_two_jobs_at_once_into_one_folder_the_set_is_that_of_one(folder: Path) -> None:
    """Whichever comes first: the other waits, and its set takes the place of the first one's."""
    jobs = ("job.yaml", "other.yaml")
    running = [start(folder, *arguments(folder, job, "both-jobs"), "--wait") for job in jobs]
    assert [each.wait() for each in running] == [0, 0]
    out = folder / "both-jobs"
    (receipt,) = json.loads((out / "receipt.json").read_text())["receipts"]
    verified = answerprint(folder, "verify", out / "wide.mp4", "--crjson")
    assert verified.code == 0
    assert json.dumps(receipt["title"]) in verified.out
    assert receipt["title"] in (out / "report.html").read_text()


def test_eight_finishes_at_once_on_one_store_make_what_one_makes(folder: Path) -> None:
    """Two jobs with one deliverable name in each of four folders; the store is cold, then warm."""
    for job, text in (("job", JOB), ("other", JOB.replace("title: Small", "title: Other"))):
        (folder / f"small-{job}.yaml").write_text(text.replace("Salt", job))
    store = ("--store", folder / "store-of-eight")
    made: dict[str, set[str]] = {}
    for heat in ("cold", "warm"):
        outs = [folder / f"{heat}-{number}" for number in range(4)]
        running = [
            start(
                folder, "finish", folder / f"small-{job}.yaml", "-o", out, *store, "--workers", "1", "--wait"
            )
            for out in outs
            for job in ("job", "other")
        ]
        assert [each.wait() for each in running] == [0] * 8
        for out in outs:
            (receipt,) = json.loads((out / "receipt.json").read_text())["receipts"]
            found = answerprint(folder, "verify", out / "wide.mp4", "--crjson")
            assert found.code == 0, found.said
            assert json.dumps(receipt["title"]) in found.out
            assert receipt["title"] in (out / "report.html").read_text()
            with av.open(str(out / "wide.mp4")) as film:
                assert sum(1 for _ in film.decode(video=0)) == receipt["frames"]
            made.setdefault(receipt["title"], set()).add(receipt["sha256"])
            assert sorted(path.name for path in out.iterdir()) == ["receipt.json", "report.html", "wide.mp4"]
    assert {title: len(films) for title, films in made.items()} == dict.fromkeys(made, 1)
    assert list((folder / "store-of-eight").rglob("*.part")) == []


def test_another_job_and_one_deliverable_alone_keep_the_other_receipts(folder: Path) -> None:
    two = LARGER + "  - {preset: draft, name: tall, width: 90, height: 160}\n"
    (folder / "two.yaml").write_text(two)
    assert answerprint(folder, *arguments(folder, "two.yaml", "both")).code == 0
    assert answerprint(folder, *arguments(folder, "two.yaml", "both"), "--only", "tall").code == 0
    receipts = json.loads((folder / "both" / "receipt.json").read_text())["receipts"]
    assert sorted(row["name"] for row in receipts) == ["tall", "wide"]


def test_eight_clips_that_arrive_at_once_are_all_in_the_job(folder: Path) -> None:
    room = folder / "eight"
    room.mkdir()
    job = room / "job.yaml"
    job.write_text("schema: Job.2\ntakes:  # as they arrive\n  first: first.mp4\ncut: [first]\n")
    for number in range(8):
        box = bytes([0, 0, 0, 9]) + b"free" + bytes([number])  # no two clips are the same
        (room / f"clip-{number}.mp4").write_bytes((folder / "dusk.mp4").read_bytes() + box)
    running = [
        start(folder, "ingest", room / f"clip-{number}.mp4", "--job", job, "--model", f"m{number}")
        for number in range(8)
    ]
    assert [each.wait() for each in running] == [0] * 8
    takes = read(Written(job, str(job))).plain()["takes"]
    assert sorted(takes) == sorted(["first", *(f"clip-{number}" for number in range(8))])
    assert {name: take["generator"]["model"] for name, take in takes.items() if name != "first"} == {
        f"clip-{number}": f"m{number}" for number in range(8)
    }
    assert sorted(path.name for path in room.iterdir()) == sorted(
        ["job.yaml", *(f"clip-{n}.mp4" for n in range(8))]
    )


def test_an_ingest_waits_for_whoever_edits_the_job(folder: Path) -> None:
    job = folder / "kept.yaml"
    job.write_text("schema: Job.2\ncut: []\n")
    with editing(job):
        waiting = start(folder, "ingest", folder / "dusk.mp4", "--job", job)
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(5)
        assert "takes" not in job.read_text()
    assert waiting.wait() == 0
    assert "dusk" in job.read_text()


def test_of_several_first_jobs_at_once_one_is_written(folder: Path) -> None:
    clips = ("dusk.mp4", "tall.mp4", "sea.mp4")
    running = [start(folder, "new", folder / "first", "--clips", folder / clip) for clip in clips]
    codes = [each.wait() for each in running]
    assert sorted(codes) == [0, 2, 2]
    assert clips[codes.index(0)] in (folder / "first" / "job.yaml").read_text()
    assert sorted(path.name for path in (folder / "first").iterdir()) == ["brief.yaml", "job.yaml"]


def test_links_planted_in_the_output_folder_are_not_followed(folder: Path) -> None:
    out, victim = folder / "planted", folder / "victim"
    out.mkdir()
    victim.write_text("precious")
    planted = [
        ".wide.unsigned.mp4",
        ".wide.mp4.part",
        ".receipt.json.part",
        ".report.html.part",
        "wide.mp4",
        "report.html",
    ]
    for name in planted:
        (out / name).symlink_to(victim)
    assert answerprint(folder, *arguments(folder, "job.yaml", "planted")).code == 0
    assert victim.read_text() == "precious"
    assert not (out / "wide.mp4").is_symlink()
    assert not (out / "report.html").is_symlink()
