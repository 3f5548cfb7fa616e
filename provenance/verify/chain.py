"""What went into a film, as far back as its manifests tell.

A clip that was tampered with can be taken as an ingredient and signed again: the outer manifest is then
valid and trusted, in every reader. Two traces are left: what was found when the clip was taken in, which
only the one who took it in wrote down; and the clip's own manifest, where its bytes came along.
So every ingredient of every manifest is looked at, not only the outermost, and what came along is checked.
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
from provenance.report import Chain

_SHOWN = 200  # findings of one kind: a chain of thousands is told of, not recited
_BAD = ("tampered", "missing", "malformed")


@dataclass(frozen=True, slots=True)
class Broken:
    """Something in a carried manifest that does not hold now, by its bytes. signed_over: whether those
    very bytes are what the manifest that took it in signed for."""

    manifest: str
    code: str
    place: str
    why: str
    signed_over: bool


@dataclass(frozen=True, slots=True)
class Bytes:
    """What the bytes of carried manifests came to. redacted: addresses of assertions taken out by
    a later claim, which is allowed and told apart from their being missing."""

    broken: tuple[Broken, ...] = ()
    redacted: tuple[str, ...] = ()
    checked: bool = False


def judge(
    manifests: Sequence[Mapping[str, Any]], carried: Bytes = Bytes()
) -> tuple[Chain, tuple[Finding, ...]]:
    """Whether the chain holds, and what was found along it. carried: what the bytes came to."""
    found = read_ingredient_links(manifests)
    if not found:
        return "none", ()
    way = trails(manifests, found)
    there = {str(manifest.get("label", "")) for manifest in manifests}
    findings = [finding for link in found for finding in _judged(link, there, way)]
    findings += _now_wrong(manifests)
    findings += _by_bytes(carried, way)
    if len(found) == MAX_LINKS:
        findings.append(Finding("chain.bound", "chain", "", f"only {MAX_LINKS} ingredients were looked at"))
    told = tuple(_few(findings))
    if any(finding.code == "chain.laundered" for finding in findings):
        return "laundered", (*told, *_accepted(manifests))
    broken = any(finding.code.startswith("chain.") for finding in findings)
    return ("incomplete" if broken else "sound"), told


def trails(manifests: Sequence[Mapping[str, Any]], found: Sequence[IngredientLink]) -> dict[str, str]:
    """How each manifest is reached from the active one: titles with arrows between. Each is reached
    once, so that loops end."""
    by_owner: dict[str, list[IngredientLink]] = {}
    for link in found:
        by_owner.setdefault(link.owner, []).append(link)
    first = str(manifests[0].get("label", "")) if manifests else ""
    way, waiting = {first: "this file"}, deque([first])
    while waiting:
        owner = waiting.popleft()
        for link in by_owner.get(owner, ()):
            if link.manifest and link.manifest not in way:
                way[link.manifest] = f"{_short(way[owner])} > {link.name}"
                waiting.append(link.manifest)
    return way


def _short(trail: str) -> str:
    """A way of thousands of steps keeps its ends."""
    parts = trail.split(" > ")
    return trail if len(parts) < 12 else " > ".join((*parts[:4], "...", *parts[-6:]))


def _place(link: IngredientLink, way: Mapping[str, str]) -> str:
    return f"{way.get(link.owner, link.owner)} > {link.name}"


def _judged(link: IngredientLink, there: set[str], way: Mapping[str, str]) -> Iterator[Finding]:
    place = _place(link, way)
    if link.manifest and link.manifest not in there:
        yield Finding("chain.missing", "chain", place, "its own manifest was left out of this file")
    if link.manifest and not link.checked:
        yield Finding("chain.unchecked", "chain", place, "taken in without being validated")
    for entry in link.known:
        name = str(entry["code"])
        means = status.meaning(name)
        if means in _BAD:
            why = f"it failed when it was taken in ({name}), and was signed over"
            yield Finding("chain.laundered", "chain", place, why)
        elif means in ("untrusted", "expired", "revoked"):
            yield Finding(name, "chain", place, "so it was found when it was taken in")


def _by_bytes(carried: Bytes, way: Mapping[str, str]) -> Iterator[Finding]:
    for each in carried.broken:
        code = "chain.laundered" if each.signed_over else "chain.broken"
        signed = ", and was signed over" if each.signed_over else ""
        why = f"{each.place} does not hold now ({each.code}: {each.why}){signed}"
        yield Finding(code, "chain", way.get(each.manifest, each.manifest), why)
    for uri in carried.redacted:
        yield Finding("assertion.redacted", "chain", uri, "taken out, and a later claim says so")


def _now_wrong(manifests: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """What is wrong with ingredients today and was not when they were taken in."""
    for manifest in manifests:
        for delta in manifest.get("ingredientDeltas") or ():
            for entry in status.read_entries(delta, "validationDeltas", "failure"):
                found = status.to_finding(entry, "chain")
                broken = Finding("chain.broken", "chain", found.where, f"{found.code}: {found.why}")
                yield broken if status.meaning(str(entry["code"])) in _BAD else found


def _few(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Each finding once, and of each code the first 200."""
    counts: dict[str, int] = {}
    for finding in dict.fromkeys(findings):
        counts[finding.code] = counts.get(finding.code, 0) + 1
        if counts[finding.code] <= _SHOWN:
            yield finding
    for code, count in counts.items():
        if count > _SHOWN:
            yield Finding(code, "chain", "", f"and {count - _SHOWN} more of these")


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


def _assertions(manifest: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    found = manifest.get("assertions")
    yield from found.items() if isinstance(found, Mapping) else ()
