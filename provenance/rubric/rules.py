"""The rules of the C2PA asset rubrics: each a function that returns what breaks the rule in a manifest.

An empty tuple means that the manifest keeps the rule. Each reads a typed view of the active manifest, so
that no content of a hostile file makes it raise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from provenance.crjson.manifest import ManifestView, as_list, as_mapping, generator_info
from provenance.rubric import names

_SPEC = ("2", "4")

Matches = tuple[str, ...]  # what breaks a rule, for people


def _name(action: Mapping[str, Any]) -> str:
    return str(action.get("action") or "")


def _actions(active: ManifestView, wrong: Callable[[Mapping[str, Any]], bool]) -> Matches:
    return tuple(_name(action) for action in active.actions if wrong(action))


def _ingredients(active: ManifestView, wrong: Callable[[Mapping[str, Any]], bool]) -> Matches:
    return tuple(str(part.get("dc:title") or "an ingredient") for part in active.ingredients if wrong(part))


def find_untyped_actions(active: ManifestView) -> Matches:
    """Returns actions that change what is seen or heard, without a digital source type."""
    return _actions(
        active,
        lambda a: (
            _name(a).startswith("c2pa.")
            and _name(a) not in names.TYPE_EXEMPT
            and a.get("digitalSourceType") is None
        ),
    )


def find_wrong_spec_version(active: ManifestView) -> Matches:
    """Returns the specification version of the claim generator, where it is not 2.4."""
    found = generator_info(active.claim_v2).get("specVersion")
    if not isinstance(found, str):
        return ("missing",) if found is None else (str(found),)
    return () if tuple(found.split(".")[:2]) == _SPEC else (found,)


def find_unstated_completeness(active: ManifestView) -> Matches:
    """Returns actions assertions that do not say whether they list all actions."""
    return tuple(
        "allActionsIncluded" for a in active.action_assertions if a.get("allActionsIncluded") is None
    )


def find_typed_opened(active: ManifestView) -> Matches:
    """Returns the digital source types of opened actions, which must have none."""
    typed = (
        a["digitalSourceType"]
        for a in active.actions
        if _name(a) == "c2pa.opened" and a.get("digitalSourceType")
    )
    return tuple(map(str, typed))


def find_missing_results(active: ManifestView) -> Matches:
    """Returns "validationResults", where the manifest was not validated."""
    return () if active.validated else ("validationResults",)


def find_malformed(active: ManifestView) -> Matches:
    """Returns failure codes about the form of the manifest."""
    return _failures(active, names.WELL_FORMED_CODES)


def find_mismatches(active: ManifestView) -> Matches:
    """Returns failure codes about hashes that do not match."""
    return _failures(active, names.VALID_CODES)


def find_distrust(active: ManifestView) -> Matches:
    """Returns failure codes about the signature and its signer."""
    return _failures(active, names.TRUST_CODES)


def _failures(active: ManifestView, listed: frozenset[str]) -> Matches:
    if not active.validated:
        return ("MISSING_VALIDATION_RESULTS",)
    return tuple(code for code in active.failures if code in listed)


def find_misplaced_inception(active: ManifestView) -> Matches:
    """Returns the action that is where an actions assertion with created or opened should come first."""
    first = next((url for url in active.created if "c2pa.actions" in url), "")
    if not first.endswith("c2pa.actions.v2"):
        return (first or "no actions assertion was created",)
    actions = [_name(action) for action in active.actions]
    if "c2pa.created" in actions and actions[0] not in names.INCEPTION:
        return (actions[0],)
    return ()


def find_deprecated_assertions(active: ManifestView) -> Matches:
    """Returns assertions of a retired kind."""
    return tuple(
        key for key in active.assertions if key.startswith("stds.") or key in names.DEPRECATED_ASSERTIONS
    )


def find_unsupported_assertions(active: ManifestView) -> Matches:
    """Returns c2pa assertions that the specification does not know."""
    known = names.ASSERTIONS | names.DEPRECATED_ASSERTIONS
    return tuple(
        key for key in active.assertions if key.startswith("c2pa.") and key.split("__")[0] not in known
    )


def find_deprecated_actions(active: ManifestView) -> Matches:
    """Returns retired actions."""
    return _actions(active, lambda a: _name(a) in names.DEPRECATED_ACTIONS)


def find_unsupported_actions(active: ManifestView) -> Matches:
    """Returns c2pa actions that the specification does not know."""
    return _actions(active, lambda a: _name(a).startswith("c2pa.") and _name(a) not in names.ACTIONS)


def find_unqualified_assertions(active: ManifestView) -> Matches:
    """Returns own assertions whose label has no name space."""
    return tuple(key for key in active.assertions if not key.startswith("c2pa.") and "." not in key)


def find_unqualified_actions(active: ManifestView) -> Matches:
    """Returns own actions whose name has no name space."""
    return _actions(active, lambda a: not _name(a).startswith("c2pa.") and "." not in _name(a))


def find_unqualified_parameters(active: ManifestView) -> Matches:
    """Returns own action parameters whose name has no name space."""
    keys = (str(key) for action in active.actions for key in as_mapping(action.get("parameters")))
    return tuple(key for key in keys if key not in names.PARAMETERS and "." not in key)


def find_legacy_parameters(active: ManifestView) -> Matches:
    """Returns actions with a parameter in its place of version 1."""
    return _actions(
        active, lambda a: bool({"description", "ingredient"} & set(as_mapping(a.get("parameters"))))
    )


def find_other_label(active: ManifestView) -> Matches:
    """Returns the manifest's label, where it does not begin with urn:c2pa."""
    return () if active.label.startswith("urn:c2pa:") else (active.label or "no label",)


