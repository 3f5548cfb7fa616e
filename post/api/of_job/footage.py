"""Tells which words a film's job adds to its pictures, and which take is seen when: what else is read is footage."""

from __future__ import annotations

from dataclasses import replace

from post.api.of_job.vendor_marks import marks_of_job
from post.brief.said import texts_of_job
from post.job.model import Job
from post.values import Rendition
from provenance.policy.document.references import FilmedTake, References


def with_film(given: References, job: Job, film: Rendition) -> References:
    """Returns what a film is compared with: its job's words and takes too, and the marks of generators that it must
    show, where no file of facts names them."""
    marks = marks_of_job(job, film) if given.marks is None else given.marks
    return replace(given, marks=marks, added=added_words(job), takes=filmed_takes(film))


def added_words(job: Job) -> tuple[str, ...]:
    """Returns the words of a job's titles, cards, labels and burnt-in captions."""
    return tuple(dict.fromkeys(each.text for each in texts_of_job(job)))


def filmed_takes(film: Rendition) -> tuple[FilmedTake, ...]:
    """Returns each take that a film shows, with the seconds in which it does, in order."""
    seconds = film.format.clock.seconds
    made = (
        FilmedTake(shot.take.name, seconds(shot.span.first), seconds(shot.span.stop))
        for shot in film.shots
        if shot.take.picture.kind != "made"
    )
    return tuple(made)
