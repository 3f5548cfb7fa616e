"""Reads the ingredients that the manifests of a file list, from crJSON.

Source: C2PA 2.4, 18.16 (ingredient assertion).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provenance.crjson import status
from provenance.crjson.manifest import ManifestView, as_list, as_mapping

MAX_LINKS = 20_000
_LABEL = "c2pa.ingredient"
_LABEL_V3 = "c2pa.ingredient.v3"


@dataclass(frozen=True, slots=True)
class IngredientLink:
    """One ingredient as one manifest lists it.

    owner: the label of the manifest that lists it; label: of its assertion there; manifest: the label of the
    ingredient's own manifest, "" where it has none; known: the failures recorded when it was added, as status
    entries; checked: whether a validation was recorded at all.
    """

    owner: str
    label: str
    title: str
    relationship: str
    manifest: str
    known: tuple[Mapping[str, Any], ...]
    checked: bool

    @property
    def name(self) -> str:
        """Its title, or its label where it has none."""
        return self.title or self.label


def read_ingredient_links(manifests: Sequence[Mapping[str, Any]]) -> tuple[IngredientLink, ...]:
    """Returns the ingredients of every manifest of a file, at most 20 000. The list is flat: nothing recurses."""
    found = [
        _link(view.label, label, part)
        for view in map(ManifestView, manifests)
        for label, part in view.assertions.items()
        if isinstance(part, Mapping) and "relationship" in part and label.startswith(_LABEL)
    ]
    return tuple(found[:MAX_LINKS])


def _link(owner: str, label: str, found: Mapping[str, Any]) -> IngredientLink:
    reference = as_mapping(found.get("activeManifest") or found.get("c2pa_manifest"))
    results = found.get("validationResults")
    # Versions 1 and 2 wrote `validationStatus`, and wrote nothing at all where there was no failure.
    checked = results is not None or not label.startswith(_LABEL_V3)
    return IngredientLink(
        owner,
        label,
        str(found.get("dc:title", "")),
        str(found["relationship"]),
        str(reference.get("url", "")).rpartition("/")[2],
        (*_recorded(results), *status.read_entries(found, "validationStatus")),
        checked,
    )


def _recorded(results: object) -> Iterator[Mapping[str, Any]]:
    """Yields the failures recorded of an ingredient's own manifest, then of each of its ingredients."""
    yield from status.read_entries(results, "activeManifest", "failure")
    for delta in as_list(as_mapping(results).get("ingredientDeltas")):
        yield from status.read_entries(delta, "validationDeltas", "failure")
