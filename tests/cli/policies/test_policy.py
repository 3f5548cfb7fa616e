"""The commands on policies say what a policy requires, what changed, and what several require together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from post.cli.app import run
from presets.places import SHIPPED


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Any:
    def ask(*words: str) -> Any:
        assert run(["policy", *words, "--json"]) == 0, capsys.readouterr().err
        return json.loads(capsys.readouterr().out)

    return ask


def test_every_policy_is_listed_and_shown(answer: Any) -> None:
    listed = answer("list")["policies"]
    assert {f"{each['name']}.yaml" for each in listed} == {
        path.name for path in (SHIPPED / "policy").glob("*.yaml")
    }
    shown = answer("show", "cn-gb45438")
    (size,) = (rule for rule in shown["rules"] if rule["id"] == "CN-EXP-SIZE")
    assert size["params"]["percent"] == "5"
    assert size["params_origin"]["percent"] == "law"
    assert size["can_fail"]
    assert shown["facts_needed"].keys() == {"aigc_producer"}


def test_two_versions_are_compared_by_rule_and_field(answer: Any, tmp_path: Path) -> None:
    old, new = SHIPPED / "policy" / "cn-gb45438.yaml", tmp_path / "new.yaml"
    text = old.read_text("utf-8")
    new.write_text(text.replace("percent: 5,", "percent: 6,").replace("CN-AGREE", "CN-NEW"), "utf-8")
    found = answer("diff", str(old), str(new))
    assert (found["added"], found["removed"], found["same"]) == (["CN-NEW"], ["CN-AGREE"], False)
    assert found["changed"] == [
        {"rule": "CN-EXP-SIZE", "field": "params.percent", "before": "5", "after": "6"}
    ]
    assert answer("diff", str(old), str(old))["same"]


def test_merged_policies_say_who_set_each_number_and_what_contradicts(answer: Any, tmp_path: Path) -> None:
    merged = answer("merge", "netflix", "r128", "youtube")
    (peak,) = (rule for rule in merged["rules"] if rule["check"] == "sound.peak")
    assert peak["params"][0]["value"] == "-2"
    assert peak["params"][0]["set_by"] == ["netflix/NFLX-PEAK"]
    assert [each["parameter"] for each in merged["contradictions"]] == ["lufs"]
    facts = tmp_path / "facts.yaml"
    facts.write_text("short_form: false\n")
    rules = [
        name for rule in answer("merge", "r128", "--facts", str(facts))["rules"] for name in rule["rules"]
    ]
    assert rules == ["r128/R128-LOUDNESS", "r128/R128-PEAK"]
    assert answer("merge", "r128", "--at", "2019-01-01")["rules"] == []


def test_people_are_told_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["list"], ["show", "california"], ["diff", "r128", "a85"], ["merge", "r128", "youtube"]):
        assert run(["policy", *words]) == 0
    said = capsys.readouterr().out
    assert "CA-LATENT-WHO: the metadata name the provider" in said
    assert "law, warns;" in said
    assert "no film meets sound.loudness of all" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["show", "cn-gb"], "unknown policy preset"),
        (["show", "./none.yaml"], "none.yaml: cannot be read"),
        (["merge", "r128", "--at", "tomorrow"], "--at: not a day"),
    ],
)
def test_what_cannot_be_read_is_one_clear_error(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["policy", *words]) == 2
    assert says in capsys.readouterr().err
