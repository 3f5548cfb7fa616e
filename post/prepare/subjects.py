"""Finds what stands out in takes that are cropped, and faces where labels stand; what is found is kept by the take's
content."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

import numpy as np

from post.engine import Store
from post.errors import SourceError
from post.job.model import Job
from post.measure.attention.faces import face_finder
from post.measure.attention.sights import LOOKS
from post.measure.match.frames import LEAST_KEYS, read_clip, spread
from post.measure.subjects import FINDER, Subjects, find_subjects
from post.picture.label import Label
from post.picture.reframe import AUTO
from post.plan.framing import asked_focus, crops_of, wants_subjects
from post.plan.shots import plan_shots, source_frames
from post.prepare.kept_answer import kept_answer
from post.prepare.seen.faces import FACE_LOOKS, faces_of
from post.prepare.seen.sights import sights_of
from post.prepare.still_takes import packed_aside
from post.takes.decoded.orientation import upright_array
from post.takes.picture import PictureReader
from post.takes.stills.sequence import is_pattern
from post.values import File, Framed, Picture, Shot, Span, Take
from post.values.media import Fact

VIEWS = 3
# Pixels that may be decoded where a clip has too few key frames, as generated ones have: ten seconds of 1080p take a
# CPU second.
MOST_DECODED = 240 * 1920 * 1080
LEAST_DECODED = 12  # frames


@dataclass(frozen=True, slots=True)
class SubjectQuestion:
    """Everything that the answer depends on: its digest is its key.

    finder: the version of what finds them; spans: the frames that are used.
    """

    file: File
    picture: Picture
    finder: int
    spans: tuple[Span, ...]


def crop_facts(
    job: Job, takes: Mapping[str, Take], keep: Store | None, names: Collection[str]
) -> dict[str, dict[str, Fact]]:
    """Returns all that crops and the places of labels are decided by, by take and measure. The arguments and the errors
    are those of `subject_facts`.

    A label stands where no shot of the whole film has a face: where faces can be found, all takes are looked at then.
    """
    if has_labels(job) and face_finder():
        names = takes.keys()
    seen = {name: {"subjects": fact} for name, fact in subject_facts(job, takes, keep, names).items()}
    for name, fact in sight_facts(job, takes, keep, names).items():
        seen.setdefault(name, {})["sights"] = fact
    unseen = {name for name in names if "sights" not in seen.get(name, {})}
    for name, fact in face_facts(job, takes, keep, unseen).items():
        seen.setdefault(name, {})["faces"] = fact
    return seen


def face_facts(
    job: Job, takes: Mapping[str, Take], keep: Store | None, names: Collection[str]
) -> dict[str, Fact]:
    """Returns the faces in what is used of each take, where the job has labels; nothing where no face can be found.

    The arguments and the errors are those of `subject_facts`.
    """
    if not has_labels(job) or not face_finder():
        return {}
    shown = {cut.take for cut in job.cut if cut.take in names and takes[cut.take].picture.kind != "made"}
    used = _used(job, takes, shown)
    return {
        name: Fact(takes[name].file.sha256, "faces", FACE_LOOKS, faces_of(takes[name], used[name], keep))
        for name in sorted(shown)
    }


def has_labels(job: Job) -> bool:
    """Returns whether a job has an AI label."""
    return any(isinstance(timed.layer, Label) for timed in job.marks)


def subject_facts(
    job: Job, takes: Mapping[str, Take], keep: Store | None, names: Collection[str]
) -> dict[str, Fact]:
    """Returns what stands out in what is used of each take that some deliverable crops, by the take's name.

    keep: where it is looked up first, and kept; names: of the takes to look at.
    Raises Problems where the cut does not fit its takes.
    """
    cropped = {
        cut.take
        for cut in job.cut
        for deliver in job.deliver
        if cut.take in names and wants_subjects(cut, deliver, takes[cut.take].picture.shown)
    }
    used = _used(job, takes, cropped)
    return {
        name: Fact(take.file.sha256, "subjects", FINDER, subjects_of(take, used[name], keep))
        for name, take in takes.items()
        if name in cropped
    }


def sight_facts(
    job: Job, takes: Mapping[str, Take], keep: Store | None, names: Collection[str]
) -> dict[str, Fact]:
    """Returns what is seen, many times a second, in what is used of each take whose crop is `auto`.

    The arguments and the errors are those of `subject_facts`.
    """
    followed = {
        cut.take
        for cut in job.cut
        for deliver in job.deliver
        if cut.take in names
        and asked_focus(cut, deliver) == AUTO
        and wants_subjects(cut, deliver, takes[cut.take].picture.shown)
    }
    used = _used(job, takes, followed)
    return {
        name: Fact(takes[name].file.sha256, "sights", LOOKS, sights_of(takes[name], used[name], keep))
        for name in sorted(followed)
        if takes[name].picture.kind != "made"
    }


def _used(job: Job, takes: Mapping[str, Take], names: Collection[str]) -> dict[str, tuple[Span, ...]]:
    """Returns the frames that the cut uses of each of these takes."""
    shots = plan_shots(job, takes) if names else ()
    return {name: _union(_shown(shot) for shot in shots if shot.take.name == name) for name in names}


def first_crops(job: Job, takes: Sequence[Take]) -> tuple[Framed, ...]:
    """Returns each crop of a job whose takes were just probed. takes: in the order of the job's.

    Raises Problems where the cut does not fit its takes.
    """
    named = {ref.name: replace(take, name=ref.name) for ref, take in zip(job.takes, takes, strict=True)}
    with ExitStack() as packs:
        for ref in job.takes:
            if is_pattern(ref.path):  # the pack that was probed is gone
                file = replace(named[ref.name].file, path=packs.enter_context(packed_aside(ref.path)))
                named[ref.name] = replace(named[ref.name], file=file)
        facts = subject_facts(job, named, None, set(named))
    seen = {name: {"subjects": fact} for name, fact in facts.items()}
    return tuple(crops_of(job, plan_shots(job, named), seen))


def subjects_of(take: Take, spans: tuple[Span, ...], keep: Store | None) -> Subjects:
    """Returns what stands out in a few frames of a take; nothing where they cannot be decoded, which is said later.

    spans: the frames that are used, in order and apart.
    """
    question = SubjectQuestion(take.file, take.picture, FINDER, spans)
    try:
        return kept_answer(keep, question, Subjects, partial(_found, take, spans))
    except SourceError:
        return Subjects(())


def _found(take: Take, spans: tuple[Span, ...]) -> Subjects:
    frames = read_clip(take.file.here, take.picture, _frames(take, spans))
    return find_subjects([np.ascontiguousarray(upright_array(rgb, take.picture)) for rgb in frames])


def _frames(take: Take, spans: tuple[Span, ...]) -> list[int]:
    """Returns the frames to look at: key frames if there are enough, else frames that are soon reached."""
    picture, used = take.picture, [frame for span in spans for frame in span]
    if picture.kind != "clip":
        return _some(used, 1 if picture.stands_still else VIEWS)
    with PictureReader(take.file.here, picture) as reader:
        keys = [key for span in spans for key in reader.keys(span)]
    if len(keys) >= LEAST_KEYS:
        return _some(keys, VIEWS)
    reach = max(LEAST_DECODED, int(Fraction(MOST_DECODED, picture.width * picture.height)))
    return _some(used[:reach], VIEWS)


def _some(frames: list[int], count: int) -> list[int]:
    return [frames[place] for place in spread(Span(0, len(frames)), count)]


def _shown(shot: Shot) -> Span:
    """Returns the frames of its take that a shot shows, from the first to the last."""
    numbers = [number for number, _ in source_frames(shot, shot.span)]
    return Span(min(numbers), max(numbers) + 1)


def _union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Returns the frames of all the spans, as spans in order that do not touch."""
    joined = list[Span]()
    for span in sorted(spans, key=lambda each: each.first):
        if joined and span.first <= joined[-1].stop:
            joined[-1] = Span(joined[-1].first, max(joined[-1].stop, span.stop))
        else:
            joined.append(span)
    return tuple(joined)
