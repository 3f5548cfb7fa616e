"""Words what the command versions shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from post.cli.text.warning_text import row_lines, wrapped


def versions_lines(data: Mapping[str, Any], columns: int) -> list[str]:
    """Returns what `versions` prints, at most `columns` wide. data: its object of the command-line contract."""
    return [*_rows(data), "", *_work(data, columns), *row_lines(data["warnings"], columns)]


def _rows(data: Mapping[str, Any]) -> Iterator[str]:
    rows = data["versions"]
    wide = max(len("film"), *(len(each["name"]) for each in rows))
    yield f"{'film':{wide}}  {'frames':>7}  {'only here':>9}  {'new':>7}  axes"
    for each in rows:
        axes = ", ".join(f"{axis} {value}" for axis, value in each["axes"].items())
        counts = f"{each['frames']:7}  {each['own_frames']:9}  {each['unique_frames']:7}"
        yield f"{each['name']:{wide}}  {counts}  {axes}".rstrip()


def _work(data: Mapping[str, Any], columns: int) -> Iterator[str]:
    work = data["work"]
    count = len(data["versions"])
    yield from wrapped(
        f"{count} films, {work['frames']} frames; {work['unique_frames']} of them different: "
        f"{work['cost_of_one']:.2f} times the frames of the costliest film alone",
        columns, 2,
    )  # fmt: skip
    cpu = data["cpu"]
    yield from wrapped(
        f"predicted: {cpu['seconds']:.0f} CPU s for all, {cpu['costliest_alone_seconds']:.0f} for the costliest alone "
        f"({cpu['over_one']:.2f} times); {cpu['seconds_left']:.0f} CPU s of it are still to do. {cpu['basis']}",
        columns, 2,
    )  # fmt: skip
