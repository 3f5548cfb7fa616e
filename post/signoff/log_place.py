"""Says where the log of a job's decisions lies, and whether there is one."""

from __future__ import annotations

from pathlib import Path

from post.job.model import Job
from post.signoff.known_heads import known_log
from provenance.approval.folder import FOLDER, ApprovalFolder


def folder_of(job: Job) -> ApprovalFolder:
    """Returns the folder of decisions beside a job. It need not be there."""
    return ApprovalFolder(job.path.parent / FOLDER)


def has_log(job: Job, config: Path) -> bool:
    """Says whether there is a log of decisions beside a job, or this user has seen one there."""
    folder = folder_of(job)
    return folder.exists() or bool(known_log(config, folder.path))