def find_ratings_by_people(active: ManifestView) -> Matches:
    """Returns "reviewRatings" in assertions that a person entered."""
    return tuple(
        "reviewRatings"
        for value in active.values
        if value.get("reviewRatings") is not None
        and as_mapping(value.get("dataSource")).get("type")
        in ("humanEntry.anonymous", "humanEntry.credentialed")
    )


def find_results_alone(active: ManifestView) -> Matches:
    """Returns ingredients with validation results and without a manifest."""
    return _ingredients(
        active, lambda part: part.get("activeManifest") is None and part.get("validationResults") is not None
    )


def find_results_missing(active: ManifestView) -> Matches:
    """Returns ingredients with a manifest and without validation results."""
    return _ingredients(
        active, lambda part: part.get("activeManifest") is not None and part.get("validationResults") is None
    )


def find_unknown_relationships(active: ManifestView) -> Matches:
    """Returns relationships of ingredients that the specification does not know."""
    found = (str(part["relationship"]) for part in active.ingredients)
    return tuple(value for value in found if value not in ("parentOf", "inputTo", "componentOf"))


def find_untyped_created(active: ManifestView) -> Matches:
    """Returns created actions without a digital source type."""
    return _actions(active, lambda a: _name(a) == "c2pa.created" and a.get("digitalSourceType") is None)


def find_deprecated_claim_fields(active: ManifestView) -> Matches:
    """Returns the claim's retired fields."""
    return ("specVersion in claim",) if active.claim_v2.get("specVersion") is not None else ()


def find_ambiguous_ingredients(active: ManifestView) -> Matches:
    """Returns ingredients with both a manifest and a digital source type."""
    return _ingredients(
        active,
        lambda part: part.get("activeManifest") is not None and part.get("digitalSourceType") is not None,
    )


def find_ambiguous_originals(active: ManifestView) -> Matches:
    """Returns original preservation images that are in no place, or in two."""
    kind, choice = (
        "exif.originalPreservationImage",
        ("multiAssetPartIndex", "embeddedOriginalPreservationImage"),
    )
    return tuple(
        kind
        for value in active.values
        for parameters in [as_mapping(value.get("parameters"))]
        if kind in (value.get("type"), parameters.get("type"))
        and sum(parameters.get(key) is not None for key in choice) != 1
    )


def find_forbidden_references(active: ManifestView) -> Matches:
    """Returns external references to assertions that must be in the manifest."""
    labels = (
        str(value["label"])
        for value in active.values
        if value.get("label") is not None
        and value.get("url") is not None
        and value.get("relationship") is None
    )
    return tuple(
        label
        for label in labels
        if label in ("c2pa.actions", "c2pa.actions.v2", "c2pa.cloud-data", "c2pa.external-reference")
        or label.startswith(("c2pa.hash", "c2pa.ingredient"))
    )


def find_hash_urls(active: ManifestView) -> Matches:
    """Returns hash assertions that name an address."""
    hashes = ("c2pa.hash.data", "c2pa.hash.bmff.v3")
    return tuple(key for key in hashes if as_mapping(active.assertions.get(key)).get("url") is not None)


def find_incomplete_opened(active: ManifestView) -> Matches:
    """Returns a single opened action that does not say it is the only one."""
    included = as_mapping(active.assertions.get("c2pa.actions.v2")).get("allActionsIncluded")
    if len(active.actions) != 1 or included is True:
        return ()
    return _actions(active, lambda a: _name(a) == "c2pa.opened")


def find_opened_without_ingredient(active: ManifestView) -> Matches:
    """Returns opened actions that do not refer to exactly one ingredient."""
    return _actions(
        active,
        lambda a: (
            _name(a) == "c2pa.opened"
            and len(as_list(as_mapping(a.get("parameters")).get("ingredients"))) != 1
        ),
    )


def find_tiff_box_hash(active: ManifestView) -> Matches:
    """Returns the box hash of a TIFF, which has no boxes."""
    kind = as_mapping(active.assertions.get("c2pa.asset-type.v2")).get("dc:format")
    tiff = kind in ("image/tiff", "image/x-adobe-dng")
    return ("c2pa.hash.boxes",) if tiff and "c2pa.hash.boxes" in active.assertions else ()
