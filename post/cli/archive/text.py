"""Words what archive and replay show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

MOST_SHOWN = 12


def archive_lines(data: Mapping[str, Any]) -> list[str]:
    """Returns what `archive` prints. data: its object."""
    lines = [f"wrote {data['path']}: {data['files']} files, {data['bytes']} bytes"]
    for film in data["films"]:
        kept = "kept" if film["kept"] else "its frames as hashes"
        lines.append(f"film {film['name']}: {film['frames']} frames in {film['segments']} segments, {kept}")
    unused = [each["name"] for each in data["takes"] if not each["used"]]
    lines.append(f"takes: {len(data['takes'])}" + (f", not shown: {', '.join(unused)}" if unused else ""))
    if data["redacted"]:
        lines.append(f"prompts taken out: {data['redacted']}")
    lines += [f"left out, for it tells a prompt: {path}" for path in data["left_out"]]
    lines += [
        f"note: the manifest of {path} holds plain digests of prompts" for path in data["told_by_films"]
    ]
    lines += [f"{each['by']} holds it: {each['why']}" for each in data["holds"]]
    return lines + ([f"kept until {data['retain_until']}"] if data["retain_until"] else [])


def replay_lines(data: Mapping[str, Any]) -> list[str]:
    """Returns what `replay` prints. data: its object."""
    return [
        *_bag(data["bag"]),
        *_approvals(data["approvals"]),
        *(line for film in data["films"] for line in _film(film)),
        *_why(data),
    ]


def _bag(bag: Mapping[str, Any]) -> Iterator[str]:
    yield "bag: valid" if bag["valid"] else f"bag: NOT VALID, {len(bag['faults'])} faults"
    yield from (f"  fault: {each['path']}: {each['why']}" for each in bag["faults"][:MOST_SHOWN])
    yield from (f"  warning: {each['path']}: {each['why']}" for each in bag["warnings"][:MOST_SHOWN])


def _approvals(approvals: Mapping[str, Any] | None) -> Iterator[str]:
    if approvals is None:
        return
    if not approvals["verified"]:
        yield f"approvals: NOT TO BE BELIEVED: {approvals['why']}"
        return
    yield f"approvals: {approvals['entries']} entries, every one verified"
    for each in approvals["gates"]:
        spans = ", ".join(f"{first} to {stop - 1}" for first, stop in each["asked"])
        yield f"  {each['film']}: gate {each['gate']} {'met' if each['met'] else f'NOT met: frames {spans}'}"


def _film(film: Mapping[str, Any]) -> Iterator[str]:
    if film["file"] == "different":
        yield f"{film['name']}: THE FILE IN THE ARCHIVE IS ANOTHER FILM: it decodes to other frames than are told"
    count = f"{film['frames']} frames in {len(film['segments'])} segments"
    if film["why"]:
        first, *more = film["why"].splitlines()
        yield f"{film['name']}: not compared: {first}"
        yield from (f"  {each}" for each in more)
        return
    if film["verdict"] == "equal":
        yield f"{film['name']}: every one of {count} is equal, and the sound"
        return
    yield f"{film['name']}: DIFFERENT: {film['frames_different']} of {count}; sound {film['sound']}"
    first = film["first_difference"]
    if first:
        yield f"  first difference: frame {first['frame']}, at {first['at_s']:g} s, in segment {first['segment']}"
    for each in [row for row in film["segments"] if row["verdict"] != "equal"][:MOST_SHOWN]:
        values = "; ".join(map(_value, each["values"])) or "made with the same values"
        yield f"  segment {each['index']}, frames {each['first']} to {each['stop'] - 1}: {values}"


def _value(value: Mapping[str, Any]) -> str:
    return f"{value['place']} was {value['was'] or 'nothing'}, is {value['now'] or 'nothing'}"


def _why(data: Mapping[str, Any]) -> Iterator[str]:
    for value in data["values"][:MOST_SHOWN]:
        origin = f" ({value['origin']})" if value["origin"] else ""
        yield f"value {_value(value)}{origin}"
    yield from (f"made with another release: {_value(each)}" for each in data["releases"][:MOST_SHOWN])
    if data["verdict"] != "equal" and not data["releases"]:
        yield "the machine and every release are the same"
