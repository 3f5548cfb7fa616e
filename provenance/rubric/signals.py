"""The C2PA programme's signals rubric (local): what a manifest says of how its film came to be.

It has no pass and no fail: each rule tells whether a signal is there. What a manifest says is only what
its signer says. Source: C2PA Conformance Task Force, "C2PA Asset Signals Rubric (Local)" of 2026-08-06.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from post.values.claim import IPTC

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

_Manifest = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal. there: whether a manifest gives it."""

    id: str
    says: str
    there: Callable[[_Manifest], bool]


def signals(manifest: _Manifest) -> tuple[str, ...]:
    """The ids of the signals an active manifest in crJSON gives."""
    return tuple(each.id for each in SIGNALS if each.there(manifest))


def _begins(*source_types: str) -> Callable[[_Manifest], bool]:
    """Whether a first action (created, opened) has one of some source types."""

    def there(manifest: _Manifest) -> bool:
        return any(
            each.get("action") in INCEPTION and each.get("digitalSourceType") in source_types
            for each in _actions(manifest)
        )

    return there


def _edits(fits: Callable[[Any], bool]) -> Callable[[_Manifest], bool]:
    """Whether an action that changes what is seen has a source type that fits."""

    def there(manifest: _Manifest) -> bool:
        return any(
            each.get("action") is not None
            and each["action"] not in INCEPTION | NON_EDITORIAL
            and fits(each.get("digitalSourceType"))
            for each in _actions(manifest)
        )

    return there


def _unknown_origin(manifest: _Manifest) -> bool:
    part = _map(_map(manifest.get("assertions")).get("c2pa.ingredient.v3"))
    return bool(part) and part.get("activeManifest") is None


def _ambiguous(manifest: _Manifest) -> bool:
    actions = _actions(manifest)
    names = [str(each["action"]) for each in actions if each.get("action") is not None]
    gathered = _map(manifest.get("claim.v2")).get("gathered_assertions")
    return (
        not actions
        or _asserted(manifest).get("allActionsIncluded") is not True
        or any(not name.startswith("c2pa.") or name == "c2pa.unknown" for name in names)
        or any("c2pa.actions" in str(_map(each).get("url")) for each in _list(gathered))
    )


def _not_seen(manifest: _Manifest) -> bool:
    return any(each.get("action") in NON_EDITORIAL for each in _actions(manifest))


def _asserted(manifest: _Manifest) -> Mapping[str, Any]:
    return _map(_map(manifest.get("assertions")).get("c2pa.actions.v2"))


def _actions(manifest: _Manifest) -> list[Mapping[str, Any]]:
    """Whatever a hostile file holds there, each has a name and a source type that can be compared."""
    found = (each for each in _list(_asserted(manifest).get("actions")) if isinstance(each, Mapping))
    return [
        {
            key: each[key] if isinstance(each[key], str) else str(each[key])
            for key in ("action", "digitalSourceType")
            if each.get(key) is not None
        }
        for each in found
    ]


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


SIGNALS = (
    Signal("inception:signal_blankCanvas", "it began as a blank canvas", _begins(_C2PA + "empty")),
    Signal(
        "inception:signal_capturedMedia",
        "it was captured",
        _begins(IPTC + "digitalCapture", IPTC + "computationalCapture"),
    ),
    Signal(
        "inception:signal_capturedMediaStitched",
        "it was put together from captures",
        _begins(IPTC + "compositeCapture"),
    ),
    Signal(
        "inception:signal_compositionMayContainGenAI",
        "it was put together, perhaps from generated parts",
        _begins(IPTC + "composite"),
    ),
    Signal("inception:signal_fullyGenAIMedia", "it was generated", _begins(IPTC + "trainedAlgorithmicMedia")),
    Signal(
        "inception:signal_mediaUnknownProvenance",
        "it came from a file without credentials",
        _unknown_origin,
    ),
    Signal(
        "inception:signal_nonGenAIDigitalCreation",
        "people made it with ordinary tools",
        _begins(IPTC + "digitalCreation"),
    ),
    Signal(
        "inception:signal_partlyGenAICreation",
        "it was put together, with generated parts",
        _begins(IPTC + "compositeWithTrainedAlgorithmicMedia"),
    ),
    Signal(
        "inception:signal_screenCaptureMayContainGenAI",
        "it was recorded off a screen",
        _begins(IPTC + "screenCapture"),
    ),
    Signal("transformation:signal_ambiguousActions", "not all that was done to it is told", _ambiguous),
    Signal("transformation:signal_nonEditorial", "things nobody sees were done to it", _not_seen),
    Signal(
        "transformation:signal_perceptibleGenAI",
        "a model changed what is seen",
        _edits(GENERATED.__contains__),
    ),
    Signal(
        "transformation:signal_perceptibleNonGenAI",
        "what is seen was changed without a model",
        _edits(lambda kind: kind is not None and kind not in GENERATED),
    ),
    Signal(
        "transformation:signal_perceptiblePossiblyGenAI",
        "what is seen was changed, perhaps by a model",
        _edits(POSSIBLY.__contains__),
    ),
)
