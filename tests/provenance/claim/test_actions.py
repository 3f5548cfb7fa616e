"""The actions that stages declare give an assertion that C2PA accepts."""

from __future__ import annotations

from pathlib import Path

import pytest

from post.errors import ProvenanceError
from post.receipt import Ingredient, Receipt
from post.values.claim import (
    COMPOSITE,
    COMPOSITE_CAPTURE,
    COMPOSITE_WITH_GENERATED,
    DIGITAL_CREATION,
    GENERATED,
    HUMAN_EDITS,
    IPTC,
    Action,
)
from post.values.media import File
from post.values.time import Span
from provenance.claim.actions import build_actions, derive_source_type
from provenance.claim.vocabulary import ACTIONS
from tests.provenance.made import ENCODE, GRADE

CAPTURE = IPTC + "digitalCapture"


def part(name: str, relationship: str = "componentOf", source_type: str = GENERATED) -> Ingredient:
    return Ingredient(File(name * 64), name, "video/mp4", relationship, "unsigned", source_type)


def receipt(*done: Action, ingredients: tuple[Ingredient, ...] = (), rate: str = "24/1") -> Receipt:
    return Receipt("Receipt.1", "answerprint 1", "t", "n", "0" * 64, "p", rate, 48, 0, (), ingredients, done)


def names(made: Receipt) -> list[str]:
    return [each["action"] for each in build_actions(made)["actions"]]


def test_one_parent_is_opened_and_not_created() -> None:
    told = build_actions(receipt(GRADE, ENCODE, ingredients=(part("a", "parentOf"),)))
    assert told["allActionsIncluded"] is True
    assert told["actions"][0] == {"action": "c2pa.opened", "parameters": {"ingredientIds": ["a" * 64]}}


def test_several_components_are_created_then_placed_once_each() -> None:
    made = receipt(ENCODE, ingredients=(part("a"), part("b"), part("a")))
    assert names(made) == ["c2pa.created", "c2pa.placed", "c2pa.placed", "c2pa.transcoded"]


def test_music_under_an_opened_clip_is_placed() -> None:
    made = receipt(ingredients=(part("a", "parentOf"), part("b", source_type="")))
    assert names(made) == ["c2pa.opened", "c2pa.placed"]


def test_a_component_that_a_stage_places_is_not_placed_twice() -> None:
    own = Action("c2pa.placed", ingredients=("b" * 64,), where=Span(0, 24))
    made = receipt(own, ingredients=(part("a"), part("b")))
    placed = [each["parameters"]["ingredientIds"] for each in build_actions(made)["actions"][1:]]
    assert placed == [["a" * 64], ["b" * 64]]


@pytest.mark.parametrize(
    ("kinds", "film"),
    [
        ([], DIGITAL_CREATION),
        ([DIGITAL_CREATION, DIGITAL_CREATION], DIGITAL_CREATION),
        ([DIGITAL_CREATION, GENERATED], COMPOSITE_WITH_GENERATED),
        ([DIGITAL_CREATION, ""], COMPOSITE),
        ([GENERATED, CAPTURE], COMPOSITE_WITH_GENERATED),
        ([COMPOSITE_WITH_GENERATED], COMPOSITE_WITH_GENERATED),
        ([CAPTURE, IPTC + "screenCapture"], COMPOSITE_CAPTURE),
        ([CAPTURE, ""], COMPOSITE),
    ],
)
def test_the_source_type_of_a_film_follows_from_its_parts(kinds: list[str], film: str) -> None:
    assert derive_source_type([part("a", source_type=kind) for kind in kinds]) == film


@pytest.mark.parametrize(
    ("rate", "span", "start", "end"),
    [
        ("24/1", Span(12, 36), "0.5", "1.5"),
        ("30000/1001", Span(1, 30), "0.033367", "1.001"),
        ("25/1", Span(0, 25), "0", "1"),
    ],
)
def test_frames_become_seconds_of_the_film(rate: str, span: Span, start: str, end: str) -> None:
    told = build_actions(receipt(Action("c2pa.trimmed", HUMAN_EDITS, span), rate=rate))["actions"][-1]
    assert told["changes"] == [
        {"region": [{"type": "temporal", "time": {"type": "npt", "start": start, "end": end}}]}
    ]


@pytest.mark.parametrize("name", sorted(name for name, row in ACTIONS.items() if row.source_type == "needs"))
def test_an_action_without_its_required_source_type_is_refused(name: str) -> None:
    with pytest.raises(ProvenanceError):
        build_actions(receipt(Action(name)))


@pytest.mark.parametrize(
    "action",
    [
        Action("c2pa.sharpened", HUMAN_EDITS),
        Action("c2pa.color_adjustments", HUMAN_EDITS),
        Action("c2pa.watermarked", HUMAN_EDITS),
        Action("com.example.ramp", HUMAN_EDITS),
        Action("c2pa.created", GENERATED),
        Action("c2pa.opened"),
        Action("c2pa.edited", "humanEdits"),
        Action("c2pa.edited", IPTC + "byMagic"),
        Action("c2pa.transcoded", "nonsense"),
        Action("c2pa.edited", HUMAN_EDITS, parameters=(("gain", 1),)),
        Action("c2pa.placed", ingredients=("f" * 64,)),
    ],
    ids=lambda action: f"{action.name} {action.source_type}",
)
def test_actions_and_terms_unknown_to_c2pa_are_refused(action: Action) -> None:
    with pytest.raises(ProvenanceError):
        build_actions(receipt(action, ingredients=(part("a"),)))


def test_two_parents_are_refused() -> None:
    with pytest.raises(ProvenanceError, match="more than one parent"):
        build_actions(receipt(ingredients=(part("a", "parentOf"), part("b", "parentOf"))))


@pytest.mark.media
def test_every_action_we_may_declare_is_in_the_programmes_list(rubric_file: Path) -> None:
    from ruamel.yaml import YAML

    lists = next(iter(YAML(typ="safe").load_all(rubric_file)))["variables"]
    allowed = set(lists["$allowed_actions"]) - set(lists["$deprecated_action_labels"])
    assert set(ACTIONS) == allowed
    exempt = {*lists["$non_editorial_actions"], *lists["$dst_exempt_perceptible_actions"], "c2pa.opened"}
    assert {name for name, row in ACTIONS.items() if row.source_type != "needs"} == exempt & set(ACTIONS)
