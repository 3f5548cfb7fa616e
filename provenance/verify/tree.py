"""A file's manifests as a tree, for people: what was made of what, each manifest told once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provenance.crjson import status
from provenance.crjson.ingredients import IngredientLink, read_ingredient_links
from provenance.report import ManifestSummary

MOST = 300
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of the tree. depth: 0 for the file itself; relationship: to what is above it; summary: of
    its own manifest, None where it has none here; failed: what was found when it was taken in; again:
    it is told further up."""

    depth: int
    title: str
    relationship: str
    summary: ManifestSummary | None
    failed: tuple[str, ...] = ()
    again: bool = False


def tree(manifests: Sequence[Mapping[str, Any]], summaries: Sequence[ManifestSummary]) -> tuple[Branch, ...]:
    """At most 300 lines, outside in. No recursion: a chain may be as long as its maker likes."""
    told = {each.label: each for each in summaries}
    below: dict[str, list[IngredientLink]] = {}
    for link in read_ingredient_links(manifests):
        below.setdefault(link.owner, []).append(link)
    first = summaries[0]
    rows, seen = [Branch(0, first.title or "this file", "", first)], {first.label}
    waiting = [(1, link) for link in reversed(below.get(first.label, []))]
    while waiting and len(rows) < MOST:
        depth, link = waiting.pop()
        again = link.manifest in seen
        rows.append(_branch(depth, link, told.get(link.manifest), again))
        if link.manifest and not again:
            seen.add(link.manifest)
            waiting += [(depth + 1, each) for each in reversed(below.get(link.manifest, []))]
    return tuple(rows)


def _branch(depth: int, link: IngredientLink, summary: ManifestSummary | None, again: bool) -> Branch:
    bad = [str(entry["code"]) for entry in link.known]
    failed = tuple(dict.fromkeys(code for code in bad if status.meaning(code) not in ("good", "note")))
    return Branch(min(depth, _DEEPEST), link.name, link.relationship, summary, failed, again)
