"""What the SDK is given to call. It hides exceptions raised inside a callback; these keep them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO, TypeVar

from post.errors import SourceError

T = TypeVar("T")


class Watch:
    """Keeps the first exception raised inside a callback, which the SDK would hide: Ctrl-C included."""

    def __init__(self) -> None:
        self.error: BaseException | None = None

    def run(self, act: Callable[..., T], *args: Any) -> T:
        try:
            return act(*args)
        except BaseException as exc:
            self.error = self.error or exc
            raise OSError("stopped") from exc

    def reraise(self) -> None:
        if self.error is not None:
            raise self.error


class Kept:
    """A file the SDK reads or writes, whose failures are kept."""

    def __init__(self, file: BinaryIO, watch: Watch) -> None:
        self._file, self._watch = file, watch

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._watch.run(self._reading, self._file.read, size)
        return data

    def readinto(self, buffer: Any) -> int:
        fill: Callable[[Any], int] = self._file.readinto  # type: ignore[attr-defined]  # BinaryIO leaves it out
        count: int = self._watch.run(self._reading, fill, buffer)
        return count

    def _reading(self, act: Callable[[Any], T], wanted: Any) -> T:
        try:
            return act(wanted)
        except OSError as exc:
            name = str(getattr(self._file, "name", ""))
            raise SourceError("the file cannot be read", where=name, got=exc.strerror) from exc

    def write(self, data: bytes) -> int:
        return self._watch.run(self._file.write, data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._watch.run(self._file.seek, offset, whence)

    def tell(self) -> int:
        return self._watch.run(self._file.tell)

    def flush(self) -> None:
        self._watch.run(self._file.flush)
