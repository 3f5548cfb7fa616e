"""Breaks each rule of the rubric once, in a valid manifest from a film of our own."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from provenance import manifest
from provenance.rubric import conformance
from tests.provenance.made import House

Manifest = dict[str, Any]
Break = Callable[[Manifest], object]

ACTIONS = "c2pa.actions.v2"
PART = "c2pa.ingredient.v3"


def act(name: str, /, **more: Any) -> Break:
    return lambda m: m["assertions"][ACTIONS]["actions"].append({"action": name, **more})


def add(name: str, /, **data: Any) -> Break:
    return lambda m: m["assertions"].__setitem__(name, data)


def first(**more: Any) -> Break:
    return lambda m: m["assertions"][ACTIONS]["actions"][0].update(more)


def part(**more: Any) -> Break:
    return lambda m: m["assertions"][PART].update(more)


def fail(code: str) -> Break:
    return lambda m: m["validationResults"]["failure"].append({"code": code})


def alone(m: Manifest) -> None:
    del m["assertions"][ACTIONS]["allActionsIncluded"]
    del m["assertions"][ACTIONS]["actions"][1:]


def late(m: Manifest) -> None:
    created = {"action": "c2pa.created", "digitalSourceType": "x"}
    m["assertions"][ACTIONS]["actions"] = [{"action": "c2pa.transcoded"}, created]


def tiff(m: Manifest) -> None:
    m["assertions"] |= {"c2pa.hash.boxes": {}, "c2pa.asset-type.v2": {"dc:format": "image/tiff"}}


ORIGINAL = "exif.originalPreservationImage"
# One or two ways to break each rule, without breaking another one.
BREAKS: list[tuple[str, Break]] = [
    ("mandatory_dst_for_perceptible_transformations", act("c2pa.cropped")),
    ("mandatory_spec_version", lambda m: m["claim.v2"]["claim_generator_info"].pop("specVersion")),
    ("mandatory_spec_version", lambda m: m["claim.v2"]["claim_generator_info"].update(specVersion="2.2.0")),
    ("mandatory_spec_version", lambda m: m["claim.v2"]["claim_generator_info"].update(specVersion=2.4)),
    ("mandatory_all_actions_included", lambda m: m["assertions"][ACTIONS].pop("allActionsIncluded")),
    ("no_dst_for_opened_action", first(digitalSourceType="x")),
    ("well_formed_data_present", lambda m: m.pop("validationResults")),
    ("well_formed_success", fail("assertion.action.malformed")),
    ("valid_data_present", lambda m: m.pop("validationResults")),
    ("valid_success", fail("assertion.bmffHash.mismatch")),
    ("inception_action_position", lambda m: m["claim.v2"].update(created_assertions=[])),
    ("inception_action_position", late),
    ("no_deprecated_assertions", add("stds.exif")),
    ("no_deprecated_assertions", add("c2pa.hash.bmff.v2")),
    ("no_unsupported_assertions", add("c2pa.novelty__2")),
    ("no_deprecated_actions", act("c2pa.color_adjustments", digitalSourceType="x")),
    ("no_unsupported_actions", act("c2pa.sharpened", digitalSourceType="x")),
    ("no_unrecognized_custom_assertions", add("mine")),
    ("no_unrecognized_custom_actions", act("mine")),
    ("no_unrecognized_custom_action_parameters", act("com.me.act", parameters={"gain": 1})),
    ("discouraged_legacy_action_parameters", act("com.me.act", parameters={"description": "x"})),
    ("active_manifest_urn", lambda m: m.update(label="urn:uuid:1")),
    ("review_ratings_datasource", add("a.b", reviewRatings=[], dataSource={"type": "humanEntry.anonymous"})),
    ("ingredient_v3_no_active_manifest", lambda m: m["assertions"][PART].pop("activeManifest")),
    ("ingredient_v3_mandatory_validation_results", lambda m: m["assertions"][PART].pop("validationResults")),
    ("ingredient_relationship_values", part(relationship="cousinOf")),
    ("mandatory_dst_for_created_action", act("c2pa.created")),
    ("no_deprecated_claim_fields", lambda m: m["claim.v2"].update(specVersion="2.4.0")),
    ("ingredient_v3_choice", part(digitalSourceType="x")),
    ("alternative_content_representation_choice", add("a.b", type=ORIGINAL)),
    (
        "alternative_content_representation_choice",
        add(
            "a.b",
            parameters={"type": ORIGINAL, "multiAssetPartIndex": 0, "embeddedOriginalPreservationImage": {}},
        ),
    ),
    (
        "forbidden_labels_in_external_references",
        add("a.b", label="c2pa.hash.data", url="https://example.org"),
    ),
    ("no_url_in_hashes", lambda m: m["assertions"]["c2pa.hash.bmff.v3"].update(url="https://example.org")),
    ("all_actions_included_opened", alone),
    ("opened_action_ingredient_reference", first(parameters={})),
    ("opened_action_ingredient_reference", first(parameters={"ingredients": [{}, {}]})),
    ("no_box_hash_for_tiff", tiff),
]
# Some mistakes break two rules at once.
TOGETHER = {
    "well_formed_data_present": {"well_formed_success", "valid_data_present", "valid_success"},
    "valid_data_present": {"well_formed_success", "well_formed_data_present", "valid_success"},
    "all_actions_included_opened": {"mandatory_all_actions_included"},
}


@pytest.fixture(scope="module")
def whole(single: Path, house: House) -> Manifest:
    return dict(manifest.read(single, house.pem).manifests[0])


def broken(found: Manifest) -> set[str]:
    result = conformance.check(found)
    return {each.rule.id.removeprefix("validation:") for each in (*result.failed, *result.warned)}


def test_our_own_film_breaks_no_rule(whole: Manifest) -> None:
    assert broken(whole) == set()


@pytest.mark.parametrize(("rule", "how"), BREAKS, ids=[rule for rule, _ in BREAKS])
def test_each_mistake_breaks_its_own_rule_and_no_other(rule: str, how: Break, whole: Manifest) -> None:
    spoilt = copy.deepcopy(whole)
    how(spoilt)
    found = broken(spoilt)
    assert rule in found
    assert found - {rule} <= TOGETHER.get(rule, set())


def test_every_rule_has_been_broken() -> None:
    assert {f"validation:{rule}" for rule, _ in BREAKS} == {rule.id for rule in conformance.RULES}


def test_breaking_a_discouraging_rule_is_not_a_failure(whole: Manifest) -> None:
    spoilt = copy.deepcopy(whole)
    act("com.me.act", parameters={"description": "x"})(spoilt)
    result = conformance.check(spoilt)
    assert (result.passed, len(result.failed), len(result.warned)) == (30, 0, 1)


@pytest.mark.parametrize(
    "hostile",
    [
        {},
        {"assertions": []},
        {"assertions": {"c2pa.actions.v2": {"actions": {"a": 1}}}},
        {"assertions": {"c2pa.actions.v2": {"actions": [1, None, {"action": 5, "parameters": [1]}]}}},
        {"assertions": {"c2pa.ingredient.v3": {"relationship": {"x": 1}}}, "claim.v2": 7},
        {"validationResults": {"failure": [1, {"code": ["x"]}]}},
        {"label": None, "claim.v2": {"created_assertions": [None, {"url": 3}], "claim_generator_info": [[]]}},
    ],
)
def test_a_manifest_of_nonsense_fails_rules_and_does_not_crash(hostile: Manifest) -> None:
    result = conformance.check(hostile)
    assert result.total == 31
    assert result.failed


def test_only_a_claim_of_version_2_is_checked() -> None:
    old = {"claim_generator_info": [{"name": "Old", "specVersion": "2.4.0"}], "specVersion": "2.4.0"}
    failed = {each.rule.id for each in conformance.check({"claim": old}).failed}
    assert "validation:mandatory_spec_version" in failed
    assert not any("no_deprecated_claim_fields" in rule for rule in failed)


@pytest.mark.media
def test_the_rules_are_those_of_the_programmes_own_file(rubric_file: Path) -> None:
    from ruamel.yaml import YAML

    documents = list(YAML(typ="safe").load_all(rubric_file))
    rules = next(each for each in documents if isinstance(each, list))
    assert [rule["id"] for rule in rules] == [rule.id for rule in conformance.RULES]
    assert [rule.id for rule in conformance.RULES if rule.warns] == [
        rule["id"] for rule in rules if rule.get("warnIfMatched")
    ]


@pytest.mark.media
def test_the_lists_are_those_of_the_programmes_own_file(rubric_file: Path) -> None:
    from ruamel.yaml import YAML

    from provenance.rubric import names as words

    lists = next(iter(YAML(typ="safe").load_all(rubric_file)))["variables"]
    missing = {"MISSING_VALIDATION_RESULTS"}
    assert set(lists["$allowed_actions"]) == words.ACTIONS
    assert set(lists["$deprecated_action_labels"]) == words.DEPRECATED_ACTIONS
    assert set(lists["$allowed_assertions"]) == words.ASSERTIONS
    assert set(lists["$deprecated_assertion_labels"]) == words.DEPRECATED_ASSERTIONS
    assert set(lists["$standard_parameters"]) == words.PARAMETERS
    assert set(lists["$well_formed_error_codes"]) - missing == words.WELL_FORMED_CODES
    assert set(lists["$valid_error_codes"]) - missing == words.VALID_CODES
    exempt = ("$inception_actions", "$non_editorial_actions", "$dst_exempt_perceptible_actions")
    assert {name for group in exempt for name in lists[group]} == words.TYPE_EXEMPT


@pytest.mark.media
def test_the_integrity_rubric_is_the_programmes_own(media: Callable[[str], Path]) -> None:
    from ruamel.yaml import YAML

    from provenance.rubric import names

    lists, rules = YAML(typ="safe").load_all(media("../conformance/asset-rubric-integrity.yml"))
    assert [rule["id"] for rule in rules] == [rule.id for rule in conformance.RUBRICS[conformance.INTEGRITY]]
    missing = {"MISSING_VALIDATION_RESULTS"}
    codes = lists["variables"]
    assert set(codes["$trust_error_codes"]) - missing == names.TRUST_CODES
    assert set(codes["$well_formed_error_codes"]) - missing == names.WELL_FORMED_CODES
    assert set(codes["$valid_error_codes"]) - missing == names.VALID_CODES
