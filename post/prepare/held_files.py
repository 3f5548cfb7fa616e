"""Finds the files that a job's stages read (fonts, logos, look-up tables, stills), and holds them by their content."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from post.engine import ContentStore
from post.errors import AnswerprintError, SourceError
from post.job.model import Job
from post.prepare.original_files import files_of, placed_files
from post.takes.stills.sequence import SUFFIX, is_pattern, write_pack
from post.values import File
from provenance.manifest.sidecar import sidecar_path


def hold_files(job: Job, content: ContentStore, faults: list[AnswerprintError]) -> Job:
    """Returns the job with every File in it as its immutable copy.

    A File that cannot be read any more, or is not what it was when the job was read, stays as it is, and its fault is
    added to `faults`, at its place in the job. The pattern of an invisible mark is this user's secret: it is not
    copied.
    """
    secret = set(map(_named, files_of(job.provenance.marking)))
    held: dict[tuple[str, str, Path | None], File] = {}
    for file, where in placed_files(job, str(job.path)):
        if _named(file) in held:
            continue
        try:
            held[_named(file)] = _checked(file, content) if _named(file) in secret else _held(file, content)
        except AnswerprintError as fault:
            held[_named(file)] = file
            faults.append(content.placed(fault, where))
    made: Job = _with(job, held)
    return made


def _named(file: File) -> tuple[str, str, Path | None]:
    """Tells files of one content in several places apart, which compare as equal."""
    return file.sha256, file.name, file.path


def _checked(pattern: File, content: ContentStore) -> File:
    """Returns a file that is used where it is. Raises SourceError where it is not what it was."""
    if content.note(pattern.here, pattern.sha256):
        return pattern
    raise SourceError(
        "is not the pattern that was drawn",
        where=str(pattern.here),
        expected=f"sha256 {pattern.sha256}",
        fix="remove it: it is drawn again",
    )


def _held(file: File, content: ContentStore) -> File:
    if is_pattern(file.here):
        now = content.hold_written(file.here.name + SUFFIX, partial(write_pack, file.here))
    else:
        now = content.hold(file.here, sidecar_path(file.here))
    if now.sha256 != file.sha256:
        raise SourceError(
            "was changed while the job was read",
            where=str(file.here),
            expected=f"sha256 {file.sha256}",
            got=now.sha256,
            fix="run again once nothing writes to it",
        )
    return now


def _with(value: Any, held: dict[tuple[str, str, Path | None], File]) -> Any:
    """The value with its files replaced; what holds none stays the same object."""
    if isinstance(value, File):
        return held[_named(value)]
    if isinstance(value, tuple):
        made = tuple(_with(each, held) for each in value)
        same = all(a is b for a, b in zip(made, value, strict=True))
        return value if same else type(value)(*made) if hasattr(value, "_fields") else made
    if is_dataclass(value) and not isinstance(value, type):
        given = {field.name: getattr(value, field.name) for field in fields(value) if field.init}
        changed = {name: made for name, each in given.items() if (made := _with(each, held)) is not each}
        return replace(value, **changed) if changed else value
    return value
