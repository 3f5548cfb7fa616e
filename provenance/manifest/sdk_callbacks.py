"""What the SDK is given to call. It hides exceptions raised inside a callback; these keep them."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, BinaryIO, TypeVar

from post.errors import SourceError

T = TypeVar("T")
# The SDK asks for up to 256 MB at once; Ctrl-C is heard between two answers.
_MOST_BYTES = 4 << 20


class Watch:
    """Keeps the first exception raised inside a callback, which the SDK would hide: Ctrl-C included."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self._inside = False

    def run(self, act: Callable[..., T], *args: Any) -> T:
        try:
            self._inside = True
            self.reraise()
            return act(*args)
        except BaseException as exc:
            self._inside = False
            self.error = self.error or exc
            raise OSError("stopped") from exc
        finally:
            self._inside = False

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Ctrl-C while the SDK is at work: raised only where it is kept. In the wrapper's own callbacks it
        would be lost, and the SDK go on, or fail for a reason that is none."""
        before = signal.getsignal(signal.SIGINT)
        if threading.current_thread() is not threading.main_thread() or not callable(before):
            yield
            return

        def hear(number: int, frame: FrameType | None) -> None:
            if self._inside:
                before(number, frame)
                return
            self.error = self.error or KeyboardInterrupt()

        signal.signal(signal.SIGINT, hear)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
        if isinstance(self.error, KeyboardInterrupt):
            raise self.error

    def reraise(self) -> None:
        if self.error is not None:
            raise self.error


class Kept:
    """A file the SDK reads or writes, whose failures are kept. passed: told how many bytes went by, and
    may raise."""

    def __init__(self, file: BinaryIO, watch: Watch, passed: Callable[[int], None] | None = None) -> None:
        self._file, self._watch, self._passed = file, watch, passed

    def read(self, size: int = -1) -> bytes:
        wanted = _MOST_BYTES if size < 0 else min(size, _MOST_BYTES)
        data: bytes = self._watch.run(self._reading, self._file.read, wanted)
        self._tell(len(data))
        return data

    def readinto(self, buffer: Any) -> int:
        fill: Callable[[Any], int] = self._file.readinto  # type: ignore[attr-defined]  # BinaryIO leaves it out
        count: int = self._watch.run(self._reading, fill, memoryview(buffer)[:_MOST_BYTES])
        self._tell(count)
        return count

    def _tell(self, count: int) -> None:
        if self._passed is not None:
            self._watch.run(self._passed, count)

    def _reading(self, act: Callable[[Any], T], wanted: Any) -> T:
        try:
            return act(wanted)
        except OSError as exc:
            name = str(getattr(self._file, "name", ""))
            raise SourceError("the file cannot be read", where=name, got=exc.strerror) from exc

    def write(self, data: bytes) -> int:
        count = self._watch.run(self._file.write, data)
        self._tell(count)
        return count

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._watch.run(self._file.seek, offset, whence)

    def tell(self) -> int:
        return self._watch.run(self._file.tell)

    def flush(self) -> None:
        self._watch.run(self._file.flush)
