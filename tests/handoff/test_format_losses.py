"""What a hand-off says is not in an editor's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from post.handoff.format_losses import job_losses
from tests.handoff.made import CUT, planned, write_job


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("brand: [{id: logo, file: dog.mp4}]", "brand elements"),
        ("captions: [{file: lines.srt, burn: true}]", "captions"),
    ],
)
def test_layers_of_their_own_files_are_told_as_lost(tmp_path: Path, section: str, said: str) -> None:
    (tmp_path / "lines.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nWinter\n")
    path = write_job(tmp_path)
    assert said not in {loss.what for loss in job_losses(planned(path))}
    path = write_job(tmp_path, CUT + "\n" + section)
    assert said in {loss.what for loss in job_losses(planned(path))}
