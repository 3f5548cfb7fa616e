"""Checks a manifest against the C2PA programme's asset rubrics: conformance 0.2 and integrity 1.0.

The programme writes its rules in json-formula; here each is a row with a function from `rules`. The rubric
of signals, which has no pass and no fail, is in `signals`.
Source: C2PA Conformance Task Force, rubrics of 2026-08-06, for specification 2.4.
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
class RubricRule:
    """One rule of a rubric.

    says: what it requires; find: returns what breaks it; section: of C2PA 2.2 or 2.4; warns: whether breaking
    it is only discouraged.
    """

    id: str
    says: str
    find: Callable[[ManifestView], Matches]
    section: str = ""
    warns: bool = False


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule and what breaks it."""

    rule: RubricRule
    matches: Matches


@dataclass(frozen=True, slots=True)
class Conformance:
    """The outcome of a rubric. total: how many rules it has; a warned rule counts neither as passed nor as failed."""

    total: int
    failed: tuple[BrokenRule, ...]
    warned: tuple[BrokenRule, ...]
    rubric: str = NAME

    @property
    def passed(self) -> int:
        """Returns how many rules the manifest keeps."""
        return self.total - len(self.failed) - len(self.warned)


def check(manifest: Mapping[str, Any], name: str = NAME) -> Conformance:
    """Checks an active manifest, in crJSON, against all rules of a rubric: `NAME` or `INTEGRITY`."""
    active, rows = ManifestView(manifest), RUBRICS[name]
    broken = [BrokenRule(rule, found) for rule in rows if (found := rule.find(active))]
    return Conformance(
        len(rows),
        tuple(each for each in broken if not each.rule.warns),
        tuple(each for each in broken if each.rule.warns),
        name,
    )


