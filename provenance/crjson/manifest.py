"""Reads one manifest from crJSON through a view in which every part has its type.

A file may hold anything where the standard has a map or a list: the view then has an empty one.
Source: C2PA 2.4, crJSON (the standard's JSON of a file's manifests).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from post.errors import SourceError
from provenance.crjson import status

# The lists of a validation result.
ResultKind = Literal["success", "informational", "failure"]
_NO_FILE = 1 << 62  # bytes: no file system holds as many


class ManifestView:
    """One manifest. label, assertions (by label), signature, results (its own validation): as crJSON has
    them; claim_v2: a claim of version 2, {} where it has none; claim: of version 2, else of version 1."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        self.label = str(manifest.get("label") or "")
        self.assertions = as_mapping(manifest.get("assertions"))
        self.claim_v2 = as_mapping(manifest.get("claim.v2"))
        self.claim = self.claim_v2 or as_mapping(manifest.get("claim"))
        self.signature = as_mapping(manifest.get("signature"))
        self.validated = manifest.get("validationResults") is not None
        self.results = as_mapping(manifest.get("validationResults"))
        self.updates = manifest.get("isUpdateManifest") is True
        self._deltas = as_list(manifest.get("ingredientDeltas"))

    @property
    def values(self) -> Iterator[Mapping[str, Any]]:
        """Yields the data of every assertion that is a map."""
        return (value for value in self.assertions.values() if isinstance(value, Mapping))

    @property
    def action_assertions(self) -> list[Mapping[str, Any]]:
        """The data of the assertions that list actions."""
        return [value for value in self.values if value.get("actions") is not None]

    @property
    def actions(self) -> list[Mapping[str, Any]]:
        """The actions of all assertions, in order."""
        return [action for found in self.action_assertions for action in mappings(found["actions"])]

    @property
    def ingredients(self) -> list[Mapping[str, Any]]:
        """The data of the ingredient assertions."""
        return [value for value in self.values if value.get("relationship") is not None]

    @property
    def created(self) -> list[str]:
        """The addresses of the assertions that the claim generator itself created."""
        return [
            str(as_mapping(row).get("url") or "") for row in as_list(self.claim_v2.get("created_assertions"))
        ]

    @property
    def title(self) -> str:
        """The title of the work; "" where the claim has none."""
        return str(self.claim.get("dc:title", ""))

    @property
    def generator(self) -> str:
        """The claim generator as "NAME VERSION"; in old claims its user agent string."""
        info = generator_info(self.claim)
        return name_and_version(info) if info else str(self.claim.get("claim_generator", ""))

    @property
    def subject(self) -> Mapping[str, Any]:
        """The subject of the signer's certificate, by attribute ("CN", "O")."""
        return as_mapping(as_mapping(self.signature.get("certificateInfo")).get("subject"))

    @property
    def issuer(self) -> Mapping[str, Any]:
        """The issuer of the signer's certificate, by attribute."""
        return as_mapping(as_mapping(self.signature.get("certificateInfo")).get("issuer"))

    @property
    def stamped_at(self) -> Any:
        """The time in the signature's time-stamp, as text; None without one."""
        return as_mapping(self.signature.get("timeStampInfo")).get("timestamp")

    @property
    def failures(self) -> tuple[str, ...]:
        """The status codes of what failed."""
        return self.codes("failure")

    def assertion(self, label: str) -> Mapping[str, Any]:
        """Returns the data of an assertion; {} where there is none or it is no map."""
        return as_mapping(self.assertions.get(label))

    def assertions_of(self, label: str) -> Iterator[tuple[str, Any]]:
        """Yields (label, data) of each assertion of one kind: LABEL, LABEL__1, LABEL__2..."""
        return ((name, data) for name, data in self.assertions.items() if name.partition("__")[0] == label)

    def entries(self, kind: ResultKind) -> tuple[Mapping[str, Any], ...]:
        """Returns one list of its validation results."""
        return status.read_entries(self.results, kind)

    def codes(self, kind: ResultKind) -> tuple[str, ...]:
        """Returns the status codes of one list of its validation results."""
        return status.codes_of(self.entries(kind))

    def delta_failures(self) -> Iterator[Mapping[str, Any]]:
        """Yields what fails in its ingredients now, and did not when they were added, of every delta."""
        for delta in self._deltas:
            yield from status.read_entries(delta, "validationDeltas", "failure")


def generator_info(claim: Mapping[str, Any]) -> Mapping[str, Any]:
    """Returns a claim's generator: the first of a list (version 1), or the only one; {} without one."""
    info = claim.get("claim_generator_info")
    return as_mapping(info[0] if isinstance(info, list) and info else info)


def name_and_version(agent: Mapping[str, Any]) -> str:
    """Returns "NAME VERSION" of a claim generator or a software agent."""
    return f"{agent.get('name', '')} {agent.get('version', '')}".strip()


def as_mapping(value: object) -> Mapping[str, Any]:
    """Returns a value that is a map; {} for any other."""
    return value if isinstance(value, Mapping) else {}


def as_list(value: object) -> list[Any]:
    """Returns a value that is a list; [] for any other."""
    return value if isinstance(value, list) else []


def read_range(row: object, start: str = "start") -> tuple[int, int]:
    """Returns the first byte and the length of a range of bytes in a hash assertion.

    start: the key of the first byte. Raises SourceError where one of both is no whole number from 0 on.
    """
    found = as_mapping(row)
    return as_count(found.get(start)), as_count(found.get("length"))


def as_count(value: object) -> int:
    """Returns a number of bytes. Raises SourceError for any other value: a file may hold anything there."""
    if type(value) is not int or not 0 <= value < _NO_FILE:
        raise SourceError("the hash leaves out what is no range of bytes", expected="whole numbers from 0 on")
    return value


def mappings(value: object) -> list[Mapping[str, Any]]:
    """Returns the maps in a value that is a list; [] for any other."""
    return [each for each in as_list(value) if isinstance(each, Mapping)]
