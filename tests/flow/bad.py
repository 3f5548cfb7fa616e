"""Describes a bad input, and the room it is put in: a home, a job with its clips, an output folder."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.flow_job import JOB

# The job cut down to its first shot, for films that have to be made.
ALONE = (
    ("  - {take: tall, length: 1s, transition: 8f, sampling: blend}\n", ""),
    ('  - {take: sea, speed: "0s:1, 0.5s:0.5:smooth", in: 0.1s}\n', ""),
    ("titles:\n  - {text: Salt, at: 0.5s, length: 1s}\n", ""),
)
Command = tuple[str | Path, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """The folder of one test: `small.yaml` is the job, its clips are beside it, `out` has an older film."""

    folder: Path

    @property
    def job(self) -> Path:
        return self.folder / "small.yaml"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def store(self) -> Path:
        return self.folder / "store"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def config(self) -> Path:
        return self.home / "config"

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def finish(self, *more: str | Path) -> Command:
        return ("finish", self.job, "-o", self.out, "--store", self.store, "--json", *more)

    def finish_with(self, *edits: tuple[str, str]) -> Command:
        """Returns the command that finishes the job with words replaced, each of which must be there."""
        text = JOB
        for old, new in edits:
            assert old in text, old
            text = text.replace(old, new, 1)
        self.write("small.yaml", text)
        return self.finish()

    def seen(self) -> dict[str, str]:
        """Returns every file here with its digest, except results and keys kept between runs."""
        kept = (self.store, self.home)
        files = (path for path in self.folder.rglob("*") if not any(path.is_relative_to(k) for k in kept))
        return {str(path.relative_to(self.folder)): _content(path) for path in files}

    def half_written(self) -> list[str]:
        """Returns the files that a run leaves only if it stops while writing them."""
        aside = re.compile(r".*\.part|.*\.part\.\w+|.*\.seal\.tmp|\.\w+\.unsigned\..*|.*\.raw\.mp4")
        return [path.name for path in self.folder.rglob("*") if aside.fullmatch(path.name)]


def _content(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"


Make = Callable[[Room], Command]


@dataclass(frozen=True, slots=True)
class Bad:
    """One bad input. make: puts it in the room and returns the command. Its exit code and its complete output are in
    bad_inputs.yaml under its name."""

    name: str
    make: Make


def edit(name: str, *edits: tuple[str, str]) -> Bad:
    """Returns a bad job: the small job with words replaced."""
    return Bad(name, lambda room: room.finish_with(*edits))
