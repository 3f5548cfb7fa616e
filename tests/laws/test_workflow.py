"""Law: the forge runs what a change must pass, on every Python that the product runs on."""

from __future__ import annotations

import os
import re
import subprocess
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


def script_with(folder: Path, check: int, test: int) -> tuple[int, list[str], str]:
    """Runs the script of CI with a `make` that ends so. Returns its exit code, what was made, and its output."""
    for there in ("softhsm2-util", "chromium"):  # so that it installs none
        (folder / there).write_text("#!/bin/sh\n")
        (folder / there).chmod(0o755)
    make = folder / "make"
    make.write_text(
        '#!/bin/sh\nmkdir "$MADE/$1"\necho "told by $1"\n'
        f'case "$1" in check) exit {check};; test) exit {test};; esac\n'
    )
    make.chmod(0o755)
    script = folder / "tree" / ".ci" / "run"
    script.parent.mkdir(parents=True)
    script.write_text((ROOT / ".ci/run").read_text("utf-8"))
    (folder / "made").mkdir()
    done = subprocess.run(
        ["bash", str(script)],
        env={**os.environ, "PATH": f"{folder}:/usr/bin:/bin", "MADE": str(folder / "made")},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, sorted(path.name for path in (folder / "made").iterdir()), done.stdout


@pytest.mark.parametrize(("check", "test", "code"), [(0, 0, 0), (2, 0, 2), (0, 1, 1), (2, 1, 1)])
def test_the_script_of_ci_checks_and_tests_and_fails_where_either_does(
    check: int, test: int, code: int, tmp_path: Path
) -> None:
    ended, made, told = script_with(tmp_path, check, test)
    assert (ended, made) == (code, ["check", "developing", "test"])
    assert "told by check" in told
    assert "told by test" in told
