"""A store elsewhere, which workers on many machines share, with a folder of this machine in front of it.

    keys/<2 digits>/<key>       the seal of a result: the SHA-256 of its bytes, their count, and the keyed digest
    data/<2 digits>/<sha256>    its bytes, by their content

Bytes are sent before the seal that names them, and one object replaces another whole: whoever reads a seal finds the
bytes it names, whatever others write meanwhile. What is fetched is verified by the seal, then kept in the folder as
any result is, until the folder is too large; what was not used for longest goes first.
"""

from __future__ import annotations

import hmac
import json
import logging
import os
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from uuid import uuid4

from post.atomic import checksum, replacing
from post.engine.remote_files import RemoteFiles
from post.engine.store import LONGEST_SEAL, Store, seal_path
from post.engine.store_place import StorePlace, read_address
from post.errors import OutputError, RetryError
from post.os_faults import writing

AT_ONCE = 16  # requests: most of a small one is waiting
IN_USE_S = 60  # what was used since is not cleared
log = logging.getLogger(__name__)


class RemoteStore(Store):
    """As `Store`, of results elsewhere. Its folder may be cleared at any time."""

    def __init__(self, place: StorePlace, writer: str = "") -> None:
        """Raises JobError where the address is wrong, or nothing installed here opens it; OutputError or RetryError
        where the folder cannot be made."""
        self._address = read_address(place.url)
        super().__init__(Path(place.root), place.seal_key, writer)
        self._url, self._most = place.url, place.cache_bytes
        self._open()

    def _open(self) -> None:
        self._files = RemoteFiles(self._address)
        self._lock = threading.Lock()
        self._since_cleared = self._most  # so that the first entry has the folder measured

    def __getstate__(self) -> dict[str, object]:
        mine = ("_files", "_lock")
        return {name: value for name, value in self.__dict__.items() if name not in mine}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._open()

    @property
    def place(self) -> StorePlace:
        """Where it is, for a worker's process."""
        return StorePlace(str(self.root), self.seal_key, self._url, self._most)

    def present(self, keys: Iterable[str]) -> set[str]:
        """Returns those of the keys whose results are there. They are fetched many at once."""
        asked = list(dict.fromkeys(keys))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return {key for key, found in zip(asked, pool.map(self.get, asked), strict=True) if found}

    def has(self, key: str) -> bool:
        """Says whether there is a result that fits its seal by its size: its bytes are not fetched."""
        told = self._seal_told(key)
        return told is not None and self._files.holds(_data_name(told[0]), told[1])

    def share(self, key: str) -> None:
        """Sends a result that lies in the folder, where it is not elsewhere any more."""
        name = _key_name(key)
        if self._files.read(name, LONGEST_SEAL) is None and (file := super()._verified_file(key)):
            file.close()
            self._send(key, self.path(key))

    def keep_file(self, key: str, path: Path) -> None:
        """Keeps a copy of a file under a key, elsewhere alone: what this machine has is not kept here twice."""
        self._send(key, path)

    def drop(self, key: str) -> None:
        """Removes a key's result, here and elsewhere. Its bytes stay: another key may have the same."""
        super().drop(key)
        with suppress(OutputError, RetryError):  # the next run finds it again, and drops it
            self._files.remove(_key_name(key))

    def sweep(self) -> None:
        """Removes what killed runs left half-written here, and what the folder holds over its bound."""
        super().sweep()
        self._clear(self._most)

    def _verified_file(self, key: str) -> BufferedReader | None:
        file = super()._verified_file(key)
        if file is None and self._fetched(key):
            file = super()._verified_file(key)
        elif file is not None:
            with suppress(OSError):
                os.utime(self.path(key))  # the time of its last use
        return file

    def _keep(self, key: str, part: Path) -> None:
        """Sends a written result, then keeps it here. Killed between, it is sent but not here, never the reverse."""
        self._send(key, part)
        super()._keep(key, part)
        self._grown(self.path(key).stat().st_size)

    def _send(self, key: str, path: Path) -> None:
        told = checksum(path)
        self._files.send(path, _data_name(told.sha256))
        self._files.write(_key_name(key), self._made_seal(key, *told))

    def _fetched(self, key: str) -> bool:
        """Copies a result to the folder, with its seal, if it is there and whole. Says whether it was."""
        told = self._seal_told(key)
        if told is None:
            return False
        path = self.path(key)
        part = path.with_name(f"{key}.{self.writer}.{uuid4().hex}.part")
        try:
            with writing(path):
                path.parent.mkdir(parents=True, exist_ok=True)
            if not self._room_made(_data_name(told[0]), part) or checksum(part) != told:
                self._report(key)
                return False
            with writing(path):
                part.replace(path)
                with replacing(seal_path(path), writer=self.writer) as out:
                    out.write(self._made_seal(key, *told))
        finally:
            with suppress(OSError):
                part.unlink()
        self._grown(told[1])
        return True

    def _seal_told(self, key: str) -> tuple[str, int] | None:
        """Returns the SHA-256 and the size that a result's seal names; None where there is none of this key."""
        seal = self._files.read(_key_name(key), LONGEST_SEAL)
        told = _told(seal) if seal is not None else None
        if told and seal and hmac.compare_digest(seal, self._made_seal(key, *told)):
            return told
        if seal is not None:
            self._report(key)
        return None

    def _room_made(self, name: str, part: Path) -> bool:
        """Fetches an object; where the disk is full, once more after the folder was cleared."""
        try:
            return self._files.fetch(name, part)
        except RetryError:
            part.unlink(missing_ok=True)
            if not self._clear(0):
                raise
            return self._files.fetch(name, part)

    def _grown(self, size: int) -> None:
        """Clears the folder where it may have become too large."""
        with self._lock:
            self._since_cleared += size
            if self._since_cleared < self._most // 10:
                return
            self._since_cleared = 0
        self._clear(self._most)

    def _clear(self, most: int) -> int:
        """Removes results here until they hold at most so many bytes. Returns how many bytes were freed."""
        found = []
        for path in self.root.glob("[0-9a-f][0-9a-f]/" + "[0-9a-f]" * 64):
            with suppress(OSError):
                about = path.stat()
                found.append((about.st_mtime, about.st_size, path))
        held, freed, now = sum(size for _, size, _ in found), 0, time.time()
        for used, size, path in sorted(found):
            if held - freed <= most or now - used < IN_USE_S:
                break
            with suppress(OSError):
                seal_path(path).unlink(missing_ok=True)
                path.unlink()
                freed += size
        return freed


def _key_name(key: str) -> str:
    return f"keys/{key[:2]}/{key}"


def _data_name(sha256: str) -> str:
    return f"data/{sha256[:2]}/{sha256}"


def _told(seal: bytes) -> tuple[str, int] | None:
    """Returns the SHA-256 and the size that a seal names; None where it is none."""
    with suppress(ValueError, KeyError, TypeError):
        told = json.loads(seal)
        return str(told["sha256"]), int(told["bytes"])
    return None
