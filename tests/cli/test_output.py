from __future__ import annotations

import json
from pathlib import Path

import pytest

from post.cli.app import run

JOB = """
schema: Job.2
title: Spot
clock: 24
takes: {dog: dog.mp4}
label: [ours, {preset: ours, at: 1s}]
cut: [{take: dog, stages: [{stage: mark}]}]
deliver: [{width: 64, height: 64, name: small}]
provenance:
  durable: {mark: true}
"""


@pytest.mark.filterwarnings("default")
def test_each_old_name_is_said_once_in_one_line_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "dog.mp4").write_bytes(b"")
    (tmp_path / "presets" / "mark").mkdir(parents=True)
    (tmp_path / "presets" / "mark" / "ours.yaml").write_text("extends: standard\n")
    job = tmp_path / "job.yaml"
    job.write_text(JOB.lstrip())
    assert run(["plan", str(job), "--json"]) == 2
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("warning: ")]
    ours = f"{tmp_path.resolve()}/presets/mark/ours.yaml:1"
    assert sorted(line.partition(";")[0] for line in said) == [
        f"warning: {job}:6: `mark` is now called `label`",
        f"warning: {job}:9: `provenance.durable` is now called `provenance.watermark`",
        f"warning: {ours}: `presets/mark` is now called `presets/label`",
    ]


@pytest.mark.filterwarnings("default")
def test_a_stage_is_shown_under_its_old_name_with_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stages", "mark", "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["stages"][0]["name"] == "label"
    assert said.err.startswith("warning: `mark` is now called `label`;")
