"""The verbs `handoff` and `conform` on real clips: the contract's JSON and exit codes, and nothing half-written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from post.cli.app import run
from post.handoff.exchange.conform import planned_shots
from post.job import load_job
from post.prepare.sources import take_of
from tests.flow.bad import Room
from tests.flow_job import JOB


@pytest.fixture(scope="module")
def job(room: Room) -> Path:
    path = room.folder / "spot.yaml"
    path.write_text(JOB)
    return path


def told(capfd: pytest.CaptureFixture[str], *words: str | Path) -> Any:
    assert run([*map(str, words), "--json"]) == 0, capfd.readouterr().err
    return json.loads(capfd.readouterr().out)


def refused(capfd: pytest.CaptureFixture[str], code: int, *words: str | Path) -> str:
    assert run([*map(str, words)]) == code
    out, err = capfd.readouterr()
    assert out == ""
    assert "Traceback" not in err
    return err


def shots(path: Path) -> list[tuple[int, int, list[str]]]:
    """Each shot's frames, and the source positions of its first, middle and last one."""
    loaded = load_job(path)
    made = planned_shots(loaded, lambda ref: take_of(ref, ()))
    return [
        (
            shot.span.first,
            shot.span.stop,
            [str(shot.time(n)) for n in (0, len(shot.span) // 2, len(shot.span) - 1)],
        )
        for shot in made
    ]


@pytest.mark.parametrize("form", ["otio", "otioz", "fcpxml", "fcp7xml"])
def test_a_cut_goes_to_an_editor_and_comes_back(
    job: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], form: str
) -> None:
    edit = tmp_path / f"cut.{'xml' if form == 'fcp7xml' else form}"
    data = told(capfd, "handoff", job, "--to", form, "-o", edit)
    assert data["path"] == str(edit)
    assert all(set(row) == {"what", "where", "why"} for row in data["lost"])
    takes = () if form == "otioz" else ("--takes", job.parent)
    data = told(capfd, "conform", edit, *takes, "-o", tmp_path / "back/job.yaml")
    assert (data["job"], data["clips"], data["retimes"], data["transitions"], data["refused"]) == (
        str(tmp_path / "back/job.yaml"), 3, 1, 1, [],
    )  # fmt: skip
    assert shots(tmp_path / "back/job.yaml") == shots(job)


def test_an_edl_says_what_it_lost_and_an_update_says_what_changed(
    job: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    edit = tmp_path / "cut.edl"
    lost = told(capfd, "handoff", job, "--to", "edl", "-o", edit)["lost"]
    assert {"speed ramp", "title", "clip sound"} <= {row["what"] for row in lost}
    own = job.with_name("edited.yaml")
    own.write_text(JOB)
    assert told(capfd, "conform", edit, "--update", own)["changed"] == []
    sources = ("00:00:00:00 00:00:01:00", "00:00:00:04 00:00:01:04")
    before, after = (f"{source} 00:00:00:16 00:00:01:16" for source in sources)
    assert edit.read_text().count(before) == 1
    edit.write_text(edit.read_text().replace(before, after))
    data = told(capfd, "conform", edit, "--update", own)
    assert data["changed"] == [{"id": "tall", "what": "in", "from": None, "to": "4f"}]
    assert own.read_text() == JOB.replace("sampling: blend}", "sampling: blend, in: 4f}")
    other = own.with_name("other.yaml")
    other.write_text("precious")
    assert "a file already" in refused(capfd, 2, "conform", edit, "--update", own, "-o", other)
    assert other.read_text() == "precious"


def test_colour_goes_to_graders(job: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    told(capfd, "handoff", job, "--to", "cdl", "-o", tmp_path / "all.ccc")
    assert (tmp_path / "all.ccc").read_text().count("<ColorCorrection id=") == 3


def test_what_is_wrong_has_its_exit_code_and_leaves_nothing(
    job: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new/job.yaml"
    assert "not a name of this format" in refused(
        capfd, 2, "handoff", job, "--to", "otio", "-o", tmp_path / "cut.edl"
    )
    assert "unknown format" in refused(capfd, 2, "handoff", job, "--to", "oti", "-o", tmp_path / "cut.oti")
    edit = tmp_path / "cut.edl"
    edit.write_text("001  dusk  V  C  00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n"
                    "002  moon  V  C  00:00:00:00 00:00:01:00 01:00:01:00 01:00:02:00\n"
                    "003  star  V  C  00:00:00:00 00:00:01:00 01:00:02:00 01:00:03:00\n")  # fmt: skip
    said = refused(capfd, 3, "conform", edit, "--takes", job.parent, "-o", out)
    assert "'moon': no such media" in said
    assert "'star': no such media" in said
    edit.write_text("001  dusk  V  C  00:00:00:00 00:01:00:00 01:00:00:00 01:01:00:00\n")
    assert "source times that the file does not have" in refused(
        capfd, 3, "conform", edit, "--takes", job.parent, "-o", out
    )
    assert "--update JOB" in refused(capfd, 2, "conform", edit, "--takes", job.parent)
    assert "another rate" in refused(capfd, 2, "conform", edit, "--update", job, "--rate", "25")
    assert "expected the folder that the media are in" in refused(capfd, 2, "conform", edit, "-o", out)
    assert "a file already" in refused(capfd, 2, "conform", edit, "--takes", job.parent, "-o", job)
    assert not out.parent.exists()
    assert job.read_text() == JOB


def test_a_list_counts_in_the_rate_that_is_said(
    job: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    edit = tmp_path / "cut.edl"
    edit.write_text("001  dusk  V  C  00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n")
    told(capfd, "conform", edit, "--takes", job.parent, "-o", tmp_path / "a.yaml", "--rate", "23.976")
    assert 'clock: "23.976"' in (tmp_path / "a.yaml").read_text()
    assert "not a frame rate" in refused(
        capfd, 2, "conform", edit, "--takes", job.parent, "-o", tmp_path / "b.yaml", "--rate", "fast"
    )
