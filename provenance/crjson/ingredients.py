"""The ingredients that the manifests of a file list, read from crJSON with types checked.

Source: C2PA 2.4, 18.16 (ingredient assertion).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provenance.crjson import status

MAX_LINKS = 20_000


@dataclass(frozen=True, slots=True)
class Link:
    """One ingredient as one manifest lists it. manifest: the label of its own, "" where it has none;
    known: what was found when it was taken in; checked: whether that was written down."""

    owner: str
    label: str
    title: str
    relationship: str
    manifest: str
    known: tuple[Mapping[str, Any], ...]
    checked: bool

    @property
    def name(self) -> str:
        return self.title or self.label


def links(manifests: Sequence[Mapping[str, Any]]) -> tuple[Link, ...]:
    """Every ingredient of every manifest, at most 20 000: the list is flat, so nothing here nests."""
    found = [
        _link(str(manifest.get("label", "")), label, part)
        for manifest in manifests
        for label, part in _assertions(manifest)
        if isinstance(part, Mapping) and "relationship" in part and label.startswith("c2pa.ingredient")
    ]
    return tuple(found[:MAX_LINKS])


def _link(owner: str, label: str, found: Mapping[str, Any]) -> Link:
    reference = found.get("activeManifest") or found.get("c2pa_manifest")
    url = str(reference.get("url", "")) if isinstance(reference, Mapping) else ""
    results = found.get("validationResults")
    # Versions 1 and 2 wrote `validationStatus`, and nothing at all where there was nothing to tell.
    checked = results is not None or not label.startswith("c2pa.ingredient.v3")
    return Link(
        owner,
        label,
        str(found.get("dc:title", "")),
        str(found["relationship"]),
        url.rpartition("/")[2],
        (*_recorded(results), *status.items(found, "validationStatus")),
        checked,
    )


def _recorded(results: object) -> Iterator[Mapping[str, Any]]:
    yield from status.items(results, "activeManifest", "failure")
    deltas = results.get("ingredientDeltas") if isinstance(results, Mapping) else None
    for delta in deltas if isinstance(deltas, list) else ():
        yield from status.items(delta, "validationDeltas", "failure")


def _assertions(manifest: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    found = manifest.get("assertions")
    yield from found.items() if isinstance(found, Mapping) else ()
