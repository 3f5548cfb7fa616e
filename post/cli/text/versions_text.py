"""Words what the command versions shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from post.cli.text.warning_text import row_lines, wrapped


def versions_lines(data: Mapping[str, Any], columns: int) -> list[str]:
    """Returns what `versions` prints, at most `columns` wide. data: its object of the command-line contract."""
    return [
        *_rows(data),
        "",
        *_review(data, columns),
        *_work(data, columns),
        *row_lines(data["warnings"], columns),
    ]


def _rows(data: Mapping[str, Any]) -> Iterator[str]:
    rows = data["versions"]
    wide = max(len("film"), *(len(each["name"]) for each in rows))
    yield f"{'film':{wide}}  {'frames':>7}  {'only here':>9}  {'new':>7}  axes"
    for each in rows:
        axes = ", ".join(f"{axis} {value}" for axis, value in each["axes"].items())
        counts = f"{each['frames']:7}  {each['own_frames']:9}  {each['unique_frames']:7}"
        yield f"{each['name']:{wide}}  {counts}  {axes}".rstrip()


def _review(data: Mapping[str, Any], columns: int) -> Iterator[str]:
    """Yields which frames ask for review, where the job has gates."""
    rows = [each for each in data["versions"] if each.get("review")]
    if not rows:
        return
    asked, frames = (
        sum(counts) for counts in zip(*((e["review"]["frames"], e["frames"]) for e in rows), strict=True)
    )
    yield f"{asked} of {frames} frames ask for review"
    for each in rows:
        review = each["review"]
        spans = ", ".join(f"{first}..{stop}" for first, stop in review["spans"])
        told = (
            f": {spans}"
            if review["rendered"] and spans
            else ""
            if review["rendered"]
            else ": not rendered yet"
        )
        yield from wrapped(f"{each['name']}: {review['frames']} of {each['frames']} frames{told}", columns, 2)
    yield ""


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
