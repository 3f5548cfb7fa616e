"""The stages of sound: knobs, what they declare, and that they are found by name."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from typing import Any

import pytest

from post.errors import Problems
from post.stage import call_of, find, open_call
from post.stage_knobs import make
from post.values import Clock, Span
from post.values.claim import ALGORITHMIC, HUMAN_EDITS

WHERE = Span(10, 58)
NAMES = (
    "clip-sound", "voice", "dialogue", "music", "ambience", "effect", "room-tone", "room", "sound-repair", "loudness",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_stage_is_found_by_its_name_and_survives_plan_data(name: str) -> None:
    made = make(name, {})
    assert find(name).does == "sound"
    assert open_call(call_of(made)) == made


def test_clip_sound_declares_nothing_where_nothing_changes_it() -> None:
    knobs = {"fade_in": "0f", "fade_out": "0ms", "gain": "0 dB", "declick": "0s"}
    assert make("clip-sound", knobs).declare(WHERE) is None


def test_fades_at_edits_are_declared_as_made_by_a_program() -> None:
    action = make("clip-sound", {}).declare(WHERE)
    assert action is not None
    assert (action.name, action.source_type) == ("c2pa.mixed", ALGORITHMIC)
    assert action.description == "clip sound faded at its edits"
    assert dict(action.parameters)["org.answerprint.clip-sound.declick"] == "0.005s"


@pytest.mark.parametrize(
    "knobs", [{"gain": -3}, {"fade_in": "2f"}, {"fade_out": "0.5s"}, {"mute": True}, {"pitch": "keep"}]
)
def test_changed_clip_sound_is_declared_as_a_mix_made_by_people(knobs: dict[str, object]) -> None:
    action = make("clip-sound", knobs).declare(WHERE)
    assert action is not None
    assert (action.name, action.source_type, action.where) == ("c2pa.mixed", HUMAN_EDITS, WHERE)
    key, value = next(iter(knobs.items()))
    assert dict(action.parameters)[f"org.answerprint.clip-sound.{key}"] == value


@pytest.mark.parametrize("name", ["music", "effect"])
def test_added_sound_is_declared_unless_it_is_muted(name: str) -> None:
    action = make(name, {}).declare(WHERE)
    assert action is not None
    assert (action.name, action.source_type) == ("c2pa.mixed", HUMAN_EDITS)
    assert make(name, {"mute": True}).declare(WHERE) is None


def test_loudness_is_declared_as_mastered_by_an_algorithm() -> None:
    for knobs in ({}, {"off": True}):
        action = make("loudness", knobs).declare(WHERE)
        assert action is not None
        assert (action.name, action.source_type) == ("c2pa.mastered", ALGORITHMIC)
    assert "loudness" not in (action.description if action else "")


@pytest.mark.parametrize(
    ("name", "knobs", "said"),
    [
        ("music", {"gain": 25}, "music.gain: out of range; expected -60 to 24 dB, got 25"),
        ("effect", {"repeats": True}, "effect.repeats: unknown knob"),
        ("clip-sound", {"fade_in": 3}, "give its unit"),
        ("loudness", {"target": -41}, "expected -40 to -5 LUFS"),
        ("loudness", {"true_peak": 0.5}, "expected -9 to 0 dBTP"),
        ("loudness", {"target": "-14 dB"}, "wrong unit"),
    ],
)
def test_an_invalid_knob_is_refused(name: str, knobs: dict[str, object], said: str) -> None:
    with pytest.raises(Problems, match=said):
        make(name, knobs)


def test_fades_and_target_are_in_the_units_of_the_mix() -> None:
    music: Any = make("music", {"fade_in": "12f", "fade_out": "250ms"})
    assert music.fades(Clock(Fraction(24000, 1001)), 48000) == (24024, 12000)
    loud: Any = make("loudness", {"target": "-23 LUFS"})
    assert (loud.target_lufs, make("loudness", {"off": True}).target_lufs) == (-23.0, None)  # type: ignore[attr-defined]  # a stage's own


def test_importing_these_stages_loads_neither_scipy_nor_soxr() -> None:
    code = (
        "import sys, post.sound.stages, post.sound; print(sorted({'scipy', 'soxr', 'av'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
