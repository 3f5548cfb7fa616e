"""Finds what stands out in takes that are cropped; what is found is kept by the take's content."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

import numpy as np

from post.engine import Store
from post.errors import SourceError
from post.job.model import Job
from post.measure.match.frames import LEAST_KEYS, read_clip, spread
from post.measure.subjects import FINDER, Subjects, find_subjects
from post.plan.framing import crops_of, wants_subjects
from post.plan.shots import plan_shots
from post.prepare.kept_answer import kept_answer
from post.takes.picture import PictureReader
from post.values import File, Framed, Picture, Span, Take
from post.values.media import Fact

VIEWS = 3
# Pixels that may be decoded where a clip has too few key frames: 45 frames of 1080p take 0.2 CPU seconds.
MOST_DECODED = 45 * 1920 * 1080
LEAST_DECODED = 12  # frames


@dataclass(frozen=True, slots=True)
class SubjectQuestion:
    """Everything that the answer depends on: its digest is its key. finder: the version of what finds them."""

    file: File
    picture: Picture
    finder: int


def subject_facts(
    job: Job, takes: Mapping[str, Take], keep: Store | None, names: Collection[str]
) -> dict[str, Fact]:
    """Returns what stands out in each take that some deliverable crops, by the take's name.

    keep: where it is looked up first, and kept; names: of the takes to look at.
    """
    cropped = {
        cut.take
        for cut in job.cut
        for deliver in job.deliver
        if cut.take in names and wants_subjects(cut, deliver, takes[cut.take].picture.shown)
    }
    return {
        name: Fact(take.file.sha256, "subjects", FINDER, subjects_of(take, keep))
        for name, take in takes.items()
        if name in cropped
    }


def first_crops(job: Job, takes: Sequence[Take]) -> tuple[Framed, ...]:
    """Returns each crop of a job whose takes were just probed. takes: in the order of the job's.

    Raises Problems where the cut does not fit its takes.
    """
    named = {ref.name: replace(take, name=ref.name) for ref, take in zip(job.takes, takes, strict=True)}
    facts = subject_facts(job, named, None, set(named))
    seen = {name: {"subjects": fact} for name, fact in facts.items()}
    return tuple(crops_of(job, plan_shots(job, named), seen))


def subjects_of(take: Take, keep: Store | None) -> Subjects:
    """Returns what stands out in a few frames of a take; nothing where they cannot be decoded, which is said later."""
    question = SubjectQuestion(take.file, take.picture, FINDER)
    try:
        return kept_answer(keep, question, Subjects, partial(_found, take))
    except SourceError:
        return Subjects(())


def _found(take: Take) -> Subjects:
    picture = take.picture
    frames = read_clip(take.file.here, picture, _frames(take))
    turns = picture.rotation // 90  # clockwise; NumPy turns the other way
    upright = [np.rot90(rgb[:, ::-1] if picture.flipped else rgb, -turns) for rgb in frames]
    return find_subjects([np.ascontiguousarray(rgb) for rgb in upright])


def _frames(take: Take) -> list[int]:
    """Returns the frames to look at: key frames if there are enough, else frames that are soon reached."""
    picture, whole = take.picture, Span(0, take.picture.length)
    if picture.kind != "clip":
        return spread(whole, 1 if picture.stands_still else VIEWS)
    with PictureReader(take.file.here, picture) as reader:
        keys = reader.keys(whole)
    if len(keys) >= LEAST_KEYS:
        return [keys[place] for place in spread(Span(0, len(keys)), VIEWS)]
    reach = max(LEAST_DECODED, int(Fraction(MOST_DECODED, picture.width * picture.height)))
    return spread(Span(0, min(picture.length, reach)), VIEWS)
