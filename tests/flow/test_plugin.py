"""The example package of a stage, installed as a third party would, used in a job to the end."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from post.values.array import Array
from tests.flow.commands import Answer, answerprint
from tests.flow_job import CLIPS, make_clips

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "tests" / "plugin_example"
JOB = """
schema: Job.2
title: Negative
clock: 24
house: plain
takes: {{sea: sea.mp4}}
cut: [{{take: sea, length: 0.5s{stages}}}]
label: none
deliver: [{{preset: draft, name: film, width: 128, height: 96, picture: {{crf: 1, preset: ultrafast}}}}]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plugin")
    make_clips(folder)
    source = shutil.copytree(PACKAGE, folder / "source")  # what is built is written beside it
    words = ("install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--target")
    subprocess.run([sys.executable, "-m", "pip", *words, folder / "site", source], check=True)
    return folder


def call(folder: Path, *arguments: str | Path) -> Answer:
    return answerprint(folder, *arguments, PYTHONPATH=str(folder / "site"))


def finish(folder: Path, name: str, stages: str) -> dict[str, Any]:
    (folder / f"{name}.yaml").write_text(JOB.format(stages=stages))
    data: dict[str, Any] = call(folder, "finish", folder / f"{name}.yaml", "-o", folder / name, "--json").data
    row: dict[str, Any] = data["deliverables"][0]
    return row


def frames(path: str) -> Array:
    with av.open(path) as container:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]).astype(
            float
        )


def test_the_plug_in_is_listed_with_its_knobs(folder: Path) -> None:
    (row,) = call(folder, "stages", "negative", "--json").data["stages"]
    assert (row["does"], [knob["name"] for knob in row["knobs"]]) == ("colour", ["amount", "base"])


def test_the_plug_in_changes_the_picture_and_receipt_and_manifest_name_it(folder: Path) -> None:
    assert "sea" in CLIPS
    plain, negative = finish(folder, "plain", ""), finish(folder, "negative", ", stages: [{stage: negative}]")
    assert np.abs(frames(plain["path"]) + frames(negative["path"]) - 255).mean() < 3
    receipt = json.loads((folder / "negative" / "receipt.json").read_text())["receipts"][0]
    (action,) = [action for action in receipt["actions"] if action["description"] == "negative"]
    assert action["name"] == "c2pa.adjustedColor"
    assert ["org.answerprint.negative.amount", 1.0] in action["parameters"]
    verified = call(folder, "verify", negative["path"], "--crjson")
    assert verified.code == 0
    assert "org.answerprint.negative.amount" in verified.out


def test_a_second_run_makes_nothing_anew(folder: Path) -> None:
    stages = ", stages: [{stage: negative, base: 0.5}]"
    made, again = finish(folder, "twice", stages), finish(folder, "twice", stages)
    assert (made["reused"], again["reused"]) == (0, again["segments"])
    assert made["unsigned_sha256"] == again["unsigned_sha256"]


def test_the_plug_ins_knobs_are_checked_like_any_other(folder: Path) -> None:
    (folder / "wrong.yaml").write_text(JOB.format(stages=", stages: [{stage: negative, amount: 2}]"))
    answer = call(folder, "plan", folder / "wrong.yaml")
    assert answer.code == 2
    assert "amount: out of range; expected 0 to 1, got 2" in answer.said


def test_a_job_without_its_plug_in_is_an_error(folder: Path) -> None:
    (folder / "lost.yaml").write_text(JOB.format(stages=", stages: [{stage: negative}]"))
    answer = answerprint(folder, "plan", folder / "lost.yaml")
    assert answer.code == 2
    assert "unknown stage" in answer.said
