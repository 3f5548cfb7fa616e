"""Reads the signals of the C2PA programme's signals rubric (local): how a manifest says its film was made.

The rubric has no pass and no fail: each row is a signal that is present or not. A manifest's statements are
only its signer's statements. Source: C2PA Conformance Task Force, "C2PA Asset Signals Rubric (Local)" of 2026-08-06.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from post.values.claim import IPTC
from provenance.crjson.manifest import ManifestView, as_list, as_mapping, mappings

NAME = "C2PA signals 1.0, local"
_C2PA = "http://c2pa.org/digitalsourcetype/"
INCEPTION = frozenset({"c2pa.created", "c2pa.opened"})
_UNSEEN = (
    "converted published repackaged transcoded resized.proportional enhanced edited.metadata "
    "watermarked watermarked.bound watermarked.unbound redacted"
)
NON_EDITORIAL = frozenset(f"c2pa.{name}" for name in _UNSEEN.split())
GENERATED = frozenset(
    (
        IPTC + "trainedAlgorithmicMedia",
        IPTC + "compositeWithTrainedAlgorithmicMedia",
        IPTC + "compositeSynthetic",
        _C2PA + "trainedAlgorithmicData",
    )
)
POSSIBLY = frozenset((IPTC + "digitalArt", IPTC + "composite"))


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal. is_present: whether a manifest gives it."""

    id: str
    says: str
    is_present: Callable[[ManifestView], bool]


def read_signals(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Returns the ids of the signals that an active manifest, in crJSON, gives."""
    active = ManifestView(manifest)
    return tuple(each.id for each in SIGNALS if each.is_present(active))


def _begins_with(*source_types: str) -> Callable[[ManifestView], bool]:
    """Tests whether a first action (created, opened) has one of some digital source types."""

    def is_present(active: ManifestView) -> bool:
        return any(
            each.get("action") in INCEPTION and each.get("digitalSourceType") in source_types
            for each in _actions(active)
        )

    return is_present


def _is_edited_with(fits: Callable[[Any], bool]) -> Callable[[ManifestView], bool]:
    """Tests whether an action that changes what is seen has a digital source type that fits."""

    def is_present(active: ManifestView) -> bool:
        return any(
            each.get("action") is not None
            and each["action"] not in INCEPTION | NON_EDITORIAL
            and fits(each.get("digitalSourceType"))
            for each in _actions(active)
        )

    return is_present


def _has_unknown_origin(active: ManifestView) -> bool:
    part = active.assertion("c2pa.ingredient.v3")
    return bool(part) and part.get("activeManifest") is None


def _is_ambiguous(active: ManifestView) -> bool:
    actions = _actions(active)
    names = [str(each["action"]) for each in actions if each.get("action") is not None]
    gathered = active.claim_v2.get("gathered_assertions")
    return (
        not actions
        or _asserted(active).get("allActionsIncluded") is not True
        or any(not name.startswith("c2pa.") or name == "c2pa.unknown" for name in names)
        or any("c2pa.actions" in str(as_mapping(each).get("url")) for each in as_list(gathered))
    )


def _has_invisible_edits(active: ManifestView) -> bool:
    return any(each.get("action") in NON_EDITORIAL for each in _actions(active))


def _asserted(active: ManifestView) -> Mapping[str, Any]:
    return active.assertion("c2pa.actions.v2")


def _actions(active: ManifestView) -> list[Mapping[str, Any]]:
    """Returns the actions, with name and source type as text, even where a hostile file has other types."""
    return [
        {
            key: each[key] if isinstance(each[key], str) else str(each[key])
            for key in ("action", "digitalSourceType")
            if each.get(key) is not None
        }
        for each in mappings(_asserted(active).get("actions"))
    ]


SIGNALS = (
    Signal("inception:signal_blankCanvas", "it began as a blank canvas", _begins_with(_C2PA + "empty")),
    Signal(
        "inception:signal_capturedMedia",
        "it was captured",
        _begins_with(IPTC + "digitalCapture", IPTC + "computationalCapture"),
    ),
    Signal(
        "inception:signal_capturedMediaStitched",
        "it was composed from captures",
        _begins_with(IPTC + "compositeCapture"),
    ),
    Signal(
        "inception:signal_compositionMayContainGenAI",
        "it was composed, perhaps from generated parts",
        _begins_with(IPTC + "composite"),
    ),
    Signal(
        "inception:signal_fullyGenAIMedia", "it was generated", _begins_with(IPTC + "trainedAlgorithmicMedia")
    ),
    Signal(
        "inception:signal_mediaUnknownProvenance",
        "it came from a file without credentials",
        _has_unknown_origin,
    ),
    Signal(
        "inception:signal_nonGenAIDigitalCreation",
        "it was made digitally, without a model",
        _begins_with(IPTC + "digitalCreation"),
    ),
    Signal(
        "inception:signal_partlyGenAICreation",
        "it was composed, with generated parts",
        _begins_with(IPTC + "compositeWithTrainedAlgorithmicMedia"),
    ),
    Signal(
        "inception:signal_screenCaptureMayContainGenAI",
        "it was recorded from a screen",
        _begins_with(IPTC + "screenCapture"),
    ),
    Signal("transformation:signal_ambiguousActions", "not all that was done to it is listed", _is_ambiguous),
    Signal(
        "transformation:signal_nonEditorial",
        "it was changed in ways that are not visible",
        _has_invisible_edits,
    ),
    Signal(
        "transformation:signal_perceptibleGenAI",
        "a model changed what is seen",
        _is_edited_with(GENERATED.__contains__),
    ),
    Signal(
        "transformation:signal_perceptibleNonGenAI",
        "what is seen was changed without a model",
        _is_edited_with(lambda kind: kind is not None and kind not in GENERATED),
    ),
    Signal(
        "transformation:signal_perceptiblePossiblyGenAI",
        "what is seen was changed, perhaps by a model",
        _is_edited_with(POSSIBLY.__contains__),
    ),
)
