"""The labels of three laws, made by the compiler in three shapes, and measured again in the finished films."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from presets.places import SHIPPED
from tests.flow.warm_commands import answerprint
from tests.qc.label.films import write_film

pytest.importorskip("manimgx_fonts_cjk", reason="[fonts] is not installed")
SHAPES = {"wide": (480, 270), "tall": (270, 480), "square": (270, 270)}
POLICIES = {"cn": "cn-gb45438", "eu": "eu-art50-deployer", "ny": "ny-synthetic-performer"}
FACTS = {
    "is_deepfake": True, "evidently_artistic": False, "generated_at": "2026-11-01", "audio_deepfake": False,
    "aigc_producer": "Studio7", "is_advertisement": True, "synthetic_performer": True,
    "advertises_expressive_work": False, "published_at": "2026-12-01",
}  # fmt: skip
JOB = """
schema: Job.2
title: Spot
clock: 24
house: plain
takes: {clip: {file: clip.mp4}}
cut: [{take: clip, length: 3s}]
facts: facts.yaml
versions:
  axes: {law: {cn: {territories: [CN]}, eu: {territories: [EU]}, ny: {policies: [ny-synthetic-performer]}}}
  name: "{deliver}-{law}"
deliver:
"""
# What a film alone does not say: whether a vendor's mark was on its clip.
OUTSIDE = {"CN-NOSTRIP"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("disclosure")
    write_film(folder / "clip.mp4", [], 72, SHAPES["wide"], crf=24)
    facts = {name: {"value": value, "by": "Ana Roth", "at": "2026-11-30"} for name, value in FACTS.items()}
    (folder / "facts.yaml").write_text(json.dumps({"facts": facts}))
    deliver = [
        f"  - {{preset: draft, name: {name}, width: {width}, height: {height}}}\n"
        for name, (width, height) in SHAPES.items()
    ]
    (folder / "job.yaml").write_text(JOB + "".join(deliver))
    told = answerprint(
        folder, "finish", folder / "job.yaml", "-o", folder / "out", "--store", folder / "store"
    )
    assert told.code == 0, told.said
    return folder


def rulings(folder: Path, shape: str, law: str) -> dict[str, Any]:
    film = folder / "out" / f"{shape}-{law}.mp4"
    told = answerprint(
        folder, "verify", film, "--policy", POLICIES[law], "--facts", folder / "facts.yaml", "--json"
    )
    (policy,) = json.loads(told.out)["policies"]
    return {rule["id"]: rule for rule in policy["rules"]}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("law", POLICIES)
def test_a_film_meets_the_law_that_it_was_made_for(folder: Path, shape: str, law: str) -> None:
    found = rulings(folder, shape, law)
    verdicts = {name: rule["verdict"] for name, rule in found.items() if name not in OUTSIDE}
    assert set(verdicts.values()) <= {"pass", "not_applicable"}, verdicts
    assert list(verdicts.values()).count("pass") >= 4
    if law == "cn":
        assert verdicts["CN-EXP-SIZE"] == verdicts["CN-EXP-DWELL"] == verdicts["CN-IMP-AIGC"] == "pass"
    if law == "eu":
        place = {"wide": "WIDE", "tall": "TALL", "square": "SQUARE"}[shape]
        assert verdicts[f"COP-PLACE-{place}"] == verdicts["EU-50-5-FIRST"] == "pass"


def test_a_film_of_one_law_does_not_meet_another(folder: Path) -> None:
    film = folder / "out" / "wide-eu.mp4"
    told = answerprint(
        folder, "verify", film, "--policy", POLICIES["cn"], "--facts", folder / "facts.yaml", "--json"
    )
    (policy,) = json.loads(told.out)["policies"]
    failed = {rule["id"] for rule in policy["rules"] if rule["verdict"] == "fail"}
    assert {"CN-IMP-AIGC"} <= failed
    assert not {rule["id"] for rule in policy["rules"] if rule["verdict"] == "pass"} & {
        "CN-EXP-TEXT",
        "CN-EXP-SIZE",
    }


def test_the_receipt_says_what_was_set_by_which_rule_and_who_declared_what(folder: Path) -> None:
    receipts = json.loads((folder / "out" / "receipt.json").read_text())["receipts"]
    (receipt,) = (each for each in receipts if each["name"] == "tall-cn")
    file = SHIPPED / "policy" / "cn-gb45438.yaml"
    assert receipt["policies"] == [["cn-gb45438", "2026.12.1", sha256(file.read_bytes()).hexdigest()]]
    assert ["provenance.aigc.producer", "Studio7"] in [row[:2] for row in receipt["disclosed"]]
    assert ["is_deepfake", True, "Ana Roth", "2026-11-30"] in receipt["facts"]


def test_a_film_names_the_policies_that_it_was_made_for(folder: Path) -> None:
    told = answerprint(
        folder, "check", folder / "out" / "square-cn.mp4", "--facts", folder / "facts.yaml", "--json"
    )
    checked = {row["id"]: row["verdict"] for row in json.loads(told.out)["checks"]}
    assert checked["CN-EXP-TEXT"] == "pass", told.said


def test_the_plan_lists_what_policies_set(folder: Path) -> None:
    told = answerprint(folder, "plan", folder / "job.yaml", "--values", "--store", folder / "store")
    assert told.code == 0, told.said
    lines = [line for line in told.out.splitlines() if "cn-gb45438/CN-EXP-TEXT" in line]
    assert any("人工智能生成" in line for line in lines)


def test_a_job_that_says_less_is_refused_before_anything_is_made(folder: Path) -> None:
    (folder / "less.yaml").write_text((folder / "job.yaml").read_text() + "label: {height: 2}\n")
    told = answerprint(folder, "finish", folder / "less.yaml", "-o", folder / "less", "--only", "tall-cn")
    assert told.code == 2
    assert "label.height: the label is less than a policy requires; expected at least 5 %" in told.said
    assert not (folder / "less").exists()
