"""Finds every file that a job names, where it lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

from post.errors import SourceError
from post.job.model import Job, TakeRef
from post.takes.stills.sequence import find_frames, is_pattern
from post.values.media import File


def original_files(job: Job) -> tuple[Path, ...]:
    """Returns where the job's own file lies, and every file that it names."""
    takes = [path for ref in job.takes for path in paths_of(ref)]
    sounds = [clip.path for clip in job.sounds]
    brief = job.motion_brief.files if job.motion_brief else ()
    captions = (each.path for each in job.captions)
    return (job.path, *brief, *captions, *takes, *sounds, *(file.here for file in files_of(job)))


def paths_of(ref: TakeRef) -> tuple[Path, ...]:
    """Returns where a take's files lie; of a sequence that cannot be read, where it should."""
    if ref.made is not None:
        return ()
    try:
        return find_frames(ref.path) if is_pattern(ref.path) else (ref.path,)
    except SourceError:
        return (ref.path,)


def files_of(value: object) -> Iterator[File]:
    """Yields every File in a value: in the fields of data classes, and in tuples, at any depth."""
    for file, _ in placed_files(value):
        yield file


def placed_files(value: object, where: str = "") -> Iterator[tuple[File, str]]:
    """Yields every File in a value with its place in the job: that of the shot, title or the like that it belongs to.

    where: the place of a File in no such part, as in the grain of the whole film.
    """
    if isinstance(value, File):
        yield value, where
    elif isinstance(value, tuple):
        for each in value:
            yield from placed_files(each, where)
    elif is_dataclass(value):
        own = getattr(value, "where", "")
        place = own if isinstance(own, str) and own else where
        for field in fields(value):
            yield from placed_files(getattr(value, field.name), place)
