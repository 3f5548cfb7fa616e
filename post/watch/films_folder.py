"""The folders of films: each says what it was made of, so that the history can be rebuilt from them.

OUT/dog/watched.json    {"schema": "Watched.1", "sha256": ..., "path": "dog.mp4"}; written before the films are begun
OUT/dog/receipt.json    there once they are published, without `unfinished`
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Any

from post.atomic import read_bounded, write_whole
from post.deliver.output_set import LARGEST_RECEIPT, RECEIPT, UNFINISHED
from post.unused_name import TakenWhere, unused_name
from post.watch.journal import FOLDER, Journal, WatchedItem
from post.watch.received import Arrival

NOTE, SCHEMA = "watched.json", "Watched.1"
FAILED = "failed"
MOST_BYTES = 1 << 16


def write_note(out: Path, item: WatchedItem) -> None:
    """Writes what a folder's films are made of. Raises OutputError or RetryError."""
    said = {"schema": SCHEMA, "sha256": item.sha256, "path": item.path}
    write_whole(out / item.name / NOTE, json.dumps(said, indent=2) + "\n", lasting=True)


def remove_note(out: Path, item: WatchedItem) -> None:
    """Removes the folder of films that were never made, if there is nothing but the note in it."""
    folder = out / item.name
    with suppress(OSError):
        if [path.name for path in folder.iterdir()] == [NOTE]:
            (folder / NOTE).unlink()
            folder.rmdir()


def folder_name(out: Path, found: Arrival, sha256: str, journal: Journal) -> str:
    """Returns the name of the folder for the films of something found: its own path without the ending, or with a
    number where that is another one's."""
    own = found.path if found.kind == "job" else str(PurePath(found.path).with_suffix(""))
    if _note(out / own).get("sha256") == sha256:
        return own
    taken = journal.names | {FAILED}
    return unused_name(own, TakenWhere(lambda name: name.casefold() in taken or os.path.lexists(out / name)))


def rebuilt(out: Path) -> dict[str, WatchedItem]:
    """Returns, by sha256, what the folders of films say that was made: those whose films were published."""
    return {item.sha256: item for item in _published(out, "")}


def _published(out: Path, below: str) -> Iterator[WatchedItem]:
    try:
        entries = sorted(os.scandir(out / below), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name == FOLDER or entry.is_symlink() or not entry.is_dir():
            continue
        name = str(Path(below) / entry.name)
        said, receipt = _note(out / name), _json(out / name / RECEIPT, LARGEST_RECEIPT)
        if said and receipt and UNFINISHED not in receipt:
            yield WatchedItem(said["sha256"], "done", name, said["path"])
        yield from _published(out, name)


def _note(folder: Path) -> dict[str, Any]:
    """Returns what a folder's films were made of; {} where it does not say."""
    said = _json(folder / NOTE, MOST_BYTES)
    named = said.get("schema") == SCHEMA and isinstance(said.get("sha256"), str)
    return said if named and isinstance(said.get("path"), str) else {}


def _json(path: Path, most: int) -> dict[str, Any]:
    try:
        found = json.loads(read_bounded(path, most))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
