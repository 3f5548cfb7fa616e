"""Finds the job that a decision is about, from its file or from a film."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from post.atomic import checksum, real_path
from post.cli.stores import command_settings
from post.errors import ApprovalError, JobError
from post.os_faults import reading

if TYPE_CHECKING:
    from post.api.signoff.state import JobSignoff
    from post.engine import WorkerPool

JOBS = (".yaml", ".yml")
HIGHEST = 4  # folders above a film in which its job is looked for


def find_signoff(pool: WorkerPool, target: Path, job: Path | None, only: str) -> JobSignoff:
    """Returns the sign-off that a command is about. target: a job, or a film that waits for approval; job: of the film,
    None to look for it; only: a film's name or a pattern, "" for all.

    Raises JobError where there is no such job, ApprovalError for a film that no log knows.
    """
    from post.api.signoff.state import read_signoff, template_clip

    config = command_settings().config
    if target.suffix.lower() in JOBS:
        return read_signoff(pool, target, config, only)
    with reading(target):
        sha256 = checksum(target).sha256
    own = job or _job_of(target)
    found = read_signoff(pool, own, config, only, template_clip(own, sha256))
    films = tuple(each for each in found.films if each.film.file == sha256)
    if not films:
        raise ApprovalError(
            "is no film that waits for approval",
            where=str(target),
            expected="a film in OUT/review, as `finish` made it last",
            got=f"SHA-256 {sha256[:16]}...",
            fix="run `answerprint finish`, or name the job",
        )
    return replace(found, films=films, missing=())


def _job_of(film: Path) -> Path:
    """Returns the one job with gates in the folders above a film. Raises JobError where there is not one."""
    for folder in real_path(film).parents[:HIGHEST]:
        jobs = list(_gated(folder))
        if len(jobs) == 1:
            return jobs[0]
        if jobs:
            break
    raise JobError("which job made it is not known", where=str(film), fix="name it: --job JOB")


def _gated(folder: Path) -> Iterator[Path]:
    from presets.yaml_nodes import Written, read

    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in JOBS and path.is_file():
            try:
                root = read(Written(path, str(path)))
            except JobError:
                continue
            if "gates" in root.mapping:
                yield path
