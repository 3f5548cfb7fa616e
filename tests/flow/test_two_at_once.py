"""Runs that come at once: one owns the folder, the others are refused by name or wait; no receipt is lost."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.flow.commands import answerprint, start
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


@pytest.mark.parametrize("job", ["job.yaml", "other.yaml"])
def test_a_second_run_into_one_folder_is_refused_by_name_or_waits(folder: Path, job: str) -> None:
    out = folder / f"out-{job}"
    first = start(folder, *arguments(folder, "job.yaml", out.name))
    deadline = time.monotonic() + 60
    while not list(out.glob(".answerprint.lock")) and time.monotonic() < deadline:
        time.sleep(0.02)
    refused = answerprint(folder, *arguments(folder, job, out.name))
    assert refused.code == 75
    assert "is being written to by somebody else" in refused.said
    assert f"process {first.pid}" in refused.said
    waited = answerprint(folder, *arguments(folder, job, out.name), "--wait")
    assert first.wait() == 0
    assert waited.code == 0
    assert answerprint(folder, "verify", out / "wide.mp4").code == 0
    (receipt,) = json.loads((out / "receipt.json").read_text())["receipts"]
    assert receipt["title"] == ("Small" if job == "job.yaml" else "Other")
    assert sorted(path.name for path in out.iterdir()) == ["receipt.json", "report.html", "wide.mp4"]


def test_another_job_and_one_deliverable_alone_keep_the_other_receipts(folder: Path) -> None:
    two = LARGER + "  - {preset: draft, name: tall, width: 90, height: 160}\n"
    (folder / "two.yaml").write_text(two)
    assert answerprint(folder, *arguments(folder, "two.yaml", "both")).code == 0
    assert answerprint(folder, *arguments(folder, "two.yaml", "both"), "--only", "tall").code == 0
    receipts = json.loads((folder / "both" / "receipt.json").read_text())["receipts"]
    assert sorted(row["name"] for row in receipts) == ["tall", "wide"]
