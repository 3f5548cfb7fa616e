"""Every part of a manifest has its type, whatever a file holds there."""

from __future__ import annotations

from typing import Any

import pytest

from provenance.crjson.manifest import ManifestView, as_list, as_mapping, mappings

PARTS = (
    "label", "assertions", "claim.v2", "claim", "signature", "validationResults", "ingredientDeltas",
    "isUpdateManifest",
)  # fmt: skip


@pytest.mark.parametrize("value", [None, 3, "text", [], [[]], {}, {"x": 1}])
@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_any_type_is_read_as_an_empty_one(part: str, value: Any) -> None:
    view = ManifestView({part: value})
    assert (view.actions, view.ingredients, view.created, view.failures) == ([], [], [], ())
    assert (view.title, view.generator, view.subject, view.stamped_at, view.updates) == (
        "",
        "",
        {},
        None,
        False,
    )
    assert list(view.delta_failures()) == []


@pytest.mark.parametrize(
    ("manifest", "generator"),
    [
        ({"claim.v2": {"claim_generator_info": {"name": "Gen", "version": "3"}}}, "Gen 3"),
        ({"claim": {"claim_generator_info": [{"name": "Gen"}, {"name": "Lib"}]}}, "Gen"),
        ({"claim": {"claim_generator": "Old/1.0 c2pa-rs"}}, "Old/1.0 c2pa-rs"),
        ({"claim.v2": {"claim_generator_info": [7]}}, ""),
    ],
)
def test_the_generator_is_named_in_every_version_of_the_claim(
    manifest: dict[str, Any], generator: str
) -> None:
    assert ManifestView(manifest).generator == generator


def test_a_claim_of_version_2_comes_before_one_of_version_1() -> None:
    view = ManifestView({"claim.v2": {"dc:title": "new"}, "claim": {"dc:title": "old"}})
    assert (view.title, ManifestView({"claim": {"dc:title": "old"}}).title) == ("new", "old")
    assert ManifestView({"claim": {"dc:title": "old"}}).claim_v2 == {}


def test_the_actions_of_all_assertions_are_one_list() -> None:
    rows = {
        "c2pa.actions.v2": {"actions": [{"action": "a"}, 7]},
        "c2pa.actions.v2__1": {"actions": [{"action": "b"}]},
        "other": {"actions": "none"},
    }
    assert [each["action"] for each in ManifestView({"assertions": rows}).actions] == ["a", "b"]


def test_assertions_of_a_kind_are_found_by_label_and_number() -> None:
    rows = {"org.x.prompts": 1, "org.x.prompts__1": 2, "org.x.prompts.v2": 3, "org.x.promptsX": 4}
    found = ManifestView({"assertions": rows}).assertions_of("org.x.prompts")
    assert dict(found) == {"org.x.prompts": 1, "org.x.prompts__1": 2}


def test_failures_of_every_delta_are_read() -> None:
    deltas = [{"validationDeltas": {"failure": [{"code": code}]}} for code in "abc"]
    assert [each["code"] for each in ManifestView({"ingredientDeltas": deltas}).delta_failures()] == list(
        "abc"
    )


def test_values_of_another_type_are_empty() -> None:
    assert (as_mapping([1]), as_list({"a": 1}), mappings([{"a": 1}, 2]), mappings("x")) == (
        {},
        [],
        [{"a": 1}],
        [],
    )
