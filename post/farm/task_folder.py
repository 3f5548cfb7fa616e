"""Keeps the tasks of one step in a folder, one JSON file each, numbered from 1: a host reads only what it does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from post.atomic import write_whole
from post.engine import Task
from post.errors import JobError
from post.os_faults import reading, writing

MOST = 100_000  # numbers in one list: a chunk of a farm has a few
_RANGE = re.compile(r"\s*(\d{1,9})(?:\s*-\s*(\d{1,9})(?:\s*:\s*(\d{1,9}))?)?\s*")
_OWN = re.compile(r"[1-9][0-9]*\.json")


def write_tasks(folder: Path, tasks: Sequence[Task]) -> None:
    """Writes each task to its own file, and removes those of a longer list that lay there.

    Raises OutputError or RetryError where that fails.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for number, task in enumerate(tasks, start=1):
        write_whole(folder / f"{number}.json", f"{task.to_json()}\n")
    for old in folder.iterdir():
        if _OWN.fullmatch(old.name) and int(old.stem) > len(tasks):
            with suppress(OSError):
                old.unlink()


def read_numbered(folder: Path, numbers: str, where: str) -> Iterator[Task]:
    """Yields the tasks of some numbers. numbers: as `read_numbers` takes; where: the option, for errors.

    Raises JobError for a wrong list or a file that is no task, SourceError where one is not there, RetryError where
    another release wrote it.
    """
    for number in read_numbers(numbers, where):
        path = folder / f"{number}.json"
        with reading(path):
            yield Task.from_json(path.read_text("utf-8"), str(path))


def read_numbers(text: str, where: str) -> list[int]:
    """Returns the numbers of a list such as "1-4,7" or "1-9:2", as Open Job Description writes chunks.

    >>> read_numbers("1-4,7,10-14:2", "")
    [1, 2, 3, 4, 7, 10, 12, 14]

    Raises JobError for what is none.
    """
    numbers = list[int]()
    for part in text.split(","):
        found = _RANGE.fullmatch(part)
        first, last, step = (int(each or 0) for each in found.groups()) if found else (0, 0, 0)
        last = last or first
        if not 1 <= first <= last or (last - first) // (step or 1) >= MOST - len(numbers):
            raise JobError("is no list of numbers", where=where, expected="such as 1-4,7", got=repr(text))
        numbers += range(first, last + 1, step or 1)
    return numbers
