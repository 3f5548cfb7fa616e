"""The halves that constants are tuned on and judged by."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.match.scenes import CLIPS, FURTHER_SHOTS, FURTHER_STILLS, HALVES, STILLS, scenes

ALL = {*STILLS, "motorcycle", *(Path(clip).stem for clip in CLIPS)}


def test_every_scene_is_in_one_half_and_halves_are_alike() -> None:
    fit, held_out = set(HALVES["fit"]), set(HALVES["held-out"])
    assert fit | held_out == ALL
    assert not fit & held_out
    assert len(fit) == len(held_out)


def test_what_calibrate_sees_besides_is_not_held_out() -> None:
    assert not {Path(name).stem for name in (*FURTHER_STILLS, *FURTHER_SHOTS)} & set(HALVES["held-out"])


def test_a_scene_stays_in_its_half_where_others_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """motorcycle and rocket changed sides when the clips were not there."""
    monkeypatch.delenv("ANSWERPRINT_MEDIA", raising=False)
    scenes.cache_clear()
    try:
        found = {scene.name: scene.half for scene in scenes()}
    finally:
        scenes.cache_clear()
    assert found == {
        "astronaut": "fit", "coffee": "fit", "chelsea": "held-out", "motorcycle": "held-out", "rocket": "held-out",
    }  # fmt: skip
