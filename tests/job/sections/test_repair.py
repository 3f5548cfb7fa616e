"""How a job asks for repairs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from post.errors import Problems
from post.job import load_job
from post.job.model import Repair
from post.picture.repair.deflicker import Deflicker

Write = Callable[..., Path]
HOUSE = "house: mine.yaml"


def asked(write: Write, repair: str, house: str = "") -> dict[str, Repair]:
    if house:
        Path("mine.yaml").write_text(f"repair: {house}\n")
    own = f", repair: {repair}" if repair else ""
    path = write(cut=f"cut:\n  - {{take: dog{own}}}", house=HOUSE if house else "")
    return {each.stage.name: each for each in load_job(path).cut[0].repairs}


def test_nothing_is_mended_unasked(write: Write) -> None:
    assert not asked(write, "")


@pytest.mark.parametrize(("word", "auto"), [("auto", True), ("always", False)])
def test_one_word_stands_for_all(word: str, auto: bool, write: Write) -> None:
    found = asked(write, word)
    assert list(found) == ["deflicker", "degrain", "deband"]
    assert {repair.auto for repair in found.values()} == {auto}


def test_knobs_are_set_and_the_order_is_the_houses(write: Write) -> None:
    found = asked(write, "{deband: auto, deflicker: {drift: 0.5}}")
    assert list(found) == ["deflicker", "deband"]
    stage = found["deflicker"].stage
    assert isinstance(stage, Deflicker)
    assert (stage.drift, found["deflicker"].auto) == (0.5, False)
    assert found["deband"].place == "cut[0].repair.deband"


def test_a_shot_changes_what_its_house_asks_for(write: Write) -> None:
    found = asked(write, "{degrain: none, deflicker: {when: auto, drift: 1}}", "auto")
    assert list(found) == ["deflicker", "deband"]
    assert found["deflicker"].auto


def test_none_leaves_the_houses_repairs_out(write: Write) -> None:
    assert asked(write, "", "auto")
    assert not asked(write, "none", "auto")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("{deflicker: often}", "cut[0].repair.deflicker.when: unknown choice"),
        ("{deflicker: {gains: [1]}}", "cut[0].repair.deflicker.gains: unknown key"),
        ("{defliker: auto}", "did you mean 'deflicker'?"),
        ("{degrain: {radius: 9}}", "cut[0].repair.degrain.radius: out of range"),
        ("sometimes", "cut[0].repair: not keys and values"),
        ("[auto]", "cut[0].repair: not keys and values"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(wrong: str, said: str, write: Write) -> None:
    with pytest.raises(Problems) as fault:
        asked(write, wrong)
    assert said in str(fault.value)


def test_the_job_asks_for_every_shot_over_its_house(write: Write) -> None:
    Path("mine.yaml").write_text("repair: {deband: always, degrain: auto}\n")
    cut = "cut:\n  - {take: dog}\n  - {take: ship, repair: none}"
    path = write(cut=cut, house=HOUSE, more="repair: {degrain: none, deflicker: auto}")
    assert [[each.stage.name for each in cut.repairs] for cut in load_job(path).cut] == [
        ["deflicker", "deband"],
        [],
    ]


def test_a_knob_set_by_a_shot_leaves_when_to_the_house_and_the_other_way_round(write: Write) -> None:
    found = asked(write, "{deflicker: {flicker: 0.5}}", house="{deflicker: auto}")["deflicker"]
    assert isinstance(found.stage, Deflicker)
    assert (found.auto, found.stage.flicker) == (True, 0.5)
    kept = asked(write, "always", house="{deflicker: {when: auto, flicker: 0.25}}")["deflicker"]
    assert isinstance(kept.stage, Deflicker)
    assert (kept.auto, kept.stage.flicker) == (False, 0.25)
