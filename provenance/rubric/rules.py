"""The rules of the C2PA asset rubric, each a function from an active manifest to what breaks it there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from provenance.crjson.manifest import ManifestView, as_list, as_mapping
from provenance.rubric import names as words

_SPEC = ("2", "4")

Matches = tuple[str, ...]


def _name(action: Mapping[str, Any]) -> str:
    return str(action.get("action") or "")


def _actions(active: ManifestView, wrong: Callable[[Mapping[str, Any]], bool]) -> Matches:
    return tuple(_name(action) for action in active.actions if wrong(action))


def _ingredients(active: ManifestView, wrong: Callable[[Mapping[str, Any]], bool]) -> Matches:
    return tuple(str(part.get("dc:title") or "an ingredient") for part in active.ingredients if wrong(part))


def untyped(active: ManifestView) -> Matches:
    return _actions(
        active,
        lambda a: (
            _name(a).startswith("c2pa.")
            and _name(a) not in words.TYPE_EXEMPT
            and a.get("digitalSourceType") is None
        ),
    )


def spec_version(active: ManifestView) -> Matches:
    info = active.claim.get("claim_generator_info")
    found = as_mapping(info[0] if isinstance(info, list) and info else info).get("specVersion")
    if not isinstance(found, str):
        return ("missing",) if found is None else (str(found),)
    return () if tuple(found.split(".")[:2]) == _SPEC else (found,)


def all_included(active: ManifestView) -> Matches:
    return tuple(
        "allActionsIncluded" for a in active.action_assertions if a.get("allActionsIncluded") is None
    )


def opened_typed(active: ManifestView) -> Matches:
    typed = (
        a["digitalSourceType"]
        for a in active.actions
        if _name(a) == "c2pa.opened" and a.get("digitalSourceType")
    )
    return tuple(map(str, typed))


def not_validated(active: ManifestView) -> Matches:
    return () if active.validated else ("validationResults",)


def ill_formed(active: ManifestView) -> Matches:
    return _failures(active, words.WELL_FORMED_CODES)


def invalid(active: ManifestView) -> Matches:
    return _failures(active, words.VALID_CODES)


def untrusted(active: ManifestView) -> Matches:
    return _failures(active, words.TRUST_CODES)


def _failures(active: ManifestView, listed: frozenset[str]) -> Matches:
    if not active.validated:
        return ("MISSING_VALIDATION_RESULTS",)
    return tuple(code for code in active.failures if code in listed)


def inception(active: ManifestView) -> Matches:
    first = next((url for url in active.created if "c2pa.actions" in url), "")
    if not first.endswith("c2pa.actions.v2"):
        return (first or "no actions assertion was created",)
    names = [_name(action) for action in active.actions]
    if "c2pa.created" in names and names[0] not in words.INCEPTION:
        return (names[0],)
    return ()


def deprecated_assertions(active: ManifestView) -> Matches:
    return tuple(
        key for key in active.assertions if key.startswith("stds.") or key in words.DEPRECATED_ASSERTIONS
    )


def unsupported_assertions(active: ManifestView) -> Matches:
    known = words.ASSERTIONS | words.DEPRECATED_ASSERTIONS
    return tuple(
        key for key in active.assertions if key.startswith("c2pa.") and key.split("__")[0] not in known
    )


def deprecated_actions(active: ManifestView) -> Matches:
    return _actions(active, lambda a: _name(a) in words.DEPRECATED_ACTIONS)


def unsupported_actions(active: ManifestView) -> Matches:
    return _actions(active, lambda a: _name(a).startswith("c2pa.") and _name(a) not in words.ACTIONS)


def loose_assertions(active: ManifestView) -> Matches:
    return tuple(key for key in active.assertions if not key.startswith("c2pa.") and "." not in key)


def loose_actions(active: ManifestView) -> Matches:
    return _actions(active, lambda a: not _name(a).startswith("c2pa.") and "." not in _name(a))


def loose_parameters(active: ManifestView) -> Matches:
    keys = (str(key) for action in active.actions for key in as_mapping(action.get("parameters")))
    return tuple(key for key in keys if key not in words.PARAMETERS and "." not in key)


def legacy_parameters(active: ManifestView) -> Matches:
    return _actions(
        active, lambda a: bool({"description", "ingredient"} & set(as_mapping(a.get("parameters"))))
    )


def urn(active: ManifestView) -> Matches:
    return () if active.label.startswith("urn:c2pa:") else (active.label or "no label",)


def ratings(active: ManifestView) -> Matches:
    return tuple(
        "reviewRatings"
        for value in active.values
        if value.get("reviewRatings") is not None
        and as_mapping(value.get("dataSource")).get("type")
        in ("humanEntry.anonymous", "humanEntry.credentialed")
    )


def results_alone(active: ManifestView) -> Matches:
    return _ingredients(
        active, lambda part: part.get("activeManifest") is None and part.get("validationResults") is not None
    )


def results_missing(active: ManifestView) -> Matches:
    return _ingredients(
        active, lambda part: part.get("activeManifest") is not None and part.get("validationResults") is None
    )


def relationships(active: ManifestView) -> Matches:
    found = (str(part["relationship"]) for part in active.ingredients)
    return tuple(value for value in found if value not in ("parentOf", "inputTo", "componentOf"))


def created_untyped(active: ManifestView) -> Matches:
    return _actions(active, lambda a: _name(a) == "c2pa.created" and a.get("digitalSourceType") is None)


def claim_fields(active: ManifestView) -> Matches:
    return ("specVersion in claim",) if active.claim.get("specVersion") is not None else ()


def ingredient_choice(active: ManifestView) -> Matches:
    return _ingredients(
        active,
        lambda part: part.get("activeManifest") is not None and part.get("digitalSourceType") is not None,
    )


def original_choice(active: ManifestView) -> Matches:
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


def forbidden_references(active: ManifestView) -> Matches:
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


def hash_urls(active: ManifestView) -> Matches:
    hashes = ("c2pa.hash.data", "c2pa.hash.bmff.v3")
    return tuple(key for key in hashes if as_mapping(active.assertions.get(key)).get("url") is not None)


def only_opened(active: ManifestView) -> Matches:
    included = as_mapping(active.assertions.get("c2pa.actions.v2")).get("allActionsIncluded")
    if len(active.actions) != 1 or included is True:
        return ()
    return _actions(active, lambda a: _name(a) == "c2pa.opened")


def opened_reference(active: ManifestView) -> Matches:
    return _actions(
        active,
        lambda a: (
            _name(a) == "c2pa.opened"
            and len(as_list(as_mapping(a.get("parameters")).get("ingredients"))) != 1
        ),
    )


def tiff_boxes(active: ManifestView) -> Matches:
    kind = as_mapping(active.assertions.get("c2pa.asset-type.v2")).get("dc:format")
    tiff = kind in ("image/tiff", "image/x-adobe-dng")
    return ("c2pa.hash.boxes",) if tiff and "c2pa.hash.boxes" in active.assertions else ()
