"""One manifest of a file as crJSON gives it, with a checked type for every part.

Source: C2PA 2.4, crJSON.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provenance.crjson import status


class Active:
    """The active manifest as the rules look at it. Whatever a hostile file holds, each view has its type."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        self.label = str(manifest.get("label") or "")
        self.assertions = mapping(manifest.get("assertions"))
        self.claim = mapping(manifest.get("claim.v2"))
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
            for action in listed(found["actions"])
            if isinstance(action, Mapping)
        ]

    @property
    def ingredients(self) -> list[Mapping[str, Any]]:
        return [value for value in self.values if value.get("relationship") is not None]

    @property
    def created(self) -> list[str]:
        return [str(mapping(each).get("url") or "") for each in listed(self.claim.get("created_assertions"))]


def mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
