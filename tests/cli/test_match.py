"""The verb `match`: a table, or an honest refusal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from post.cli.app import run
from tests.measure.match.pictures import graded, picture

pytestmark = pytest.mark.usefixtures("kept_workers")

CONTRACT = {"method", "strength", "confidence", "guards", "table", "params"}


@pytest.fixture(scope="module")
def stills(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stills")
    pictures = {"wrong": graded(picture("coffee")), "right": picture("coffee"), "other": picture("rocket")}
    for name, rgb in pictures.items():
        Image.fromarray(np.uint8(np.rint(rgb * 255))).save(folder / f"{name}.png")
    return folder


def told(capfd: pytest.CaptureFixture[str], *words: str | Path) -> Any:
    assert run(["match", *map(str, words), "--json"]) == 0
    return json.loads(capfd.readouterr().out)


def test_a_match_is_written_and_told_by_the_contract(
    stills: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    table, grade = tmp_path / "out.cube", tmp_path / "out.cc"
    data = told(capfd, stills / "wrong.png", stills / "right.png", "-o", table, "--cdl", grade)
    assert set(data) >= CONTRACT
    assert (data["method"], data["table"], data["cdl"]) == ("correspondence", str(table), str(grade))
    assert set(data["params"]) == {"exposure", "offset", "gamma", "saturation", "residual"}
    assert table.read_text().startswith('TITLE "wrong to right"\nLUT_3D_SIZE 65\n')
    assert len(table.read_text().splitlines()) == 2 + 65**3
    assert grade.read_text().startswith("<?xml")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.cc", "out.cube"]


def test_an_abstention_writes_nothing_and_says_why(
    stills: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = (stills / "wrong.png", stills / "other.png", "-o", tmp_path / "out.cube", "--when", "sure")
    data = told(capfd, *words)
    assert (data["method"], data["strength"], data["table"]) == ("abstain", 0, None)
    assert data["why"]
    assert list(tmp_path.iterdir()) == []
    assert run(["match", *map(str, words)]) == 0
    said = capfd.readouterr().out
    assert "abstain: " in said
    assert "no table written" in said


def test_a_table_that_does_nothing_is_written_only_when_asked_for(
    stills: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "out.cube"
    data = told(
        capfd, stills / "wrong.png", stills / "other.png", "-o", table, "--identity", "--when", "sure"
    )
    assert (data["method"], data["table"]) == ("abstain", str(table))
    rows = np.loadtxt(table, skiprows=2)
    axis = np.linspace(0, 1, 65)
    assert np.abs(rows[:, 0].reshape(65, 65, 65) - axis).max() < 1e-6
    assert np.abs(rows[:, 2].reshape(65, 65, 65) - axis[:, None, None]).max() < 1e-6


def test_what_is_not_sure_is_balanced_or_made_and_marked_if_that_is_asked_for(
    stills: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = (stills / "wrong.png", stills / "other.png", "-o", tmp_path / "out.cube")
    balance, half = told(capfd, *words), told(capfd, *words, "--strength", "0.5")
    assert (balance["method"], balance["forced"], balance["table"]) == ("balance", False, str(words[3]))
    assert half["strength"] == pytest.approx(balance["strength"] / 2, abs=1e-4)
    assert half["params"]["exposure"] == pytest.approx(np.array(balance["params"]["exposure"]) / 2, abs=1e-9)
    forced = told(capfd, *words, "--when", "always")
    assert (forced["method"], forced["forced"]) == ("palette", True)
    assert "as `always` asks for" in forced["why"]


def test_a_name_in_any_script_is_matched(
    stills: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    target, reference = tmp_path / "Café–日本.png", tmp_path / "référence.png"
    target.write_bytes((stills / "wrong.png").read_bytes())
    reference.write_bytes((stills / "right.png").read_bytes())
    table, grade = tmp_path / "é.cube", tmp_path / "日.cc"
    data = told(capfd, target, reference, "-o", table, "--cdl", grade)
    assert (data["table"], data["cdl"]) == (str(table), str(grade))
    assert table.read_text("ascii").startswith('TITLE "Caf____ to r_f_rence"\n')
    assert 'id="Caf____ to r_f_rence"' in grade.read_text("ascii")


def test_a_cdl_may_not_lead_to_the_table(
    stills: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    table, grade = tmp_path / "out.cube", tmp_path / "out.cc"
    grade.symlink_to(table)
    words = (stills / "wrong.png", stills / "right.png", "-o", table, "--cdl", grade)
    assert run(["match", *map(str, words)]) == 2
    assert "out.cc: would overwrite the table" in capfd.readouterr().err
    assert not table.exists()


BAD = {
    "no such answer": (
        ["wrong.png", "right.png", "-o", "out.cube", "--when", "allways"],
        2,
        "--when: unknown answer; expected always | likely | sure",
    ),
    "gone.png": (["gone.png", "right.png", "-o", "out.cube"], 3, "gone.png: cannot be read as a still"),
    "out.png": (
        ["wrong.png", "right.png", "-o", "out.png"],
        2,
        "-o: not a table's name; expected a name ending",
    ),
    "one file for two": (
        ["wrong.png", "right.png", "-o", "x.cube", "--cdl", "x.cube"],
        2,
        "--cdl: not a CDL's name; expected a name ending in .cc, got x.cube",
    ),
    "itself": (["wrong.png", "right.cube", "-o", "right.cube"], 2, "would overwrite a source"),
    "no folder": (
        ["wrong.png", "right.png", "-o", "other.png/out.cube"],
        2,
        "out.cube: cannot be written to",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_said_and_nothing_is_left(
    stills: Path, name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    words, code, said = BAD[name]
    monkeypatch.chdir(stills)
    before = sorted(stills.iterdir())
    assert run(["match", *words]) == code
    assert said in capfd.readouterr().err
    assert sorted(stills.iterdir()) == before
