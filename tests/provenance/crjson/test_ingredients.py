"""Ingredients are read from every manifest, with all that was recorded of them."""

from __future__ import annotations

from typing import Any

import pytest

from provenance.crjson.ingredients import MAX_LINKS, read_ingredient_links


def failure(code: str) -> dict[str, Any]:
    return {"failure": [{"code": code}]}


def part(**more: Any) -> dict[str, Any]:
    return {"relationship": "componentOf", "dc:title": "clip.mp4", **more}


def manifest(label: str, **assertions: Any) -> dict[str, Any]:
    return {"label": label, "assertions": assertions}


def test_every_recorded_failure_is_read_those_of_each_delta_too() -> None:
    results = {
        "activeManifest": failure("a.first"),
        "ingredientDeltas": [
            {"validationDeltas": failure("b.one")},
            {"validationDeltas": failure("b.two")},
            {"validationDeltas": {"failure": [{"code": "b.three"}, {"code": "b.four"}]}},
        ],
    }
    (link,) = read_ingredient_links(
        [manifest("m", **{"c2pa.ingredient.v3": part(validationResults=results)})]
    )
    codes = [entry["code"] for entry in link.known]
    assert codes == ["a.first", "b.one", "b.two", "b.three", "b.four"]


@pytest.mark.parametrize(
    ("label", "more", "checked"),
    [
        ("c2pa.ingredient.v3", {}, False),
        ("c2pa.ingredient.v3", {"validationResults": {}}, True),
        ("c2pa.ingredient.v3__1", {}, False),
        ("c2pa.ingredient.v2", {}, True),
        ("c2pa.ingredient", {"validationStatus": [{"code": "x"}]}, True),
    ],
)
def test_only_version_3_says_that_nothing_was_checked(
    label: str, more: dict[str, Any], checked: bool
) -> None:
    (link,) = read_ingredient_links([manifest("m", **{label: part(**more)})])
    assert link.checked is checked
    assert len(link.known) == len(more.get("validationStatus", ()))


def test_an_ingredient_names_its_owner_and_its_own_manifest() -> None:
    rows = {
        "c2pa.ingredient.v3": part(activeManifest={"url": "self#jumbf=/c2pa/urn:a"}),
        "c2pa.ingredient.v3__1": part(c2pa_manifest={"url": "self#jumbf=/c2pa/urn:b"}),
        "c2pa.actions.v2": {"actions": []},
        "c2pa.ingredient.v3__2": {"relationship": "parentOf"},
    }
    found = read_ingredient_links([manifest("one", **rows), manifest("two")])
    assert [(link.owner, link.manifest, link.name) for link in found] == [
        ("one", "urn:a", "clip.mp4"),
        ("one", "urn:b", "clip.mp4"),
        ("one", "", "c2pa.ingredient.v3__2"),
    ]


@pytest.mark.parametrize(
    "assertions",
    [None, [], {"c2pa.ingredient.v3": 3}, {"c2pa.ingredient.v3": {"dc:title": "x"}}, {"x": part()}],
)
def test_what_is_no_ingredient_is_none(assertions: Any) -> None:
    assert read_ingredient_links([{"label": "m", "assertions": assertions}]) == ()


@pytest.mark.parametrize("results", [3, [], {"ingredientDeltas": {}}, {"ingredientDeltas": [3, {}]}])
def test_results_of_another_type_record_nothing(results: Any) -> None:
    (link,) = read_ingredient_links(
        [manifest("m", **{"c2pa.ingredient.v3": part(validationResults=results)})]
    )
    assert link.known == ()


def test_a_list_of_any_length_ends() -> None:
    rows = {f"c2pa.ingredient.v3__{number}": part() for number in range(MAX_LINKS + 5)}
    assert len(read_ingredient_links([manifest("m", **rows)])) == MAX_LINKS