RULES = (
    RubricRule(
        "validation:mandatory_dst_for_perceptible_transformations",
        "an action that changes what is seen has a digital source type",
        rules.find_untyped_actions,
    ),
    RubricRule(
        "validation:mandatory_spec_version",
        "the claim generator names specification 2.4",
        rules.find_wrong_spec_version,
    ),
    RubricRule(
        "validation:mandatory_all_actions_included",
        "every actions assertion says whether it lists all actions",
        rules.find_unstated_completeness,
    ),
    RubricRule(
        "validation:no_dst_for_opened_action",
        "an opened action has no digital source type",
        rules.find_typed_opened,
    ),
    RubricRule(
        "validation:well_formed_data_present", "it was validated for form", rules.find_missing_results
    ),
    RubricRule("validation:well_formed_success", "nothing is malformed", rules.find_malformed),
    RubricRule("validation:valid_data_present", "it was validated for integrity", rules.find_missing_results),
    RubricRule("validation:valid_success", "no hash mismatches", rules.find_mismatches),
    RubricRule(
        "validation:inception_action_position",
        "a created or opened action comes first",
        rules.find_misplaced_inception,
        "2.2, 18.14.2",
    ),
    RubricRule(
        "validation:no_deprecated_assertions",
        "no assertion is of a retired kind",
        rules.find_deprecated_assertions,
        "2.2, 6.3",
    ),
    RubricRule(
        "validation:no_unsupported_assertions",
        "every c2pa assertion is known",
        rules.find_unsupported_assertions,
        "2.2, 6.2",
    ),
    RubricRule(
        "validation:no_deprecated_actions",
        "no action is retired",
        rules.find_deprecated_actions,
        "2.2, 18.14.11",
    ),
    RubricRule(
        "validation:no_unsupported_actions",
        "every c2pa action is known",
        rules.find_unsupported_actions,
        "2.2, 18.14.12",
    ),
    RubricRule(
        "validation:no_unrecognized_custom_assertions",
        "own assertions have a name space",
        rules.find_unqualified_assertions,
        "2.2, 6.2.2",
    ),
    RubricRule(
        "validation:no_unrecognized_custom_actions",
        "own actions have a name space",
        rules.find_unqualified_actions,
        "2.2, 18.14.12",
    ),
    RubricRule(
        "validation:no_unrecognized_custom_action_parameters",
        "own action parameters have a name space",
        rules.find_unqualified_parameters,
        "2.2, 18.14.4.7",
    ),
    RubricRule(
        "validation:discouraged_legacy_action_parameters",
        "no parameter is in its place of version 1",
        rules.find_legacy_parameters,
        "2.2, 18.14.4.1",
        warns=True,
    ),
    RubricRule(
        "validation:active_manifest_urn",
        "the manifest's label begins with urn:c2pa:",
        rules.find_other_label,
        "2.2, 8.1",
    ),
    RubricRule(
        "validation:review_ratings_datasource",
        "what a person entered has no ratings",
        rules.find_ratings_by_people,
        "2.2, 18.3.3",
    ),
    RubricRule(
        "validation:ingredient_v3_no_active_manifest",
        "an ingredient without a manifest has no validation results",
        rules.find_results_alone,
        "2.2, 18.15.12.4.3",
    ),
    RubricRule(
        "validation:ingredient_v3_mandatory_validation_results",
        "an ingredient with a manifest has validation results",
        rules.find_results_missing,
        "2.2, 18.15.12.4.3",
    ),
    RubricRule(
        "validation:ingredient_relationship_values",
        "every ingredient's relationship is known",
        rules.find_unknown_relationships,
        "2.2, 18.15.3",
    ),
    RubricRule(
        "validation:mandatory_dst_for_created_action",
        "a created action has a digital source type",
        rules.find_untyped_created,
        "2.2, 18.14.4.5",
    ),
    RubricRule(
        "validation:no_deprecated_claim_fields",
        "the claim has no retired field",
        rules.find_deprecated_claim_fields,
        "2.4, 10.2.3.2",
    ),
    RubricRule(
        "validation:ingredient_v3_choice",
        "an ingredient has a manifest or a digital source type, not both",
        rules.find_ambiguous_ingredients,
        "2.4, 18.16.12.3",
    ),
    RubricRule(
        "validation:alternative_content_representation_choice",
        "an original preservation image is in exactly one place",
        rules.find_ambiguous_originals,
        "2.4, 15.10.3.2.7",
    ),
    RubricRule(
        "validation:forbidden_labels_in_external_references",
        "no external reference stands for an assertion that must be in the manifest",
        rules.find_forbidden_references,
        "2.4, 18.24.1",
    ),
    RubricRule(
        "validation:no_url_in_hashes", "hash assertions name no address", rules.find_hash_urls, "2.4, 18.5"
    ),
    RubricRule(
        "validation:all_actions_included_opened",
        "an opened action alone says that it is the only one",
        rules.find_incomplete_opened,
        "2.4, 18.15.3",
    ),
    RubricRule(
        "validation:opened_action_ingredient_reference",
        "an opened action refers to its one ingredient",
        rules.find_opened_without_ingredient,
        "2.4, 18.15.4.7",
    ),
    RubricRule(
        "validation:no_box_hash_for_tiff",
        "a TIFF is not hashed by boxes",
        rules.find_tiff_box_hash,
        "2.4, 18.7.3.3",
    ),
)
# "C2PA Asset Integrity Rubric" 1.0 of 2026-08-06: four rules of the one above, and two about trust.
_SHARED = (
    "validation:well_formed_data_present",
    "validation:well_formed_success",
    "validation:valid_data_present",
    "validation:valid_success",
)
RUBRICS: Mapping[str, tuple[RubricRule, ...]] = {
    NAME: RULES,
    INTEGRITY: (
        *(rule for name in _SHARED for rule in RULES if rule.id == name),
        RubricRule(
            "validation:trusted_data_present", "it was validated for trust", rules.find_missing_results
        ),
        RubricRule("validation:trusted_success", "the signer is trusted", rules.find_distrust),
    ),
}
# The full names of rubrics by their short ones, as in `verify --rubric`.
BY_NAME: Mapping[str, str] = {"conformance": NAME, "integrity": INTEGRITY}
