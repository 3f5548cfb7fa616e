"""The README of provenance shows code that runs, and names every room."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import provenance
from tests.provenance.made import House

FOLDER = Path(provenance.__file__).parent
README = (FOLDER / "README.md").read_text("utf-8")


def test_the_example_runs_and_prints_what_it_says(
    several: Path,
    house: House,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (example,) = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", README, re.DOTALL)
    (tmp_path / "film.mp4").write_bytes(several.read_bytes())
    (tmp_path / "roots.pem").write_text(house.pem)
    monkeypatch.chdir(tmp_path)
    exec(compile(example[0], "provenance/README.md", "exec"), {})
    assert capsys.readouterr().out == example[1]


def test_every_room_is_named_and_no_other() -> None:
    named = re.findall(r"^\| `([a-z_]+/|[a-z_]+\.py)` \|", README, re.MULTILINE)
    there = [f"{path.parent.name}/" for path in FOLDER.glob("*/__init__.py")]
    there += [path.name for path in FOLDER.glob("*.py") if path.name != "__init__.py"]
    assert sorted(named) == sorted(there)


@pytest.mark.parametrize("name", re.findall(r"^\| `(provenance\.[\w.]+)", README, re.MULTILINE))
def test_every_name_of_the_api_exists(name: str) -> None:
    module, _, attribute = name.rpartition(".")
    assert hasattr(__import__(module, fromlist=[attribute]), attribute)
