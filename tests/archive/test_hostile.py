"""Archives and jobs from strangers do no harm: nothing outside is read or written, and nothing runs without end."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from provenance.archive.read_bag import read_bag
from tests.archive.conftest import Finished
from tests.archive.small import JOB, archived, edit, make_job, replayed, seal_again
from tests.flow.warm_commands import answerprint

SUITES = os.environ.get("ANSWERPRINT_SUITES")
ATTACKS = sorted((Path(SUITES) / "hostile-names" / "attacks").glob("*.attack")) if SUITES else []


def refused(home: Path, archive: Path) -> str:
    answer = answerprint(home, "replay", archive)
    assert answer.code in (3, 6), answer.said
    assert "Traceback" not in answer.said
    return answer.said


def changed(archive: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = archive / "data" / "archive.json"
    data = json.loads(path.read_text())
    change(data)
    path.unlink()
    path.write_text(json.dumps(data))
    seal_again(archive)


@pytest.mark.parametrize(
    "kind", ["/etc/passwd", "../../../outside.mp4", "takes/../../../outside.mp4", "..", "job"]
)
def test_a_path_of_the_job_leads_to_no_file_outside(copy: Path, tmp_path: Path, kind: str) -> None:
    (tmp_path / "outside.mp4").write_bytes(b"secret")

    def lead_out(data: dict[str, Any]) -> None:
        for row in data["leads"]:
            if row["written"].endswith("dusk.mp4"):
                row["path"] = kind

    changed(copy, lead_out)
    code, data = replayed(tmp_path, copy)
    assert code == 7
    assert "cannot be read" in data["refused"]
    assert "not-in-the-archive" in data["refused"]


def test_a_job_that_names_a_file_of_this_machine_gets_nothing(
    copy: Path, tmp_path: Path, finished: Finished
) -> None:
    clip = finished.job.parents[1] / "clips" / "dusk.mp4"
    edit(copy / "data/job/spot.yaml", lambda text: text.replace("../clips/dusk.mp4", str(clip)))
    seal_again(copy)
    code, data = replayed(tmp_path, copy)
    assert code == 7
    assert "not-in-the-archive" in data["refused"]


def test_a_house_of_this_machine_is_out_of_reach(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "evil.yaml").write_text("extends: daylight\n")
    edit(
        copy / "data/job/spot.yaml",
        lambda text: text.replace("./styles/mine.yaml", str(tmp_path / "evil.yaml")),
    )
    seal_again(copy)
    assert replayed(tmp_path, copy)[0] == 7


def test_a_link_in_an_archive_is_refused(copy: Path, tmp_path: Path) -> None:
    take = next((copy / "data/takes").rglob("dusk.mp4"))
    take.unlink()
    take.symlink_to("/etc/hostname")
    assert "a link, which may lead anywhere" in refused(tmp_path, copy)


def test_holes_links_and_pipes_end_a_replay_at_once(copy: Path, tmp_path: Path) -> None:
    with (copy / "data" / "bomb").open("wb") as file:
        file.truncate(1 << 42)
    assert "holes" in refused(tmp_path, copy)
    (copy / "data" / "bomb").unlink()
    os.mkfifo(copy / "data" / "pipe")
    assert "pipe" in refused(tmp_path, copy)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "{" * 100_000, '{"schema": "Archive.1"}', '{"schema": "Archive.1", "leads": 5}', "\x00",
     '{"schema": "Archive.1", "schema": "Archive.1"}', "NaN"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["archive.json", "plan/plan.json", "frames/wide.json"])
def test_accounts_that_are_none_are_refused(copy: Path, tmp_path: Path, name: str, text: str) -> None:
    (copy / "data" / name).unlink()
    (copy / "data" / name).write_text(text)
    seal_again(copy)
    assert name.rpartition("/")[2] in refused(tmp_path, copy)


@pytest.mark.parametrize("place", ["", "bagit.txt", "data"])
def test_what_is_no_archive_is_said_to_be_none(tmp_path: Path, place: str) -> None:
    (tmp_path / "x").mkdir()
    if place:
        (tmp_path / "x" / place).mkdir()
    assert "is no archive" in refused(tmp_path, tmp_path / "x")
    assert "is no archive" in refused(tmp_path, tmp_path / "none")


def test_a_bag_of_somebody_else_is_no_archive(tmp_path: Path) -> None:
    if not SUITES:
        pytest.skip("ANSWERPRINT_SUITES is unset")
    said = refused(tmp_path, Path(SUITES) / "bagit/v0.97/valid/basic-bag")
    assert "is no archive of Answerprint's" in said


def attacks() -> list[str]:
    """Texts of a suite of attacks that a job can hold as its title: one line, without control characters."""
    lines = [line for path in ATTACKS for line in path.read_text("utf-8", "replace").splitlines()]
    plain = list(dict.fromkeys(line[:2000] for line in lines if line.strip() and line.isprintable()))
    return plain[:: max(1, len(plain) // 5)]


@pytest.mark.skipif(not ATTACKS, reason="ANSWERPRINT_SUITES is unset")
def test_titles_that_attack_readers_are_kept_as_text(finished: Finished, tmp_path: Path) -> None:
    job = make_job(tmp_path / "work")
    titles = attacks()[:5]
    assert len(titles) == 5
    for number, title in enumerate(titles):
        job.write_text(JOB.replace("title: Small", f"title: {json.dumps(title)}"))
        archived(finished.home, job, tmp_path / f"a{number}")
        bag = read_bag(tmp_path / f"a{number}")
        assert bag.valid
        assert len(bag.info) == 4, "a title adds no line"
        assert bag.labelled("External-Description") == (" ".join(title.split()),)


NAMES = (
    "<script>alert(1)<script>.mp4", "a\nb.mp4", "con.mp4", "\x1b[31mred.mp4", "x" * 200 + ".mp4", "%0A.mp4",
    "a\\b.mp4",
)  # fmt: skip


def test_takes_with_hostile_names_are_kept_under_names_that_are_safe(
    finished: Finished, tmp_path: Path
) -> None:
    job = make_job(tmp_path / "work")
    clips, before = tmp_path / "work" / "clips", "dusk.mp4"
    for number, name in enumerate(NAMES):
        (clips / before).rename(clips / name)
        before = name
        job.write_text(JOB.replace("../clips/dusk.mp4", json.dumps(f"../clips/{name}")))
        archived(finished.home, job, tmp_path / f"a{number}")
        bag = read_bag(tmp_path / f"a{number}")
        assert bag.valid, name
        assert bag.warnings == ()
    code, data = replayed(tmp_path, tmp_path / "a0")
    assert (code, data["verdict"]) == (0, "equal")
