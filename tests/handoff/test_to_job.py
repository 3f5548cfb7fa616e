from __future__ import annotations

from pathlib import Path

from post.handoff.media import TakesFolder
from post.handoff.to_job import job_of
from post.job.plain import job_text, plain_job
from tests.handoff.made import planned, write_job


def test_a_job_comes_back_as_it_was(tmp_path: Path) -> None:
    path = write_job(tmp_path / "in")
    back = job_of(planned(path), TakesFolder(tmp_path / "in"), tmp_path / "out")
    print(job_text(back.data))
    assert back.data["cut"] == plain_job(path)["cut"]
