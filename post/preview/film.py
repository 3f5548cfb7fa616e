"""What is known of a previewed film without its plan: enough to show what the store holds of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from post import __version__
from post.engine import ContentStore, Store, Task
from provenance.trust.lists import Anchors

FORM = 1


@dataclass(frozen=True, slots=True)
class PreviewFilm:
    """A previewed film. rate: frames a second, as a numerator and a denominator; colour: primaries, transfer and
    matrix, codes of H.273; frames: of the whole film, 0 where that is not known yet; slots: (first frame, frame behind
    the last, key of its packets) in order; sound, sheet: the keys of its sound's packets and of its contact sheet;
    shots: (name, first frame); left_out: what the preview leaves out, in words; missing: decisions that are not made
    yet; sound_rate: samples a second."""

    title: str
    name: str
    width: int
    height: int
    rate: tuple[int, int]
    colour: tuple[int, int, int]
    frames: int
    slots: tuple[tuple[int, int, str], ...]
    sound: str
    sound_rate: int
    sheet: str
    shots: tuple[tuple[str, int], ...]
    left_out: tuple[str, ...]
    missing: tuple[str, ...] = ()

    def seconds(self, frame: int) -> float:
        """Returns when a frame is shown."""
        return frame * self.rate[1] / self.rate[0]


@dataclass(frozen=True, slots=True)
class PreviewQuestion:
    """What a preview is planned from. only: a film's name, "" for the first; anchors: the trust lists that takes'
    credentials are judged by; content, keep: where copies of files, and what is measured, are held."""

    job: Path
    only: str
    anchors: Sequence[Anchors]
    content: ContentStore
    keep: Store


@dataclass(frozen=True, slots=True)
class PlannedPreview:
    """A film, or its first seconds, planned: the tasks that make it. slots: of its picture, in order; sheet: None of
    first seconds; read: the files and folders that the plan depends on."""

    film: PreviewFilm
    slots: tuple[Task, ...]
    sound: Task
    sheet: Task | None
    read: tuple[str, ...]


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _key(job: Path, only: str) -> str:
    """Returns the key under which a job's film is kept: its path, what it says, and this release."""
    told = (FORM, __version__, str(job.absolute()), only, hashlib.sha256(job.read_bytes()).hexdigest())
    return hashlib.sha256(json.dumps(["preview", *told]).encode()).hexdigest()


def _states(paths: Iterable[str]) -> list[list[Any]]:
    """Returns what tells that files and folders are as they were, without reading them."""
    states = []
    for path in sorted(set(paths)):
        found = Path(path).stat()
        states.append([path, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns])
    return states


def keep_film(store: Store, job: Path, only: str, film: PreviewFilm, read: Iterable[str]) -> None:
    """Keeps a film whose every decision is made. read: the files and folders that it depends on.

    Raises OutputError or RetryError where it cannot be kept.
    """
    with suppress(OSError):  # a file is gone meanwhile: the film is planned anew next time
        body = {"film": asdict(film), "states": _states(read)}
        store.save(_key(job, only), json.dumps(body).encode())


def kept_film(store: Store, job: Path, only: str) -> PreviewFilm | None:
    """Returns the film of a job as it was kept; None where none is, or a file that it depends on has changed."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        content = store.load(_key(job, only))
        if content is None:
            return None
        body = json.loads(content)
        if _states(row[0] for row in body["states"]) != body["states"]:
            return None
        names = [field.name for field in fields(PreviewFilm)]
        return PreviewFilm(**{name: _tuples(body["film"][name]) for name in names})
    return None
