"""An archive holds everything that the films were made from: for people, for validators, and for a replay."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from post.archive.opened import open_archive
from provenance.approval.frames import FilmFrames
from provenance.archive.read_bag import read_bag
from tests.archive.conftest import Finished
from tests.archive.small import HOUSE, JOB, PROMPT, archived, make_job
from tests.flow.warm_commands import answerprint
from tests.provenance.archive.validator import validated


def test_the_archive_is_a_valid_bag_of_what_the_job_reads(finished: Finished) -> None:
    bag = read_bag(finished.archive)
    assert bag.valid
    assert bag.warnings == ()
    payload = {path.removeprefix("data/") for path in bag.payload}
    assert {
        "archive.json", "README.md", "ro-crate-metadata.json", "plan/plan.json", "frames/wide.json", "films/wide.mp4",
        "receipts/receipt.json", "receipts/report.html", "job/spot.yaml", "job/styles/mine.yaml",
        "presets/house/daylight.yaml", "presets/deliver/draft.yaml",
    } <= payload  # fmt: skip
    assert sum(path.startswith("takes/") and path.endswith(".mp4") for path in payload) == 2
    assert not any("Home" in path or str(finished.home) in path for path in payload)


def test_files_are_kept_byte_for_byte(finished: Finished) -> None:
    data = finished.archive / "data"
    assert (data / "job" / "spot.yaml").read_text() == JOB
    assert (data / "job" / "styles" / "mine.yaml").read_text() == HOUSE
    assert (data / "films" / "wide.mp4").read_bytes() == finished.film.read_bytes()


def test_no_path_of_this_machine_is_in_what_the_archive_tells_of_itself(finished: Finished) -> None:
    for name in ("archive.json", "plan/plan.json", "frames/wide.json", "ro-crate-metadata.json", "README.md"):
        assert str(finished.home) not in (finished.archive / "data" / name).read_text()


def test_it_tells_every_frame_and_every_value(finished: Finished) -> None:
    opened = open_archive(finished.archive)
    (frames,) = opened.frames
    assert isinstance(frames.shown, FilmFrames)
    assert len(frames.shown.picture) == len(frames.shown.sound) == 24
    assert [place.first for place in frames.places] == [0, *(each.stop for each in frames.places)][:-1]
    assert opened.films["wide"]["segments"][0]["clips"][0]["colour"][0]["stage"] == "look"
    assert ("cut[0].look.saturation", "0.8", "house mine") in opened.origins
    assert {(each.name, each.used) for each in opened.about.takes} == {("dusk", True), ("spare", False)}


def test_the_metadata_is_ro_crate_and_leads_from_the_prompt_to_the_film(finished: Finished) -> None:
    found = validated(finished.archive / "data")
    assert found.issues == []
    assert found.passed == found.checks
    rows = {
        row["@id"]: row
        for row in json.loads((finished.archive / "data/ro-crate-metadata.json").read_text())["@graph"]
    }
    film = rows["#finishing-wide"]
    assert film["result"]["@id"] == "films/wide.mp4"
    (made,) = [row for row in rows.values() if row.get("name", "").startswith("Generation of dusk")]
    assert made["result"] in film["object"]
    assert rows[made["object"][0]["@id"]]["text"] == PROMPT


def test_the_same_job_gives_the_same_archive_byte_for_byte(finished: Finished, tmp_path: Path) -> None:
    archived(
        finished.home, finished.job, tmp_path / "b", "--film", finished.film, "--retain-until", "2099-01-01"
    )
    a, b = (
        {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        for root in (finished.archive, tmp_path / "b")
    )
    assert a == b


def test_takes_are_kept_once_for_archives_that_share(finished: Finished, tmp_path: Path) -> None:
    for name in ("a", "b"):
        archived(finished.home, finished.job, tmp_path / name, "--share", tmp_path / "share")
    take = next((tmp_path / "a/data/takes").rglob("dusk.mp4"))
    assert take.stat().st_nlink == 3
    assert read_bag(tmp_path / "a").valid
    shown = answerprint(finished.home, "prune", tmp_path / "a", "--share", tmp_path / "share", "--json").data
    assert shown["shared"] == []
    shutil.rmtree(tmp_path / "b")
    gone = answerprint(
        finished.home, "prune", tmp_path / "a", "--share", tmp_path / "share", "--yes", "--json"
    ).data
    assert gone["removed"]
    assert gone["shared"]
    assert not [path for path in (tmp_path / "share").rglob("*") if path.is_file()]


def test_approvals_beside_the_job_are_kept_as_they_lie(finished: Finished, tmp_path: Path) -> None:
    job = make_job(tmp_path / "work")
    (job.parent / "approvals" / "statements").mkdir(parents=True)
    (job.parent / "approvals" / "log.jsonl").write_text('{"entry": 1}\n')
    (job.parent / "approvals" / "statements" / "1.json").write_text("{}")
    archived(finished.home, job, tmp_path / "a")
    kept = tmp_path / "a" / "data" / "approvals"
    assert (kept / "log.jsonl").read_text() == '{"entry": 1}\n'
    assert (kept / "statements" / "1.json").read_text() == "{}"
    (job.parent / "approvals" / "link").symlink_to(tmp_path)
    refused = answerprint(finished.home, "archive", job, "-o", tmp_path / "b")
    assert refused.code == 3
    assert "link" in refused.said
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize(
    ("options", "code", "word"),
    [
        (("--redact", "seeds"), 2, "--redact"), (("--why", "x"), 2, "--legal-hold"),
        (("--legal-hold", "x"), 2, "--why"), (("--openings", "x"), 2, "--redact"),
        (("--retain-until", "soon"), 2, "YYYY-MM-DD"), (("--dated", "1"), 2, "--dated"),
        (("--film", "none.mp4"), 3, "none.mp4"),
    ],
)  # fmt: skip
def test_options_that_are_wrong_are_said_before_anything_is_written(
    finished: Finished, tmp_path: Path, options: tuple[str, ...], code: int, word: str
) -> None:
    answer = answerprint(finished.home, "archive", finished.job, "-o", tmp_path / "a", *options)
    assert answer.code == code
    assert word in answer.said
    assert not (tmp_path / "a").exists()


def test_a_film_of_another_state_of_the_job_is_refused(finished: Finished, tmp_path: Path) -> None:
    other = finished.job.with_name("other.yaml")
    other.write_text(JOB.replace("Salt", "Pepper"))
    answer = answerprint(finished.home, "archive", other, "-o", tmp_path / "a", "--film", finished.film)
    other.unlink()
    assert answer.code == 3
    assert "was not made from this job as it is now" in answer.said
    assert not (tmp_path / "a").exists()


def test_an_archive_is_never_written_over(finished: Finished) -> None:
    answer = answerprint(finished.home, "archive", finished.job, "-o", finished.archive)
    assert answer.code == 2
    assert "never written over" in answer.said
    assert read_bag(finished.archive).valid
