"""Lists a file's manifests as a tree for people: what was made from what, each manifest once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provenance.crjson import status
from provenance.crjson.ingredients import IngredientLink, read_ingredient_links
from provenance.report import ManifestSummary

MAX_LINES = 300
_MAX_DEPTH = 12


@dataclass(frozen=True, slots=True)
class TreeLine:
    """One line of the tree.

    depth: 0 for the file itself; relationship: to the line above it; summary: of its own manifest, None
    where it has none in this file; failed: the codes found when it was taken in; again: whether it already
    stands further up.
    """

    depth: int
    title: str
    relationship: str
    summary: ManifestSummary | None
    failed: tuple[str, ...] = ()
    again: bool = False


def list_tree(
    manifests: Sequence[Mapping[str, Any]], summaries: Sequence[ManifestSummary]
) -> tuple[TreeLine, ...]:
    """Returns at most 300 lines, from the file inwards.

    manifests: in crJSON; summaries: of the same manifests, the active one first. There is no recursion: a
    chain may be as long as its maker likes.
    """
    by_label = {each.label: each for each in summaries}
    below: dict[str, list[IngredientLink]] = {}
    for link in read_ingredient_links(manifests):
        below.setdefault(link.owner, []).append(link)
    first = summaries[0]
    lines, seen = [TreeLine(0, first.title or "this file", "", first)], {first.label}
    waiting = [(1, link) for link in reversed(below.get(first.label, []))]
    while waiting and len(lines) < MAX_LINES:
        depth, link = waiting.pop()
        again = link.manifest in seen
        lines.append(_line(depth, link, by_label.get(link.manifest), again))
        if link.manifest and not again:
            seen.add(link.manifest)
            waiting += [(depth + 1, each) for each in reversed(below.get(link.manifest, []))]
    return tuple(lines)


def _line(depth: int, link: IngredientLink, summary: ManifestSummary | None, again: bool) -> TreeLine:
    codes = [str(entry["code"]) for entry in link.known]
    failed = tuple(dict.fromkeys(code for code in codes if status.meaning(code) not in ("good", "note")))
    return TreeLine(min(depth, _MAX_DEPTH), link.name, link.relationship, summary, failed, again)
