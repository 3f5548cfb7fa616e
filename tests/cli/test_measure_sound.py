"""The verb `measure` on sound that is too short for a figure: null, with the reason, and never 0."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import soundfile

from post.cli.app import run
from tests.sound.tones import RATE, noise

WINDOWS = ["max_short_term_lufs", "range_lu"]


@pytest.mark.parametrize(
    ("seconds", "unmeasured"),
    [
        (
            0.39,
            {"integrated_lufs": "400 ms", "max_momentary_lufs": "400 ms", **dict.fromkeys(WINDOWS, "3 s")},
        ),
        (0.41, dict.fromkeys(WINDOWS, "3 s")),
        (2.9, dict.fromkeys(WINDOWS, "3 s")),
        (3.1, {}),
    ],
)
def test_a_figure_that_sound_is_too_short_for_is_null_with_its_reason(
    seconds: float, unmeasured: dict[str, str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    soundfile.write(tmp_path / "short.wav", noise(seconds), RATE)
    assert run(["measure", str(tmp_path / "short.wav"), "--json"]) == 0
    data = json.loads(capfd.readouterr().out)
    why = {name: reason for name, reason in data["unmeasured"].items() if name != "picture"}
    assert why == {name: f"shorter than {shortest}" for name, shortest in unmeasured.items()}
    assert {name for name, value in data["sound"].items() if value is None} == set(unmeasured)
    assert data["sound"]["true_peak_dbtp"] is not None
