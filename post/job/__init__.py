"""Reads, writes and describes the job file, which says what is wanted."""

from post.job.editing.text import NewTake, add_takes
from post.job.load import load_job
from post.job.model import AudioClip, Cut, Deliver, Job, Provenance, TakeRef, Timed
from post.job.table.schema import job_schema
from post.job.write import new_job

__all__ = [
    "AudioClip",
    "Cut",
    "Deliver",
    "Job",
    "NewTake",
    "Provenance",
    "TakeRef",
    "Timed",
    "add_takes",
    "job_schema",
    "load_job",
    "new_job",
]
