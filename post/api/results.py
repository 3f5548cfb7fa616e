"""What the functions of the API return: each holds the command line's JSON object, and reads its values by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from post.errors import AnswerprintError


@dataclass(frozen=True, slots=True)
class LoadedJob:
    """A job as it was read. path: its file; takes, films: their names, in the job's order."""

    path: Path
    title: str
    takes: tuple[str, ...]
    films: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedFilm:
    """A film of a plan. codec: as jobs write it; frames: its length; segments: in how many parts it is made; cached:
    how many of them are in the store; axes: its value on each axis of a matrix."""

    name: str
    width: int
    height: int
    codec: str
    frames: int
    segments: int
    cached: int
    axes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """A plan. data: the `plan` object of the command line; refused: what would keep its films from being made here."""

    data: Mapping[str, Any]
    refused: tuple[AnswerprintError, ...] = ()

    @property
    def films(self) -> tuple[PlannedFilm, ...]:
        """Its films, in the job's order."""
        return tuple(
            PlannedFilm(**{name: row[name] for name in PlannedFilm.__annotations__})
            for row in self.data["deliverables"]
        )

    @property
    def cost_of_one(self) -> float:
        """All different frames over those of the costliest film: 1.0 is no more than one film alone."""
        return float(self.data["work"]["cost_of_one"])

    @property
    def warnings(self) -> tuple[Mapping[str, Any], ...]:
        """What should be known before, the worst first: each with `code`, `what`, `of`, `where`, `got`, `fix`."""
        return tuple(self.data["warnings"])


@dataclass(frozen=True, slots=True)
class ListedVersions:
    """The versions of a job. data: the `versions` object of the command line."""

    data: Mapping[str, Any]

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each version."""
        return tuple(row["name"] for row in self.data["versions"])

    @property
    def cost_of_one(self) -> float:
        """All different frames over those of the longest film."""
        return float(self.data["work"]["cost_of_one"])


@dataclass(frozen=True, slots=True)
class FinishedFilm:
    """A film that was made. frames, samples: its length; loudness_lufs: integrated, None without sound; reused: how
    many of its segments were in the store before; kept: whether it lies there as an earlier run signed it."""

    name: str
    path: Path
    sha256: str
    width: int
    height: int
    frames: int
    samples: int | None
    loudness_lufs: float | None
    segments: int
    reused: int
    signed: bool
    kept: bool


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """What a run made. data: the `finish` object of the command line."""

    data: Mapping[str, Any]

    @property
    def films(self) -> tuple[FinishedFilm, ...]:
        """Its films, in the job's order."""
        rows = ({**row, "path": Path(row["path"])} for row in self.data["deliverables"])
        return tuple(
            FinishedFilm(**{name: row[name] for name in FinishedFilm.__annotations__}) for row in rows
        )

    @property
    def report(self) -> Path | None:
        """The page about the films; None of a range."""
        return Path(self.data["report"]) if self.data["report"] else None

    @property
    def receipt(self) -> Path:
        """The file that says what was done to every film."""
        return Path(self.data["receipt"])

    @property
    def warnings(self) -> tuple[Mapping[str, Any], ...]:
        """What should be known of the films, the worst first."""
        return tuple(self.data["warnings"])

    @property
    def seconds(self) -> float:
        """How long the run took, by the clock on the wall."""
        return float(self.data["seconds"])


@dataclass(frozen=True, slots=True)
class MadeStill:
    """A still that was made. data: the `still` object of the command line."""

    data: Mapping[str, Any]

    @property
    def path(self) -> Path:
        """The PNG."""
        return Path(self.data["path"])

    @property
    def frame(self) -> int:
        """Which frame of the film it is, from 0 on."""
        return int(self.data["frame"])

    @property
    def size(self) -> tuple[int, int]:
        """Its width and height in pixels."""
        return int(self.data["width"]), int(self.data["height"])


@dataclass(frozen=True, slots=True)
class ArchivedJob:
    """An archive that was written. data: the `archive` object of the command line."""

    data: Mapping[str, Any]

    @property
    def path(self) -> Path:
        """Its folder."""
        return Path(self.data["path"])

    @property
    def films(self) -> tuple[str, ...]:
        """The names of the films whose frames it tells."""
        return tuple(row["name"] for row in self.data["films"])

    @property
    def left_out(self) -> tuple[str, ...]:
        """Files that would have told a redacted prompt, and are not in it."""
        return tuple(self.data["left_out"])


@dataclass(frozen=True, slots=True)
class ReplayedArchive:
    """What a replay found. data: the `replay` object of the command line; exit_code: with which the command ends."""

    data: Mapping[str, Any]
    exit_code: int

    @property
    def equal(self) -> bool:
        """Whether every frame and every sample is what the archive tells, and no file of it was altered."""
        return self.exit_code == 0

    @property
    def values(self) -> tuple[Mapping[str, Any], ...]:
        """The values of the job and its presets that differ: each with `place`, `was`, `now`, `origin`."""
        return tuple(self.data["values"])
