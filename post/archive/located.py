"""Finds every file that a job reads, and reads a job again with the files of an archive in their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from post.atomic import real_path
from post.job.model import Job
from post.job.versions.load import load_versions
from presets.places import Places, placing

Lead = tuple[str, str]  # a folder, and the path that a file in it names
ABSENT = "not-in-the-archive"


@dataclass(frozen=True, slots=True)
class LocatedJob:
    """The jobs that a file stands for, with where their paths lead.

    leads: the path that each text leads to, by the folder of the file that names it; noted: the files that decide what
    the job says, in the order they were read; shipped: the folder of the presets that ship.
    """

    jobs: tuple[Job, ...]
    leads: tuple[tuple[Path, str, Path], ...]
    noted: tuple[Path, ...]
    shipped: Path


class RecordedPlaces(Places):
    """The usual places, which keeps what it was asked for."""

    def __init__(self) -> None:
        self.leads: dict[tuple[Path, str], Path] = {}
        self.noted: dict[Path, None] = {}

    def path_in(self, folder: Path, text: str) -> Path:
        """Returns the path that a file in `folder` names, and keeps it."""
        found = self.leads[real_path(folder), text] = super().path_in(folder, text)
        return found

    def note(self, path: Path) -> None:
        """Keeps the path of a file that decides what a job says."""
        self.noted[path.absolute()] = None


class ArchivedPlaces(Places):
    """The places of an archive: a path leads to the file that is kept for it, and nothing leads out of the archive."""

    def __init__(self, root: Path, leads: Mapping[Lead, str], presets: str) -> None:
        """root: the folder of the payload; leads: where each path leads, by the folder in the archive of the file that
        names it, both relative to the root; presets: the folder of the presets that shipped."""
        self._root, self._leads = real_path(root), leads
        self.shipped = self._root / presets

    def path_in(self, folder: Path, text: str) -> Path:
        """Returns the file that is kept for a path; of any other, a place where nothing lies."""
        inside = real_path(folder)
        below = inside.relative_to(self._root).as_posix() if inside.is_relative_to(self._root) else ""
        return self._root / self._leads.get((below, text), ABSENT)


def load_located(job: Path) -> LocatedJob:
    """Reads a job with all its versions, and returns where everything that it reads lies.

    It reads foreign files: it is called where those may be read. Raises what `load_versions` raises.
    """
    places = RecordedPlaces()
    with placing(places):
        jobs = load_versions(real_path(job.parent) / job.name)
    leads = tuple((folder, text, path) for (folder, text), path in places.leads.items())
    return LocatedJob(jobs, leads, tuple(places.noted), real_path(places.shipped))


def load_archived(root: Path, job: str, leads: Mapping[Lead, str], presets: str) -> tuple[Job, ...]:
    """Reads a job from an archive's payload. job: its path there; the rest as `ArchivedPlaces` takes it.

    Raises what `load_versions` raises.
    """
    with placing(ArchivedPlaces(root, leads, presets)):
        return load_versions(real_path(root) / job)
