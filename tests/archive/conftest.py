"""One job, finished and archived, for all tests of archives."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.archive.small import archived, make_job
from tests.flow.warm_commands import answerprint


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished job. home: of the user who finished it; film: its one film; archive: with that film in it."""

    home: Path
    job: Path
    film: Path
    archive: Path


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    home = tmp_path_factory.mktemp("archived")
    job = make_job(home / "work")
    data = answerprint(home, "finish", job, "-o", home / "out", "--json").data
    film = Path(data["deliverables"][0]["path"])
    archived(home, job, home / "archive", "--film", film, "--retain-until", "2099-01-01")
    return Finished(home, job, film, home / "archive")


@pytest.fixture
def copy(finished: Finished, tmp_path: Path) -> Path:
    """A copy of the archive, far from everything that it was made from."""
    return Path(shutil.copytree(finished.archive, tmp_path / "copy"))
