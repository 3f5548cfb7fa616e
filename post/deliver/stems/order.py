"""Orders the stems of a film."""

from __future__ import annotations

from post import __version__
from post.job.model import Job
from post.values import Rendition, StemsOrder
from provenance.record.secrets import remove_secrets

TASK = "post.render.sound.stems:make"


def stems_order(rendition: Rendition, job: Job) -> StemsOrder:
    """Returns the order for a film's stems: the same for all films of a job whose sound is the same."""
    title = remove_secrets(job.provenance.title or job.title)
    return StemsOrder.of(rendition.mix, title, rendition.format.clock.rate, f"Answerprint {__version__}")
