"""Writes coverage as the JSON of the command-line contract, and as a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from post.selects.cells import MissingTake
from post.selects.coverage import TakeGroup
from post.selects.rank import RankedTake
from post.values.claim import OPEN
from provenance.record.secrets import remove_row_secrets


def group_row(group: TakeGroup, takes: Sequence[RankedTake]) -> dict[str, Any]:
    """Returns a group as JSON has it. A beat that the brief does not have is null."""
    return {
        "beat": group.beat or None,
        "says": group.says,
        "varies": [
            {
                "field": each.field,
                "values": [remove_row_secrets(each.field, value) for value in each.values],
            }
            for each in group.varies
        ],
        "missing": [
            {"field": each.field, "value": each.value, "wanted": each.wanted} for each in group.missing
        ],
        "takes": [take_row(each) for each in takes],
    }


def take_row(ranked: RankedTake) -> dict[str, Any]:
    """Returns a take as JSON has it: times in seconds of the take."""
    take = ranked.measured
    picture = take.take.picture

    def seconds(frame: int) -> float:
        return _rounded(picture.grid.seconds(frame))

    return {
        "name": take.ref.name,
        "file": take.take.file.name,
        "seconds": seconds(picture.length),
        "usable": [{"from_s": seconds(each.first), "to_s": seconds(each.stop)} for each in take.usable],
        "cuts_s": [seconds(at) for at in take.cuts],
        "defects": [
            {"kind": each.kind, "from_s": seconds(each.span.first), "to_s": seconds(each.span.stop)}
            for each in take.defects
        ],
        "measures": {
            "width": picture.width,
            "height": picture.height,
            "fps": str(picture.grid),
            "frames": picture.length,
            **{name: _figure(value) for name, value in asdict(take.figures).items()},
            "credential": take.take.credential,
            "unmeasured": dict(take.unmeasured),
            "warnings": [each.row() for each in take.warnings],
        },
        "brief": [each.plain() for each in take.rulings],
        "rank": ranked.rank,
        "why": ranked.why,
    }


def coverage_lines(groups: Sequence[Mapping[str, Any]], dimensions: Sequence[str]) -> list[str]:
    """Returns the table that the command prints. groups: as `group_row` has them; dimensions: what varies in each."""
    lines = list[str]()
    for group, dimension in zip(groups, dimensions, strict=True):
        head = group["beat"] or "(no beat)"
        said = " ".join(group["says"].split())
        lines.append(
            ": ".join(part for part in (head, said if len(said) <= 60 else f"{said[:57]}...") if part)
        )
        if dimension:
            lines.append(f"  {dimension}")
        if not group["takes"]:
            lines.append("  no take yet")
        lines += [f"  {MissingTake(**each)}" for each in group["missing"]]
        lines += [line for take in group["takes"] for line in (_line(take), *_brief_lines(take))]
    return lines


def _line(take: Mapping[str, Any]) -> str:
    parts = ", ".join(f"{each['from_s']:.2f}..{each['to_s']:.2f}" for each in take["usable"]) or "none"
    return f"  {take['rank']:>2}  {take['name']:20} {take['seconds']:6.2f} s  usable {parts}: {take['why']}"


def _brief_lines(take: Mapping[str, Any]) -> Iterator[str]:
    """Yields how many rules of the brief a take keeps, and those that it breaks, or that a person has to decide."""
    rules = take["brief"]
    if not rules:
        return
    open_ones = [each for each in rules if each["verdict"] in OPEN]
    broken = [each for each in rules if each["verdict"] == "fail"]
    kept = sum(each["verdict"] == "pass" for each in rules)
    yield f"        the brief: {kept} rules kept, {len(broken)} broken, {len(open_ones)} open"
    for each in (*broken, *open_ones):
        required = f"; required {each['threshold']}" if each["threshold"] else ""
        yield f"          {each['id']}: {each['measured']}{required}"


def _figure(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _rounded(seconds: Fraction) -> float:
    return round(float(seconds), 6)
