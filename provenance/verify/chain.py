"""Judges what went into a film, as far back as its manifests reach.

A clip that was tampered with can be taken as an ingredient and signed again: the outer manifest is then
valid and trusted, in every reader. Two traces are left: the result of the check when the clip was taken
in, which only the one who took it in wrote down; and the clip's own manifest, where the file holds it.
So every ingredient of every manifest is looked at, and every manifest in the file is checked again.
Source: C2PA 2.4, 15.11.3.3 (validating ingredients), 18.16 (ingredient assertion).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from post.values.claim import Finding
from provenance.claim.build import ACCEPTED, RECEIPT_LABEL
from provenance.crjson import status
from provenance.crjson.ingredients import MAX_LINKS, IngredientLink, read_ingredient_links
from provenance.crjson.manifest import ManifestView, mappings
from provenance.report import Chain

_MAX_SHOWN = 200  # findings of one code: thousands of them are counted and not listed
_FAULTS = ("tampered", "missing", "malformed")


@dataclass(frozen=True, slots=True)
class IngredientFault:
    """Something in an ingredient's manifest that does not hold now, by its bytes.

    signed_over: whether those very bytes are what the manifest that took it in signed for.
    """

    manifest: str
    code: str
    place: str
    why: str
    signed_over: bool


@dataclass(frozen=True, slots=True)
class IngredientResults:
    """What our own checks of ingredients' manifests came to.

    redacted: addresses of assertions that a later claim took out, which is allowed.
    """

    faults: tuple[IngredientFault, ...] = ()
    redacted: tuple[str, ...] = ()


def judge(
    manifests: Sequence[Mapping[str, Any]], own: IngredientResults = IngredientResults()
) -> tuple[Chain, tuple[Finding, ...]]:
    """Returns whether the chain holds, and what was found along it.

    manifests: in crJSON, the active one first; own: the results of our own checks.
    """
    found = read_ingredient_links(manifests)
    if not found:
        return "none", ()
    trails = trails_to(manifests, found)
    present = {view.label for view in map(ManifestView, manifests)}
    findings = [finding for link in found for finding in _judge_link(link, present, trails)]
    findings += _failing_now(manifests)
    findings += _own_findings(own, trails)
    if len(found) == MAX_LINKS:
        findings.append(Finding("chain.bound", "chain", "", f"only {MAX_LINKS} ingredients were looked at"))
    shown = tuple(_shortened(findings))
    if any(finding.code == "chain.laundered" for finding in findings):
        return "laundered", (*shown, *_declared_reasons(manifests))
    broken = any(finding.code.startswith("chain.") for finding in findings)
    return ("incomplete" if broken else "sound"), shown


def trails_to(manifests: Sequence[Mapping[str, Any]], found: Sequence[IngredientLink]) -> dict[str, str]:
    """Returns how each manifest is reached from the active one, by label: titles with arrows between.

    Each manifest is reached once, so that loops end.
    """
    by_owner: dict[str, list[IngredientLink]] = {}
    for link in found:
        by_owner.setdefault(link.owner, []).append(link)
    first = ManifestView(manifests[0]).label if manifests else ""
    trails, waiting = {first: "this file"}, deque([first])
    while waiting:
        owner = waiting.popleft()
        for link in by_owner.get(owner, ()):
            if link.manifest and link.manifest not in trails:
                trails[link.manifest] = f"{_shortened_trail(trails[owner])} > {link.name}"
                waiting.append(link.manifest)
    return trails


def _shortened_trail(trail: str) -> str:
    """Keeps the ends of a trail of many steps."""
    parts = trail.split(" > ")
    return trail if len(parts) < 12 else " > ".join((*parts[:4], "...", *parts[-6:]))


def _judge_link(link: IngredientLink, present: set[str], trails: Mapping[str, str]) -> Iterator[Finding]:
    place = f"{trails.get(link.owner, link.owner)} > {link.name}"
    if link.manifest and link.manifest not in present:
        yield Finding("chain.missing", "chain", place, "its own manifest is not in this file")
    if link.manifest and not link.checked:
        yield Finding("chain.unchecked", "chain", place, "it was taken in without being validated")
    for entry in link.known:
        code = str(entry["code"])
        means = status.meaning(code)
        if means in _FAULTS:
            why = f"it already failed when it was taken in ({code}), and was signed over"
            yield Finding("chain.laundered", "chain", place, why)
        elif means in ("untrusted", "expired", "revoked"):
            yield Finding(code, "chain", place, "this was found when it was taken in")


def _own_findings(own: IngredientResults, trails: Mapping[str, str]) -> Iterator[Finding]:
    for each in own.faults:
        code = "chain.laundered" if each.signed_over else "chain.broken"
        signed = ", and was signed over" if each.signed_over else ""
        why = f"{each.place} does not hold now ({each.code}: {each.why}){signed}"
        yield Finding(code, "chain", trails.get(each.manifest, each.manifest), why)
    for uri in own.redacted:
        yield Finding("assertion.redacted", "chain", uri, "it was taken out, and a later claim declares so")


def _failing_now(manifests: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Yields what fails in ingredients today and did not when they were taken in."""
    for view in map(ManifestView, manifests):
        for entry in view.delta_failures():
            found = status.to_finding(entry, "chain")
            broken = Finding("chain.broken", "chain", found.where, f"{found.code}: {found.why}")
            yield broken if status.meaning(str(entry["code"])) in _FAULTS else found


def _shortened(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yields each finding once, and of each code the first 200 and a count."""
    counts: dict[str, int] = {}
    for finding in dict.fromkeys(findings):
        counts[finding.code] = counts.get(finding.code, 0) + 1
        if counts[finding.code] <= _MAX_SHOWN:
            yield finding
    for code, count in counts.items():
        if count > _MAX_SHOWN:
            yield Finding(code, "chain", "", f"and {count - _MAX_SHOWN} more of these")


def _declared_reasons(manifests: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Yields the reasons a film declares for taking clips whose credentials failed."""
    for active in map(ManifestView, manifests[:1]):
        for take in mappings(active.assertion(RECEIPT_LABEL).get("takes")):
            if take.get(ACCEPTED):
                title, why = str(take.get("title", "")), f"declared reason: {take[ACCEPTED]}"
                yield Finding("ingredient.accepted", "chain", title, why)
