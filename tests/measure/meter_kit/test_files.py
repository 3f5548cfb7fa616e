"""Checks the conformance kit as others use it: files, their expectations, and a comparison with readings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from post.cli.app import run
from post.measure.meter_kit import KitCase, check_kit, files, kit_cases
from post.sound import measure

FEW = [
    case for case in kit_cases() if case.name in ("3341-06", "3341-13-03", "3341-16", "3341-22", "1770-SL")
]


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kit of a few cases, which are made as all are: the whole takes 265 MB."""
    monkeypatch.setattr(files, "kit_cases", lambda: iter(FEW))
    assert run(["measure", "--kit", str(tmp_path / "kit"), "--rate", "44100"]) == 0
    return tmp_path / "kit"


def test_the_kit_has_a_sound_for_each_case_and_what_is_expected_of_it(kit: Path) -> None:
    told = json.loads((kit / "expected.json").read_text())
    assert told["rate_hz"] == 44100
    assert set(told["cases"]) == {case.name for case in FEW}
    for case in FEW:
        pcm, rate = soundfile.read(kit / told["cases"][case.name]["file"], always_2d=True)
        assert (rate, soundfile.info(kit / f"{case.name}.wav").subtype) == (44100, "PCM_24")
        assert np.abs(pcm - case.make(44100)).max() <= 2**-23
        assert told["cases"][case.name]["speakers"] == list(case.speakers)
        assert told["cases"][case.name]["expected"]
    assert "--kit-check" in (kit / "README.txt").read_text()


def test_our_own_readings_hold_and_are_those_of_measure(kit: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["measure", "--kit-check", str(kit / "answerprint.json")]) == 0
    assert "0 missed, 0 without a reading" in capfd.readouterr().out
    ours = json.loads((kit / "answerprint.json").read_text())["readings"]
    pcm, rate = soundfile.read(kit / "3341-13-03.wav", always_2d=True)
    assert ours["3341-13-03"]["max_momentary_lufs"] == measure(pcm, rate).max_momentary_lufs


@pytest.mark.parametrize(
    ("reading", "missed", "absent"),
    [(-22.89, 1, 0), (None, 0, 1), (-23.09, 0, 0)],
    ids=["off", "none", "near"],
)
def test_a_reading_that_is_off_or_missing_ends_with_4(
    kit: Path, capfd: pytest.CaptureFixture[str], reading: float | None, missed: int, absent: int
) -> None:
    data: dict[str, Any] = json.loads((kit / "answerprint.json").read_text())
    data["readings"]["3341-06"]["integrated_lufs"] = reading
    theirs = kit / "theirs.json"
    theirs.write_text(json.dumps(data))
    found = check_kit(theirs)
    assert (found["missed"], found["absent"]) == (missed, absent)
    assert run(["measure", "--kit-check", str(theirs), "--json"]) == (4 if missed or absent else 0)
    assert json.loads(capfd.readouterr().out.splitlines()[-1])["missed"] == missed


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"readings": []}', '{"readings": {"3341-06": {"integrated_lufs": "loud"}}}', "[" * 100000],
)
def test_a_file_that_holds_no_readings_is_refused(
    tmp_path: Path, text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    theirs = tmp_path / "theirs.json"
    theirs.write_text(text)
    assert run(["measure", "--kit-check", str(theirs)]) == 2
    assert "not readings of" in capfd.readouterr().err


def test_a_folder_that_exists_is_left_as_it_is(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["measure", "--kit", str(tmp_path)]) == 2
    assert (
        "the folder exists; expected a new folder, got one that exists; name another"
        in capfd.readouterr().err
    )
    assert list(tmp_path.iterdir()) == []


def test_a_kit_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(rate: int) -> Any:
        raise OSError("disk full")

    cases = [*FEW[:1], KitCase("broken", "", broken, FEW[0].expected)]
    monkeypatch.setattr(files, "kit_cases", lambda: iter(cases))
    with pytest.raises(OSError, match="disk full"):
        files.write_kit(tmp_path / "kit", 44100)
    assert list(tmp_path.iterdir()) == []


def test_measure_takes_one_of_its_three_forms(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["measure"]) == 2
    assert run(["measure", str(tmp_path / "a.wav"), "--kit", str(tmp_path / "kit")]) == 2
    assert "exactly one" in capfd.readouterr().err
    assert run(["measure", "--kit", str(tmp_path / "kit"), "--rate", "8000"]) == 2
