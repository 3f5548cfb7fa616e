"""What is wanted: the job file, read, written and described."""

from post.job.edit import NewTake, add_takes
from post.job.load import load_job
from post.job.model import AudioClip, Cut, Deliver, Job, Provenance, TakeRef, Timed
from post.job.schema import job_schema
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
