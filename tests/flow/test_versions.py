"""A job in four versions, made as one run: names, shares, what moves with its shot, and the same films as alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from post.values.array import Array
from tests.flow.commands import Answer
from tests.flow.warm_commands import answerprint

JOB = """
schema: Job.2
title: Versions
clock: 24
house: plain
label: none
takes:
  red: {make: colour, fill: "#802020"}
  green: {make: colour, fill: "#206040"}
  blue: {make: colour, fill: "#204060"}
cut:
  - {id: open, take: red, length: 1s}
  - {id: mid, take: green, length: 1s}
  - {id: end, take: blue, length: 1s}
titles:
  - {id: line, text: Winter, at: 54f, length: 12f, fade_in: 0s, fade_out: 0s, size: 12}
  - {id: gone, text: Middle, at: 1.1s, length: 0.5s}
deliver:
  - {preset: draft, name: wide, width: 160, height: 90, picture: {crf: 0, preset: ultrafast}}
"""
VERSIONS = """
versions:
  axes:
    language: {en: {}, de: {titles: {line: {text: Sommer}}}}
    length: {full: {}, short: {cut: {only: [open, end]}}}
  name: "{deliver}-{language}-{length}"
"""
NAMES = ["wide-en-full", "wide-en-short", "wide-de-full", "wide-de-short"]
# The short German version, written out by hand.
ALONE = JOB.replace("  - {id: mid, take: green, length: 1s}\n", "").replace("at: 54f", "at: 30f").replace(
    "text: Winter", "text: Sommer").replace("  - {id: gone, text: Middle, at: 1.1s, length: 0.5s}\n", "")  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, kept_workers: None) -> tuple[Path, Answer]:
    folder = tmp_path_factory.mktemp("versions")
    (folder / "job.yaml").write_text(JOB + VERSIONS)
    (folder / "alone.yaml").write_text(ALONE)
    return folder, run(folder, "finish", "job.yaml", "-o", str(folder / "out"))


def run(folder: Path, verb: str, job: str, *more: str) -> Answer:
    return answerprint(folder, verb, folder / job, *more, "--store", folder / "store", "--json")


def frames(path: Path) -> Array:
    with av.open(str(path)) as film:
        return np.stack([frame.to_ndarray(format="yuv420p") for frame in film.decode(video=0)])


def test_each_combination_is_a_film_named_by_the_template(made: tuple[Path, Answer]) -> None:
    folder, answer = made
    assert answer.code == 0, answer.said
    rows = answer.data["deliverables"]
    assert [row["name"] for row in rows] == NAMES
    assert [row["frames"] for row in rows] == [72, 48, 72, 48]
    assert all(row["signed"] for row in rows)
    receipts = json.loads((folder / "out" / "receipt.json").read_text())["receipts"]
    versions: list[Any] = [row["version"] for row in receipts]
    assert versions[3] == {"language": "de", "length": "short"}


def test_a_version_is_the_film_that_it_would_be_alone(made: tuple[Path, Answer]) -> None:
    """The title moves with its shot, and what lies on the shot that is left out goes."""
    folder, _ = made
    answer = run(folder, "finish", "alone.yaml", "-o", str(folder / "alone"))
    assert answer.code == 0, answer.said
    (row,) = answer.data["deliverables"]
    assert row["reused"] == row["segments"]  # each was made for the version
    assert np.array_equal(frames(folder / "alone" / "wide.mp4"), frames(folder / "out" / "wide-de-short.mp4"))


def test_versions_counts_what_is_shared(made: tuple[Path, Answer]) -> None:
    folder, _ = made
    data = run(folder, "versions", "job.yaml").data
    rows, work = data["versions"], data["work"]
    assert [row["name"] for row in rows] == NAMES
    assert rows[3]["axes"] == {"language": "de", "length": "short"}
    assert sum(row["unique_frames"] for row in rows) == work["unique_frames"] < work["frames"] == 240
    assert work["cost_of_one"] == round(work["unique_frames"] / 72, 4)
    assert work["cached"] == work["segments"]
    plan = run(folder, "plan", "job.yaml").data
    assert plan["work"]["cost_of_one"] == work["cost_of_one"]
    assert {warning["code"] for warning in plan["warnings"]} >= {"version-lost"}


def test_only_takes_a_pattern_and_the_other_films_stay(made: tuple[Path, Answer]) -> None:
    folder, first = made
    before = {row["name"]: row["sha256"] for row in first.data["deliverables"]}
    answer = run(folder, "finish", "job.yaml", "-o", str(folder / "out"), "--only", "*-de-*")
    assert answer.code == 0, answer.said
    assert {row["name"]: (row["sha256"], row["kept"]) for row in answer.data["deliverables"]} == {
        name: (before[name], True) for name in NAMES if "-de-" in name
    }
    receipts = json.loads((folder / "out" / "receipt.json").read_text())["receipts"]
    assert sorted(row["name"] for row in receipts) == sorted(NAMES)


def test_a_name_that_no_film_has_is_refused(made: tuple[Path, Answer]) -> None:
    folder, _ = made
    answer = run(folder, "finish", "job.yaml", "-o", str(folder / "none"), "--only", "wide-fr-*")
    assert answer.code == 2
    assert "unknown deliverable" in answer.said
    assert not (folder / "none").exists()


def test_the_preview_of_a_version_is_that_of_the_film_alone(made: tuple[Path, Answer]) -> None:
    folder, _ = made
    shown = []
    for job, name in (("job.yaml", "wide-de-short"), ("alone.yaml", "wide")):
        out = folder / f"preview-{name}"
        told = run(folder, "preview", job, "-o", str(out), "--only", name).data
        assert (told["name"], told["frames"]) == (name, 48)
        shown.append((out / "preview.mp4").read_bytes())
    assert shown[0] == shown[1]
