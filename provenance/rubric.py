"""The C2PA programme's asset rubric, conformance 0.2 for specification 2.4, as functions over crJSON.

Its 31 rules are written in json-formula; here each is a row with a function that returns what breaks
it, and nothing where it holds. Source: C2PA Conformance Task Force, rubric of 2026-08-06.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from provenance import status

NAME = "C2PA conformance 0.2, specification 2.4"
_SPEC = ("2", "4")

Matches = tuple[str, ...]


class Active:
    """The active manifest as the rules look at it. Whatever a hostile file holds, each view has its type."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        self.label = str(manifest.get("label") or "")
        self.assertions = _mapping(manifest.get("assertions"))
        self.claim = _mapping(manifest.get("claim.v2"))
        self.validated = manifest.get("validationResults") is not None
        self.failures = status.codes(status.items(manifest.get("validationResults"), "failure"))

    @property
    def values(self) -> Iterator[Mapping[str, Any]]:
        return (value for value in self.assertions.values() if isinstance(value, Mapping))

    @property
    def action_assertions(self) -> list[Mapping[str, Any]]:
        return [value for value in self.values if value.get("actions") is not None]

    @property
    def actions(self) -> list[Mapping[str, Any]]:
        return [
            action
            for found in self.action_assertions
            for action in _list(found["actions"])
            if isinstance(action, Mapping)
        ]

    @property
    def ingredients(self) -> list[Mapping[str, Any]]:
        return [value for value in self.values if value.get("relationship") is not None]

    @property
    def created(self) -> list[str]:
        return [str(_mapping(each).get("url") or "") for each in _list(self.claim.get("created_assertions"))]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. find: what breaks it; warns: it is discouraged and not forbidden; section: of C2PA 2.2 or 2.4."""

    id: str
    says: str
    find: Callable[[Active], Matches]
    section: str = ""
    warns: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    rule: Rule
    matches: Matches


@dataclass(frozen=True, slots=True)
class Conformance:
    """What the rubric came to. A warned rule counts neither as passed nor as failed."""

    total: int
    failed: tuple[Broken, ...]
    warned: tuple[Broken, ...]

    @property
    def passed(self) -> int:
        return self.total - len(self.failed) - len(self.warned)


def check(manifest: Mapping[str, Any]) -> Conformance:
    """All rules over one active manifest in crJSON."""
    active = Active(manifest)
    broken = [Broken(rule, found) for rule in RULES if (found := rule.find(active))]
    return Conformance(
        len(RULES),
        tuple(each for each in broken if not each.rule.warns),
        tuple(each for each in broken if each.rule.warns),
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _name(action: Mapping[str, Any]) -> str:
    return str(action.get("action") or "")


def _actions(active: Active, wrong: Callable[[Mapping[str, Any]], bool]) -> Matches:
    return tuple(_name(action) for action in active.actions if wrong(action))


def _ingredients(active: Active, wrong: Callable[[Mapping[str, Any]], bool]) -> Matches:
    return tuple(str(part.get("dc:title") or "an ingredient") for part in active.ingredients if wrong(part))


def _untyped(active: Active) -> Matches:
    return _actions(
        active,
        lambda a: _name(a).startswith("c2pa.") and _name(a) not in _TYPE_EXEMPT and a.get("digitalSourceType") is None,
    )


def _spec_version(active: Active) -> Matches:
    info = active.claim.get("claim_generator_info")
    found = _mapping(info[0] if isinstance(info, list) and info else info).get("specVersion")
    if not isinstance(found, str):
        return ("missing",) if found is None else (str(found),)
    return () if tuple(found.split(".")[:2]) == _SPEC else (found,)


def _all_included(active: Active) -> Matches:
    return tuple("allActionsIncluded" for a in active.action_assertions if a.get("allActionsIncluded") is None)


def _opened_typed(active: Active) -> Matches:
    typed = (a["digitalSourceType"] for a in active.actions if _name(a) == "c2pa.opened" and a.get("digitalSourceType"))
    return tuple(map(str, typed))


def _not_validated(active: Active) -> Matches:
    return () if active.validated else ("validationResults",)


def _ill_formed(active: Active) -> Matches:
    return _failures(active, _WELL_FORMED_CODES)


def _invalid(active: Active) -> Matches:
    return _failures(active, _VALID_CODES)


def _failures(active: Active, listed: frozenset[str]) -> Matches:
    if not active.validated:
        return ("MISSING_VALIDATION_RESULTS",)
    return tuple(code for code in active.failures if code in listed)


def _inception(active: Active) -> Matches:
    first = next((url for url in active.created if "c2pa.actions" in url), "")
    if not first.endswith("c2pa.actions.v2"):
        return (first or "no actions assertion was created",)
    names = [_name(action) for action in active.actions]
    if "c2pa.created" in names and names[0] not in _INCEPTION:
        return (names[0],)
    return ()


def _deprecated_assertions(active: Active) -> Matches:
    return tuple(key for key in active.assertions if key.startswith("stds.") or key in _DEPRECATED_ASSERTIONS)


def _unsupported_assertions(active: Active) -> Matches:
    known = _ASSERTIONS | _DEPRECATED_ASSERTIONS
    return tuple(key for key in active.assertions if key.startswith("c2pa.") and key.split("__")[0] not in known)


def _deprecated_actions(active: Active) -> Matches:
    return _actions(active, lambda a: _name(a) in _DEPRECATED_ACTIONS)


def _unsupported_actions(active: Active) -> Matches:
    return _actions(active, lambda a: _name(a).startswith("c2pa.") and _name(a) not in _ACTIONS)


def _loose_assertions(active: Active) -> Matches:
    return tuple(key for key in active.assertions if not key.startswith("c2pa.") and "." not in key)


def _loose_actions(active: Active) -> Matches:
    return _actions(active, lambda a: not _name(a).startswith("c2pa.") and "." not in _name(a))


def _loose_parameters(active: Active) -> Matches:
    keys = (str(key) for action in active.actions for key in _mapping(action.get("parameters")))
    return tuple(key for key in keys if key not in _PARAMETERS and "." not in key)


def _legacy_parameters(active: Active) -> Matches:
    return _actions(active, lambda a: bool({"description", "ingredient"} & set(_mapping(a.get("parameters")))))


def _urn(active: Active) -> Matches:
    return () if active.label.startswith("urn:c2pa:") else (active.label or "no label",)


def _ratings(active: Active) -> Matches:
    return tuple(
        "reviewRatings"
        for value in active.values
        if value.get("reviewRatings") is not None
        and _mapping(value.get("dataSource")).get("type") in ("humanEntry.anonymous", "humanEntry.credentialed")
    )


def _results_alone(active: Active) -> Matches:
    return _ingredients(
        active, lambda part: part.get("activeManifest") is None and part.get("validationResults") is not None
    )


def _results_missing(active: Active) -> Matches:
    return _ingredients(
        active, lambda part: part.get("activeManifest") is not None and part.get("validationResults") is None
    )


def _relationships(active: Active) -> Matches:
    found = (str(part["relationship"]) for part in active.ingredients)
    return tuple(value for value in found if value not in ("parentOf", "inputTo", "componentOf"))


def _created_untyped(active: Active) -> Matches:
    return _actions(active, lambda a: _name(a) == "c2pa.created" and a.get("digitalSourceType") is None)


def _claim_fields(active: Active) -> Matches:
    return ("specVersion in claim",) if active.claim.get("specVersion") is not None else ()


def _ingredient_choice(active: Active) -> Matches:
    return _ingredients(
        active, lambda part: part.get("activeManifest") is not None and part.get("digitalSourceType") is not None
    )


def _original_choice(active: Active) -> Matches:
    kind, choice = "exif.originalPreservationImage", ("multiAssetPartIndex", "embeddedOriginalPreservationImage")
    return tuple(
        kind
        for value in active.values
        for parameters in [_mapping(value.get("parameters"))]
        if kind in (value.get("type"), parameters.get("type"))
        and sum(parameters.get(key) is not None for key in choice) != 1
    )


def _forbidden_references(active: Active) -> Matches:
    labels = (
        str(value["label"])
        for value in active.values
        if value.get("label") is not None and value.get("url") is not None and value.get("relationship") is None
    )
    return tuple(
        label
        for label in labels
        if label in ("c2pa.actions", "c2pa.actions.v2", "c2pa.cloud-data", "c2pa.external-reference")
        or label.startswith(("c2pa.hash", "c2pa.ingredient"))
    )


def _hash_urls(active: Active) -> Matches:
    hashes = ("c2pa.hash.data", "c2pa.hash.bmff.v3")
    return tuple(key for key in hashes if _mapping(active.assertions.get(key)).get("url") is not None)


def _only_opened(active: Active) -> Matches:
    included = _mapping(active.assertions.get("c2pa.actions.v2")).get("allActionsIncluded")
    if len(active.actions) != 1 or included is True:
        return ()
    return _actions(active, lambda a: _name(a) == "c2pa.opened")


def _opened_reference(active: Active) -> Matches:
    return _actions(
        active,
        lambda a: _name(a) == "c2pa.opened" and len(_list(_mapping(a.get("parameters")).get("ingredients"))) != 1,
    )


def _tiff_boxes(active: Active) -> Matches:
    kind = _mapping(active.assertions.get("c2pa.asset-type.v2")).get("dc:format")
    tiff = kind in ("image/tiff", "image/x-adobe-dng")
    return ("c2pa.hash.boxes",) if tiff and "c2pa.hash.boxes" in active.assertions else ()


RULES = tuple(
    Rule(f"validation:{row[0]}", row[1], row[2], row[3], row[0] == "discouraged_legacy_action_parameters")
    for row in (
        ("mandatory_dst_for_perceptible_transformations", "what changes what is seen has a source type", _untyped, ""),
        ("mandatory_spec_version", "the claim generator names specification 2.4", _spec_version, ""),
        ("mandatory_all_actions_included", "every actions assertion says whether it is whole", _all_included, ""),
        ("no_dst_for_opened_action", "opened has no source type", _opened_typed, ""),
        ("well_formed_data_present", "it was validated for form", _not_validated, ""),
        ("well_formed_success", "nothing is malformed", _ill_formed, ""),
        ("valid_data_present", "it was validated for integrity", _not_validated, ""),
        ("valid_success", "nothing mismatches", _invalid, ""),
        ("inception_action_position", "created or opened comes first", _inception, "2.2, 18.14.2"),
        ("no_deprecated_assertions", "no assertion is of a retired kind", _deprecated_assertions, "2.2, 6.3"),
        ("no_unsupported_assertions", "every c2pa assertion is known", _unsupported_assertions, "2.2, 6.2"),
        ("no_deprecated_actions", "no action is retired", _deprecated_actions, "2.2, 18.14.11"),
        ("no_unsupported_actions", "every c2pa action is known", _unsupported_actions, "2.2, 18.14.12"),
        ("no_unrecognized_custom_assertions", "own assertions carry a name space", _loose_assertions, "2.2, 6.2.2"),
        ("no_unrecognized_custom_actions", "own actions carry a name space", _loose_actions, "2.2, 18.14.12"),
        (
            "no_unrecognized_custom_action_parameters",
            "own parameters carry a name space",
            _loose_parameters,
            "2.2, 18.14.4.7",
        ),
        (
            "discouraged_legacy_action_parameters",
            "no parameter is in its old place",
            _legacy_parameters,
            "2.2, 18.14.4.1",
        ),
        ("active_manifest_urn", "the manifest is named urn:c2pa:", _urn, "2.2, 8.1"),
        ("review_ratings_datasource", "people's entries carry no ratings", _ratings, "2.2, 18.3.3"),
        (
            "ingredient_v3_no_active_manifest",
            "no results without a manifest",
            _results_alone,
            "2.2, 18.15.12.4.3",
        ),
        (
            "ingredient_v3_mandatory_validation_results",
            "no manifest without results",
            _results_missing,
            "2.2, 18.15.12.4.3",
        ),
        ("ingredient_relationship_values", "every relationship is known", _relationships, "2.2, 18.15.3"),
        ("mandatory_dst_for_created_action", "created has a source type", _created_untyped, "2.2, 18.14.4.5"),
        ("no_deprecated_claim_fields", "the claim has no retired field", _claim_fields, "2.4, 10.2.3.2"),
        (
            "ingredient_v3_choice",
            "an ingredient has a manifest or a source type, not both",
            _ingredient_choice,
            "2.4, 18.16.12.3",
        ),
        (
            "alternative_content_representation_choice",
            "an original is in one place",
            _original_choice,
            "2.4, 15.10.3.2.7",
        ),
        (
            "forbidden_labels_in_external_references",
            "nothing essential lies elsewhere",
            _forbidden_references,
            "2.4, 18.24.1",
        ),
        ("no_url_in_hashes", "hashes name no address", _hash_urls, "2.4, 18.5"),
        ("all_actions_included_opened", "opened alone says it is all", _only_opened, "2.4, 18.15.3"),
        (
            "opened_action_ingredient_reference",
            "opened names its one ingredient",
            _opened_reference,
            "2.4, 18.15.4.7",
        ),
        ("no_box_hash_for_tiff", "a TIFF is not hashed by boxes", _tiff_boxes, "2.4, 18.7.3.3"),
    )
)
