"""Keeps results by content key: each is written aside, then renamed, and verified when it is read."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from post.atomic import checksum, replacing, sync_path, writing

ABANDONED_S = 24 * 3600
log = logging.getLogger(__name__)


class Store:
    """A folder of results. Many processes may read and write it at once; of two results with one key the last stays.

    An entry is a file and a seal beside it (its sha256 and size); without a seal that fits, it is not there.
    """

    def __init__(self, root: Path, writer: str = "") -> None:
        """writer: part of the name of unfinished results, so that they can be cleared when the writer dies.

        Raises OutputError where the folder cannot be made, RetryError where the disk is full.
        """
        self.root, self.writer = root, writer or uuid4().hex
        with writing(root):
            root.mkdir(parents=True, exist_ok=True)
        self._verified: set[str] = set()

    def path(self, key: str) -> Path:
        """Returns where the result of a key is kept, whether or not it is there."""
        return self.root / key[:2] / key

    def get(self, key: str) -> Path | None:
        """Returns the path of a key's result; None where there is none, or it does not fit its seal.

        Each entry is hashed once per Store. One that is broken is removed, to be made again.
        """
        path = self.path(key)
        if key in self._verified and path.exists():
            return path
        try:
            seal = json.loads(_seal(path).read_text())
            whole = seal["bytes"] == path.stat().st_size and seal["sha256"] == checksum(path).sha256
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if not whole:
            log.warning("a result does not fit its seal and is removed, to be made again", extra={"key": key})
            self.drop(key)
            return None
        self._verified.add(key)
        return path

    @contextmanager
    def put(self, key: str) -> Iterator[Path]:
        """Gives a path to write a result to; it is kept under `key` if the block ends well, and removed if not.

        Raises OutputError or RetryError where it cannot be written.
        """
        path = self.path(key)
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f"{key}.{self.writer}.{uuid4().hex}.part")
            try:
                yield part
                sync_path(part)
                seal = json.dumps(checksum(part)._asdict())
                part.replace(path)
                # Last, and the folder is synced with it: a seal that survives a power cut has its result.
                with replacing(_seal(path), lasting=True, writer=self.writer) as out:
                    out.write(seal.encode())
            finally:
                part.unlink(missing_ok=True)

    def clear(self, writer: str) -> None:
        """Removes what a dead writer left half-written."""
        for part in self.root.glob(f"*/*.{writer}*"):
            with suppress(OSError):  # what cannot be removed now is swept later
                part.unlink()

    def sweep(self) -> None:
        """Removes what killed runs left half-written, once it is a day old."""
        for part in self.root.glob("*/*.part*"):
            with suppress(FileNotFoundError):
                if time.time() - part.stat().st_mtime > ABANDONED_S:
                    part.unlink()

    def drop(self, key: str) -> None:
        """Removes a key's result, if it is there."""
        self._verified.discard(key)
        _seal(self.path(key)).unlink(missing_ok=True)
        self.path(key).unlink(missing_ok=True)


def _seal(path: Path) -> Path:
    return path.with_name(path.name + ".seal")
