"""The store: results by content key, written aside then renamed, verified when read."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from post.atomic import checksum, replacing, sync_path, writing

ABANDONED_S = 24 * 3600


class Store:
    """A folder of results. Many processes may read and write it at once; the last of two equal
    results stays. An entry is a file and a seal beside it; without a seal that fits it is not there."""

    def __init__(self, root: Path, writer: str = "") -> None:
        """writer: by what name this one's unfinished results are known, so that others can clear them up."""
        self.root, self.writer = root, writer or uuid4().hex
        with writing(root):
            root.mkdir(parents=True, exist_ok=True)
        self._verified: set[str] = set()

    def path(self, key: str) -> Path:
        """Returns where the result of a key lies, whether it is there or not."""
        return self.root / key[:2] / key

    def get(self, key: str) -> Path | None:
        """The result kept under a key, or None where there is none or it no longer fits its seal.

        Each entry is hashed once per Store: what is found broken is removed, to be made again.
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
            self.drop(key)
            return None
        self._verified.add(key)
        return path

    @contextmanager
    def put(self, key: str) -> Iterator[Path]:
        """A path to write a result to; kept under `key` if the block ends well, removed if not."""
        path = self.path(key)
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f"{key}.{self.writer}.{uuid4().hex}.part")
            try:
                yield part
                sync_path(part)
                seal = json.dumps(checksum(part)._asdict())
                part.replace(path)
                # Last, and with it the folder: a seal that survives a power cut has its result beside it.
                with replacing(_seal(path), lasting=True, writer=self.writer) as out:
                    out.write(seal.encode())
            finally:
                part.unlink(missing_ok=True)

    def clear(self, writer: str) -> None:
        """Remove what a writer that is no more left half-written."""
        for part in self.root.glob(f"*/*.{writer}*"):
            with suppress(OSError):  # what cannot be removed now is swept later
                part.unlink()

    def sweep(self) -> None:
        """Remove what killed runs left half-written, a day after they did."""
        for part in self.root.glob("*/*.part*"):
            with suppress(FileNotFoundError):
                if time.time() - part.stat().st_mtime > ABANDONED_S:
                    part.unlink()

    def drop(self, key: str) -> None:
        """Removes the result of a key."""
        self._verified.discard(key)
        _seal(self.path(key)).unlink(missing_ok=True)
        self.path(key).unlink(missing_ok=True)


def _seal(path: Path) -> Path:
    return path.with_name(path.name + ".seal")
