"""What went into a film, as far back as its manifests tell.

A clip that was tampered with can be taken as an ingredient and signed again: the outer manifest is then
valid and trusted, in every reader, and the one trace left is what was found when the clip was taken in.
So every ingredient of every manifest is looked at, not only the outermost.
Source: C2PA 2.4, 15.11.3.3 (validating ingredients), 18.16 (ingredient assertion).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from post.values.claim import Finding
from provenance import status
from provenance.claim import ACCEPTED, RECEIPT_LABEL

Chain = Literal["sound", "laundered", "incomplete", "none"]


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
    def place(self) -> str:
        return f"{self.title or self.label} in {self.owner}"


def links(manifests: Sequence[Mapping[str, Any]]) -> tuple[Link, ...]:
    """Every ingredient of every manifest: the list is flat, so nothing here nests."""
    return tuple(
        _link(str(manifest.get("label", "")), label, found)
        for manifest in manifests
        for label, found in _assertions(manifest)
        if isinstance(found, Mapping) and "relationship" in found and label.startswith("c2pa.ingredient")
    )


def judge(manifests: Sequence[Mapping[str, Any]]) -> tuple[Chain, tuple[Finding, ...]]:
    """Whether the chain holds, and what was found along it."""
    found = links(manifests)
    if not found:
        return "none", ()
    there = {str(manifest.get("label", "")) for manifest in manifests}
    findings = [finding for link in found for finding in _judged(link, there)]
    findings += _now_wrong(manifests)
    if any(finding.code == "chain.laundered" for finding in findings):
        return "laundered", (*findings, *_accepted(manifests))
    broken = any(finding.code.startswith("chain.") for finding in findings)
    return ("incomplete" if broken else "sound"), tuple(findings)


def _judged(link: Link, there: set[str]) -> Iterator[Finding]:
    if link.manifest and link.manifest not in there:
        yield Finding("chain.missing", "chain", link.place, "its own manifest was left out of this file")
    if link.manifest and not link.checked:
        yield Finding("chain.unchecked", "chain", link.place, "taken in without being validated")
    for entry in link.known:
        name = str(entry["code"])
        means = status.meaning(name)
        if means in ("tampered", "missing", "malformed"):
            why = f"it failed when it was taken in ({name}), and was signed over"
            yield Finding("chain.laundered", "chain", link.place, why)
        elif means in ("untrusted", "expired", "revoked"):
            yield Finding(name, "chain", link.place, "so it was found when it was taken in")


def _now_wrong(manifests: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """What is wrong with ingredients today and was not when they were taken in."""
    for manifest in manifests:
        for delta in manifest.get("ingredientDeltas") or ():
            for entry in status.items(delta, "validationDeltas", "failure"):
                bad = status.meaning(str(entry["code"])) in ("tampered", "missing", "malformed")
                found = status.finding(entry, "chain")
                yield (
                    Finding("chain.broken", "chain", found.where, f"{found.code}: {found.why}")
                    if bad
                    else found
                )


def _accepted(manifests: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """The reasons a film itself declares for taking clips whose credentials failed."""
    for manifest in manifests[:1]:
        for label, found in _assertions(manifest):
            takes = found.get("takes") if label == RECEIPT_LABEL and isinstance(found, Mapping) else None
            for take in takes if isinstance(takes, list) else ():
                if isinstance(take, Mapping) and take.get(ACCEPTED):
                    yield Finding(
                        "ingredient.accepted",
                        "chain",
                        str(take.get("title", "")),
                        f"declared reason: {take[ACCEPTED]}",
                    )


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
