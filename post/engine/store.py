"""Keeps results by content key: each is written aside, sealed, then renamed, and verified when it is read.

A seal is a keyed digest over an entry's key and its bytes. Whoever has the store but not the key can take results
away, and no more: an entry without a seal of this key is not there.
"""

from __future__ import annotations

import errno
import hashlib
import hmac
import json
import logging
import os
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from copy import copy
from io import BufferedReader
from pathlib import Path
from uuid import uuid4

from post.atomic import checksum, open_regular, replacing, sync_path
from post.engine.store_place import StorePlace
from post.errors import RetryError
from post.os_faults import unwritable, writing

ABANDONED_S = 24 * 3600
LONGEST_SEAL = 1024  # bytes
SEAL = "answerprint seal 2"
# A result, or its seal, while it is written.
PART = re.compile(r"(\.?[0-9a-f]{64}(\.seal)?)\.[0-9a-z.]+\.part")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)  # no read ends with these
log = logging.getLogger(__name__)


def _nothing() -> None:
    return None


class Store:
    """A folder of results. Many processes may read and write it at once; of two results with one key the last stays.

    An entry is a file and a seal beside it; without a seal that fits, it is not there.
    """

    def __init__(self, root: Path, seal_key: bytes, writer: str = "") -> None:
        """seal_key: what entries are sealed with, a secret of this user or team; writer: part of the name of
        unfinished results, so that they can be cleared when the writer dies.

        Raises OutputError where the folder cannot be made, RetryError where the disk is full.
        """
        if len(seal_key) < 16:
            raise ValueError("a seal's key has at least 16 bytes")
        self.root, self.seal_key, self.writer = root, seal_key, writer or uuid4().hex
        with writing(root):
            root.mkdir(parents=True, exist_ok=True)
        self._check: Callable[[], None] = _nothing
        self._verified: set[str] = set()
        self._reported: set[str] = set()
        self._says = True
        self._read: dict[str, bytes] | None = None

    def guarded(self, check: Callable[[], None]) -> Store:
        """Returns the same store, which calls `check` before it keeps a result. What that raises is raised, and
        nothing is kept."""
        other = copy(self)
        other._check = check
        return other

    def remembering(self) -> Store:
        """Returns the same store, which reads each entry once: for many plans of the same files, in one process."""
        other = copy(self)
        other._read = {}
        return other

    def quiet(self) -> Store:
        """Returns the same store, which says nothing of broken entries: the process that found them missing has."""
        other = copy(self)
        other._says = False
        return other

    def path(self, key: str) -> Path:
        """Returns where the result of a key is kept, whether or not it is there."""
        return self.root / key[:2] / key

    @property
    def place(self) -> StorePlace:
        """Where it is, for a worker's process."""
        return StorePlace(str(self.root), self.seal_key)

    def present(self, keys: Iterable[str]) -> set[str]:
        """Returns those of the keys whose results are there."""
        return {key for key in keys if self.get(key)}

    def has(self, key: str) -> bool:
        """Says whether there is a result, without keeping what it fetches."""
        return self.get(key) is not None

    def share(self, key: str) -> None:
        """Makes sure that others who use the store find a result that `get` has found. In a folder they do."""

    def keep_file(self, key: str, path: Path) -> None:
        """Keeps a copy of a file under a key. Raises OutputError or RetryError where it cannot be written."""
        with self.put(key) as part:
            shutil.copyfile(path, part)

    def get(self, key: str) -> Path | None:
        """Returns the path of a key's result; None where there is none, or it does not fit its seal.

        Each entry is hashed once per Store. One that is broken stays until `put` replaces it: it may be one that
        another process is just writing.
        """
        path = self.path(key)
        if key in self._verified and os.path.isfile(path):  # noqa: PTH113  never raises
            return path
        file = self._verified_file(key)
        if file is None:
            if os.path.exists(path):  # noqa: PTH110  never raises
                self._report(key)
            return None
        file.close()
        self._verified.add(key)
        return path

    def _report(self, key: str) -> None:
        """Says once that a result is broken."""
        if self._says and key not in self._reported:
            self._reported.add(key)
            log.warning("a result does not fit its seal and is made again", extra={"key": key})

    def open(self, key: str) -> BufferedReader:
        """Returns a key's result, open for reading, verified through the handle that is returned.

        Raises RetryError where it is not there any more.
        """
        file = self._verified_file(key)
        if file is None:
            raise RetryError(
                "a result was lost while it was in use",
                where=str(self.path(key)),
                expected="a store that nothing else clears meanwhile",
                fix="run again: it is made anew",
            )
        return file

    def _verified_file(self, key: str) -> BufferedReader | None:
        try:
            with open_regular(seal_path(self.path(key)), follow=False) as sealed:
                seal = sealed.read(LONGEST_SEAL)
            file = open_regular(self.path(key), follow=False)
        except OSError:
            return None
        try:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            file.close()
            return None
        if hmac.compare_digest(seal, self._made_seal(key, sha256, file.tell())):
            file.seek(0)
            return file
        file.close()
        return None

    def _made_seal(self, key: str, sha256: str, size: int) -> bytes:
        told = f"{SEAL}\0{key}\0{sha256}\0{size}".encode()
        mac = hmac.digest(self.seal_key, told, "sha256").hex()
        return json.dumps({"seal": SEAL, "sha256": sha256, "bytes": size, "mac": mac}).encode()

    @contextmanager
    def put(self, key: str) -> Iterator[Path]:
        """Gives a path to write a result to; it is kept under `key` if the block ends well, and removed if not.

        Raises OutputError or RetryError where it cannot be written; what else the block raises is left as it is.
        """
        path = self.path(key)
        part = path.with_name(f"{key}.{self.writer}.{uuid4().hex}.part")
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        try:
            try:
                yield part
            except OSError as fault:
                if _is_of_writing(fault, part):
                    raise unwritable(fault, path) from fault
                raise
            self._check()
            with writing(path):
                self._keep(key, part)
        finally:
            with suppress(OSError):  # swept later
                part.unlink()

    def _keep(self, key: str, part: Path) -> None:
        """Seals a written result and gives it its name."""
        path = self.path(key)
        sync_path(part)
        seal = self._made_seal(key, *checksum(part))
        for place in (path, seal_path(path)):
            _clear_folder(place)
        part.replace(path)
        # Last, and the folder is synced with it: a seal that survives a power cut has its result.
        with replacing(seal_path(path), lasting=True, writer=self.writer) as out:
            out.write(seal)

    def load(self, key: str) -> bytes | None:
        """Returns what `save` kept under a key, or None."""
        if self._read is not None and key in self._read:
            return self._read[key]
        file = self._verified_file(key)
        if file is None:
            return None
        with file:
            found = file.read()
        if self._read is not None:
            self._read[key] = found
        return found

    def save(self, key: str, content: bytes) -> None:
        """Keeps bytes under a key. Raises OutputError or RetryError where they cannot be written."""
        with self.put(key) as path:
            path.write_bytes(content)

    def clear(self, writer: str) -> None:
        """Removes what a dead writer left half-written."""
        for part in self.root.glob(f"*/*.{writer}*"):
            with suppress(OSError):  # what cannot be removed now is swept later
                part.unlink()

    def sweep(self) -> None:
        """Removes what killed runs left half-written, once it is a day old."""
        for part in self.root.glob("[0-9a-f][0-9a-f]/*.part"):
            with suppress(OSError):
                if PART.fullmatch(part.name) and time.time() - part.stat().st_mtime > ABANDONED_S:
                    part.unlink()

    def drop(self, key: str) -> None:
        """Removes a key's result, if it is there and this user may."""
        self._verified.discard(key)
        if self._read is not None:
            self._read.pop(key, None)
        for place in (seal_path(self.path(key)), self.path(key)):
            with suppress(OSError):
                _clear_folder(place)
                place.unlink()


def seal_path(path: Path) -> Path:
    """Returns where the seal of a result lies."""
    return path.with_name(path.name + ".seal")


def _is_of_writing(fault: OSError, part: Path) -> bool:
    """Says whether a fault of the work on a result is one of writing the result, not of what the work reads."""
    return fault.errno in _FULL or str(part) in str(fault.filename)


def _clear_folder(path: Path) -> None:
    """Removes what lies where a file should and is none: a folder, a pipe."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif path.exists() and not path.is_file():
        path.unlink()
