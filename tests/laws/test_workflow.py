"""Law: the forge runs what a change must pass, on every Python that the product runs on."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / ".github/workflows/checks.yml").read_text("utf-8")


@pytest.fixture
def job() -> Any:
    return YAML(typ="safe").load(TEXT)["jobs"]["checks"]


def test_it_runs_on_every_python_that_the_product_names(job: Any) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = SpecifierSet(project["requires-python"])
    assert job["strategy"]["matrix"]["python"] == [f"3.{n}" for n in range(30) if f"3.{n}" in named]


def test_it_runs_the_same_script_as_everybody(job: Any) -> None:
    assert [step["run"] for step in job["steps"] if step.get("run") == ".ci/run"] == [".ci/run"]


def test_others_actions_are_pinned_and_get_no_rights() -> None:
    uses = re.findall(r"uses: (\S+)", TEXT)
    assert len(uses) >= 2
    assert [each for each in uses if not re.fullmatch(r"actions/[a-z-]+@v\d+", each)] == []
    assert YAML(typ="safe").load(TEXT)["permissions"] == {"contents": "read"}
    assert "secrets." not in TEXT


def test_the_script_of_ci_checks_then_tests() -> None:
    lines = (ROOT / ".ci/run").read_text("utf-8").splitlines()
    assert lines[-2:] == ["make check", "make test"]
    assert "set -euo pipefail" in lines
