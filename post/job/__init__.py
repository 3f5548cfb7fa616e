"""What is wanted: the job file, read and written."""

from post.job.model import Cut, Deliver, Job, Laying, Provenance, TakeRef, Timed
from post.job.read import load_job

__all__ = ["Cut", "Deliver", "Job", "Laying", "Provenance", "TakeRef", "Timed", "load_job"]
