"""Names of earlier releases: they mean what they meant, and each is warned of with its place."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest

from post.errors import OldNameWarning, Problems
from post.job import load_job
from post.job.house import read_house
from post.job.lock import check_lock, lock_path, lock_text
from post.stage import RENAMED, find, open_call, stage, stage_names
from post.values import File, StageCall
from tests.job.conftest import Write

OLD = "provenance: {durable: {mark: true, identifier: 00c0ffee, registry: true}}"
NEW = OLD.replace("durable", "watermark")


def test_a_job_with_an_old_key_is_the_job_with_the_new_one(write: Write) -> None:
    now = load_job(write(provenance=NEW)).provenance
    with pytest.warns(OldNameWarning) as caught:
        before = load_job(write(provenance=OLD)).provenance
    assert before == now
    assert [str(each.message) for each in caught] == [
        "job.yaml:8: `provenance.durable` is now called `provenance.watermark`; "
        "the old name still works, but write the new one"
    ]


def test_a_key_under_both_its_names_is_refused(write: Write) -> None:
    both = "provenance:\n  durable: {mark: true}\n  watermark: {mark: true}"
    with (
        pytest.warns(OldNameWarning),
        pytest.raises(Problems, match=r"^job.yaml:9: provenance.durable: given under two names; keep one"),
    ):
        load_job(write(provenance=both))


def test_what_is_wrong_under_an_old_key_is_said_with_its_line(write: Write) -> None:
    wrong = OLD.replace("mark: true", "mark: maybe")
    with (
        pytest.warns(OldNameWarning),
        pytest.raises(Problems, match=r"^job.yaml:8: provenance.watermark.mark: neither true nor false"),
    ):
        load_job(write(provenance=wrong))


def test_a_stage_named_by_its_old_name_is_found_and_warned_of_once(write: Write) -> None:
    stages = "cut: [{take: dog, stages: [{stage: mark}, {stage: mark}]}]"
    with (
        pytest.warns(OldNameWarning) as caught,
        pytest.raises(Problems, match="no stage for a shot.*got label"),
    ):
        load_job(write(cut=stages))
    assert [str(each.message).partition(";")[0] for each in caught] == [
        "job.yaml:5: `mark` is now called `label`"
    ]


def test_labels_in_the_old_folder_are_found_behind_those_in_the_new(write: Write) -> None:
    for kind in ("mark", "label"):
        Path("presets", kind).mkdir(parents=True)
        Path("presets", kind, "ours.yaml").write_text(f"extends: standard\ntext: AI {kind}\n")
    Path("presets/mark/theirs.yaml").write_text("extends: standard\ntext: AI MADE\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        new = load_job(write(more="label: ours"))
    with pytest.warns(OldNameWarning, match=r"theirs.yaml:1: `presets/mark` is now called `presets/label`"):
        old = load_job(write(more="label: theirs"))
    assert [getattr(job.marks[0].layer, "text", "") for job in (new, old)] == ["AI label", "AI MADE"]


def test_a_lock_of_an_earlier_release_holds_and_still_knows_its_stages(write: Write) -> None:
    write()
    path = lock_path("plain", Path())
    path.parent.mkdir(parents=True)
    text = lock_text(read_house("plain", Path()), "1.0")
    data = json.loads(text)
    data["stages"]["mark"] = data["stages"].pop("label")
    path.write_text(json.dumps(data))
    assert check_lock("plain", Path())
    data["stages"]["mark"] = 0
    path.write_text(json.dumps(data))
    with pytest.raises(Problems, match="version 1 of the stage label .was 0."):
        load_job(write(house="house: plain"))


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_a_plan_of_an_earlier_release_opens_and_an_old_name_is_nobodys(old: str, new: str) -> None:
    knobs = (("file", File("0" * 64)),) if new == "graphic" else ()
    assert open_call(StageCall(old, find(new).version, knobs)).name == new
    assert old not in stage_names()
    with pytest.raises(ValueError, match=f"{old!r} is the old name of the stage {new!r}"):
        stage(old, version=1)
