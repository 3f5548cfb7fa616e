"""Reads the versions that a job's file stands for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from post.engine import WorkerPool
    from post.engine.cluster.client import DaskEngine
    from post.job.model import Job
    from post.job.template import TemplateClip


def read_versions(
    pool: WorkerPool | DaskEngine, job: Path, config: Path, only: str = "", clip: TemplateClip | None = None
) -> tuple[Job, ...]:
    """Returns the jobs that a file stands for, each with its invisible mark.

    config: the folder of settings; only: a film's name, or a pattern; clip: of a job that is a template. Raises what
    `load_versions` does; JobError where `only` fits no film.
    """
    from post.job.versions.load import load_versions

    return with_marks(pool.call(load_versions, job, clip), config, only)


def with_marks(jobs: Sequence[Job], config: Path, only: str = "") -> tuple[Job, ...]:
    """Returns the jobs of the films that are asked for, each with its invisible mark. config: the settings folder."""
    from post.prepare.watermark import key_watermark
    from post.versions.choose import choose_films

    return tuple(key_watermark(each, config) for each in choose_films(jobs, only))
