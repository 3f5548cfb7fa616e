"""The C2PA programme's asset rubrics as functions over crJSON: conformance 0.2 for specification 2.4,
and integrity 1.0. That of signals, which has no pass and no fail, is in `rubric_signals`.

Their rules are written in json-formula; here each is a row with a function that returns what breaks
it, and nothing where it holds. Source: C2PA Conformance Task Force, rubric of 2026-08-06.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from provenance.crjson.manifest import ManifestView
from provenance.rubric import rules
from provenance.rubric.rules import Matches

NAME = "C2PA conformance 0.2, specification 2.4"
INTEGRITY = "C2PA integrity 1.0"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. find: what breaks it; warns: it is discouraged,
    not forbidden; section: of C2PA 2.2 or 2.4."""

    id: str
    says: str
    find: Callable[[ManifestView], Matches]
    section: str = ""
    warns: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    rule: Rule
    matches: Matches


@dataclass(frozen=True, slots=True)
class Conformance:
    """What a rubric came to. A warned rule counts neither as passed nor as failed."""

    total: int
    failed: tuple[Broken, ...]
    warned: tuple[Broken, ...]
    rubric: str = NAME

    @property
    def passed(self) -> int:
        return self.total - len(self.failed) - len(self.warned)


def check(manifest: Mapping[str, Any], name: str = NAME) -> Conformance:
    """All rules of a rubric (that of conformance, unless named) over one active manifest in crJSON."""
    active, rows = ManifestView(manifest), RUBRICS[name]
    broken = [Broken(rule, found) for rule in rows if (found := rule.find(active))]
    return Conformance(
        len(rows),
        tuple(each for each in broken if not each.rule.warns),
        tuple(each for each in broken if each.rule.warns),
        name,
    )


RULES = (
    Rule(
        "validation:mandatory_dst_for_perceptible_transformations",
        "what changes what is seen has a source type",
        rules.untyped,
    ),
    Rule(
        "validation:mandatory_spec_version", "the claim generator names specification 2.4", rules.spec_version
    ),
    Rule(
        "validation:mandatory_all_actions_included",
        "every actions assertion says whether it is whole",
        rules.all_included,
    ),
    Rule("validation:no_dst_for_opened_action", "opened has no source type", rules.opened_typed),
    Rule("validation:well_formed_data_present", "it was validated for form", rules.not_validated),
    Rule("validation:well_formed_success", "nothing is malformed", rules.ill_formed),
    Rule("validation:valid_data_present", "it was validated for integrity", rules.not_validated),
    Rule("validation:valid_success", "nothing mismatches", rules.invalid),
    Rule(
        "validation:inception_action_position",
        "created or opened comes first",
        rules.inception,
        "2.2, 18.14.2",
    ),
    Rule(
        "validation:no_deprecated_assertions",
        "no assertion is of a retired kind",
        rules.deprecated_assertions,
        "2.2, 6.3",
    ),
    Rule(
        "validation:no_unsupported_assertions",
        "every c2pa assertion is known",
        rules.unsupported_assertions,
        "2.2, 6.2",
    ),
    Rule(
        "validation:no_deprecated_actions", "no action is retired", rules.deprecated_actions, "2.2, 18.14.11"
    ),
    Rule(
        "validation:no_unsupported_actions",
        "every c2pa action is known",
        rules.unsupported_actions,
        "2.2, 18.14.12",
    ),
    Rule(
        "validation:no_unrecognized_custom_assertions",
        "own assertions carry a name space",
        rules.loose_assertions,
        "2.2, 6.2.2",
    ),
    Rule(
        "validation:no_unrecognized_custom_actions",
        "own actions carry a name space",
        rules.loose_actions,
        "2.2, 18.14.12",
    ),
    Rule(
        "validation:no_unrecognized_custom_action_parameters",
        "own parameters carry a name space",
        rules.loose_parameters,
        "2.2, 18.14.4.7",
    ),
    Rule(
        "validation:discouraged_legacy_action_parameters",
        "no parameter is in its old place",
        rules.legacy_parameters,
        "2.2, 18.14.4.1",
        warns=True,
    ),
    Rule("validation:active_manifest_urn", "the manifest is named urn:c2pa:", rules.urn, "2.2, 8.1"),
    Rule(
        "validation:review_ratings_datasource",
        "people's entries carry no ratings",
        rules.ratings,
        "2.2, 18.3.3",
    ),
    Rule(
        "validation:ingredient_v3_no_active_manifest",
        "no results without a manifest",
        rules.results_alone,
        "2.2, 18.15.12.4.3",
    ),
    Rule(
        "validation:ingredient_v3_mandatory_validation_results",
        "no manifest without results",
        rules.results_missing,
        "2.2, 18.15.12.4.3",
    ),
    Rule(
        "validation:ingredient_relationship_values",
        "every relationship is known",
        rules.relationships,
        "2.2, 18.15.3",
    ),
    Rule(
        "validation:mandatory_dst_for_created_action",
        "created has a source type",
        rules.created_untyped,
        "2.2, 18.14.4.5",
    ),
    Rule(
        "validation:no_deprecated_claim_fields",
        "the claim has no retired field",
        rules.claim_fields,
        "2.4, 10.2.3.2",
    ),
    Rule(
        "validation:ingredient_v3_choice",
        "an ingredient has a manifest or a source type, not both",
        rules.ingredient_choice,
        "2.4, 18.16.12.3",
    ),
    Rule(
        "validation:alternative_content_representation_choice",
        "an original is in one place",
        rules.original_choice,
        "2.4, 15.10.3.2.7",
    ),
    Rule(
        "validation:forbidden_labels_in_external_references",
        "nothing essential lies elsewhere",
        rules.forbidden_references,
        "2.4, 18.24.1",
    ),
    Rule("validation:no_url_in_hashes", "hashes name no address", rules.hash_urls, "2.4, 18.5"),
    Rule(
        "validation:all_actions_included_opened",
        "opened alone says it is all",
        rules.only_opened,
        "2.4, 18.15.3",
    ),
    Rule(
        "validation:opened_action_ingredient_reference",
        "opened names its one ingredient",
        rules.opened_reference,
        "2.4, 18.15.4.7",
    ),
    Rule(
        "validation:no_box_hash_for_tiff", "a TIFF is not hashed by boxes", rules.tiff_boxes, "2.4, 18.7.3.3"
    ),
)
# "C2PA Asset Integrity Rubric" 1.0 of 2026-08-06: four rules of the other one, and trust.
_SHARED = (
    "validation:well_formed_data_present",
    "validation:well_formed_success",
    "validation:valid_data_present",
    "validation:valid_success",
)
RUBRICS: Mapping[str, tuple[Rule, ...]] = {
    NAME: RULES,
    INTEGRITY: (
        *(rule for name in _SHARED for rule in RULES if rule.id == name),
        Rule("validation:trusted_data_present", "it was validated for trust", rules.not_validated),
        Rule("validation:trusted_success", "nothing speaks against its signer", rules.untrusted),
    ),
}
# By the names they are asked for.
BY_NAME: Mapping[str, str] = {"conformance": NAME, "integrity": INTEGRITY}
