"""Names the files of a job's own words from the folder of the job that they come back into."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from post.handoff.losses import Refusal
from post.handoff.media import TakesFolder
from post.handoff.timeline import TimelineMedia
from post.job.write import relative
from post.printable import printable

# Keys whose texts name files, also where there is none; of all other keys a path to a file that is there. Words and
# names are never paths.
FILES = ("file", "image", "font", "lut", "brief")
WORDS = ("text", "title", "name", "id", "take", "prompt")


@dataclass(slots=True)
class MovedFiles:
    """home: the folder of the job that was handed off; takes: where its files are looked for besides; job: the folder
    of the new job; refused: files that are in neither."""

    home: Path
    takes: TakesFolder
    job: Path
    refused: list[Refusal] = field(default_factory=list)

    def moved(self, value: Any, key: str = "") -> Any:
        """Returns a part of a job with each file as the new job names it. key: the one that the part stands under."""
        if isinstance(value, Mapping):
            return {name: self.moved(each, str(name)) for name, each in value.items()}
        if isinstance(value, list):
            return [self.moved(each, key) for each in value]
        return self._named(value, key) if isinstance(value, str) and key not in WORDS else value

    def find(self, text: str) -> Path | None:
        """Returns the file that a text names, where it lay, or else among the takes; None for none."""
        path = self.home / text
        if os.path.lexists(path):
            return path
        return self.takes.find(TimelineMedia(path.name, str(path)))

    def _named(self, text: str, key: str) -> str:
        if "/" not in text and not PurePath(text).suffix:
            return text
        if key not in FILES:
            path = self.home / text
            return relative(path, self.job) if os.path.isfile(path) else text  # noqa: PTH113  never raises
        found = self.find(text)
        if found is None:
            where = f"{key} {printable(PurePath(text).name)!r}"
            self.refused.append(Refusal(where, f"not found at {self.home / text}, nor under --takes"))
        return relative(found or self.home / text, self.job)
