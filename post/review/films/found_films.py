"""Finds the films of a job's folder: released ones in OUT, candidates for approval in OUT/review."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from post.atomic import read_bounded
from post.review.films.media_store import TYPES

CANDIDATES, RECEIPT, LONGEST_RECEIPT = "review", "receipt.json", 64 << 20


@dataclass(frozen=True, slots=True)
class FoundFilm:
    """A film's file. name: of the deliverable; released: it is one, and no candidate; receipt: what `finish` wrote of
    it, {} for none."""

    path: Path
    name: str
    released: bool
    receipt: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def shots(self) -> list[tuple[str, int, int]]:
        """The shots of the receipt: name, first frame, frame after the last."""
        rows = self.receipt.get("shots", [])
        return [(str(name), int(first), int(stop)) for name, first, stop in rows]

    @property
    def state(self) -> tuple[int, int, int]:
        """What changes when the file does: its number, size, and time of change in ns."""
        about = self.path.stat()
        return about.st_ino, about.st_size, about.st_mtime_ns


def find_films(out: Path) -> Iterator[FoundFilm]:
    """Yields the films of a folder, candidates last. A folder that is not there has none."""
    for folder, released in ((out, True), (out / CANDIDATES, False)):
        receipts = read_receipts(folder / RECEIPT) or ({} if released else read_receipts(out / RECEIPT))
        paths = sorted(folder.iterdir()) if folder.is_dir() else []
        for path in paths:
            # No links: one that leads elsewhere would show any file of this machine.
            regular = path.is_file() and not path.is_symlink()
            if regular and path.suffix.lower() in TYPES and not path.name.startswith("."):
                yield FoundFilm(path, path.stem, released, receipts.get(path.stem, {}))


def read_receipts(path: Path) -> dict[str, dict[str, Any]]:
    """Returns the receipts of a file by the film's name; none where it is missing, or is no such file."""
    try:
        data = json.loads(read_bounded(path, LONGEST_RECEIPT))
        rows = data["receipts"]
        return {
            str(row["name"]): {**row, "signed": data.get("signed", {}).get(row["name"], "")} for row in rows
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
