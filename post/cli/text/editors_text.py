"""Says for people what went to an editor, and what came back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


def handoff_lines(data: Mapping[str, Any], to: str) -> Iterator[str]:
    """Returns what was written, and what was lost. data: the `handoff` object of the contract; to: the format."""
    yield f"wrote {data['path']}"
    if media := data["media"]:
        yield f"wrote {len(media)} plates: {Path(media[0]['path']).parent}"
    if movie := data["reference"]:
        yield f"wrote {movie['path']}: a reference, not the film, unsigned"
    lost = data["lost"]
    yield f"what {to} does not hold, or no editor shows:" if lost else f"{to} holds all of it"
    yield from (f"  {row['what']} ({row['where']}): {row['why']}" for row in lost)


def changed_lines(data: Mapping[str, Any]) -> Iterator[str]:
    """Returns what an update changed, for people."""
    rows = data.get("changed")
    if rows is not None and not rows:
        yield "  no shot changed"
    for row in rows or ():
        what = (
            row["what"]
            if row["what"] in ("added", "removed")
            else f"{row['what']}: {row['from']} -> {row['to']}"
        )
        yield f"  {row['id']}: {what}"


def left_out_lines(data: Mapping[str, Any]) -> Iterator[str]:
    """Returns what was not taken over, for people."""
    yield from (f"  left out: {row['where']}: {row['why']}" for row in data["refused"])
    yield from (f"  lost: {row['what']} ({row['where']}): {row['why']}" for row in data["lost"])
