"""The two halves of the scenes: constants are tuned on one and judged on the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.match.scenes import CLIPS, FURTHER_SHOTS, FURTHER_STILLS, HALVES, STILLS, scenes

ALL = {*STILLS, "motorcycle", *(Path(clip).stem for clip in CLIPS)}


def test_every_scene_is_in_one_half_and_the_halves_are_balanced() -> None:
    fit, held_out = set(HALVES["fit"]), set(HALVES["held-out"])
    assert fit | held_out == ALL
    assert not fit & held_out
    assert len(fit) == len(held_out)


def test_the_further_scenes_of_calibrate_are_not_held_out() -> None:
    assert not {Path(name).stem for name in (*FURTHER_STILLS, *FURTHER_SHOTS)} & set(HALVES["held-out"])


def test_a_scene_stays_in_its_half_where_others_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A regression: motorcycle and rocket changed halves when the clips were missing."""
    monkeypatch.delenv("ANSWERPRINT_MEDIA", raising=False)
    scenes.cache_clear()
    try:
        found = {scene.name: scene.half for scene in scenes()}
    finally:
        scenes.cache_clear()
    assert found == {
        "astronaut": "fit", "coffee": "fit", "chelsea": "held-out", "motorcycle": "held-out", "rocket": "held-out",
    }  # fmt: skip
