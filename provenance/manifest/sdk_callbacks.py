"""Wraps the callbacks and files that the SDK calls, to keep the exceptions that the SDK hides."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, BinaryIO, TypeVar

from post.errors import SourceError
from post.os_faults import retry_of

T = TypeVar("T")
# The SDK asks for up to 256 MB at once. Ctrl-C is handled between two answers.
_MAX_BYTES = 4 << 20


class CallbackGuard:
    """Keeps the first exception raised inside a callback, Ctrl-C included. error: that exception, or None;
    signed_at: when a signer last returned a signature, by `time.monotonic`, or None."""

    def __init__(self) -> None:
        self.signed_at: float | None = None
        self.error: BaseException | None = None
        self._inside = False

    def run(self, act: Callable[..., T], *args: Any) -> T:
        """Runs the work of a callback and returns its result.

        Raises OSError for any exception, which is kept; the SDK takes it for a failed read or write.
        """
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
    def catch_interrupt(self) -> Iterator[None]:
        """Handles Ctrl-C while the SDK works: inside a callback it is raised, elsewhere it is kept.

        In the wrapper's own callbacks it would be lost, and the SDK would go on or fail for another reason.
        Raises KeyboardInterrupt at the end if it was pressed.
        """
        before = signal.getsignal(signal.SIGINT)
        if threading.current_thread() is not threading.main_thread() or not callable(before):
            yield
            return

        def handle(number: int, frame: FrameType | None) -> None:
            if self._inside:
                before(number, frame)
                return
            self.error = self.error or KeyboardInterrupt()

        signal.signal(signal.SIGINT, handle)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
        if isinstance(self.error, KeyboardInterrupt):
            raise self.error

    def reraise(self) -> None:
        """Raises the exception that was kept, if there is one."""
        if self.error is not None:
            raise self.error


class GuardedFile:
    """A file that the SDK reads or writes, whose exceptions are kept by a guard.

    passed: called with the bytes of each read and write; may raise.
    """

    def __init__(
        self, file: BinaryIO, guard: CallbackGuard, passed: Callable[[int], None] | None = None
    ) -> None:
        self._file, self._guard, self._passed = file, guard, passed

    def read(self, size: int = -1) -> bytes:
        """Reads at most 4 MiB."""
        wanted = _MAX_BYTES if size < 0 else min(size, _MAX_BYTES)
        data: bytes = self._guard.run(self._reading, self._file.read, wanted)
        self._count(len(data))
        return data

    def readinto(self, buffer: Any) -> int:
        """Reads at most 4 MiB into a buffer, and returns how many bytes."""
        fill: Callable[[Any], int] = self._file.readinto  # type: ignore[attr-defined]  # BinaryIO leaves it out
        count: int = self._guard.run(self._reading, fill, memoryview(buffer)[:_MAX_BYTES])
        self._count(count)
        return count

    def _count(self, count: int) -> None:
        if self._passed is not None:
            self._guard.run(self._passed, count)

    def _reading(self, act: Callable[[Any], T], wanted: Any) -> T:
        try:
            return act(wanted)
        except OSError as exc:
            name = str(getattr(self._file, "name", ""))
            raise (
                retry_of(exc, name) or SourceError("the file cannot be read", where=name, got=exc.strerror)
            ) from exc

    def write(self, data: bytes) -> int:
        """Writes bytes, and returns how many."""
        count = self._guard.run(self._file.write, data)
        self._count(count)
        return count

    def seek(self, offset: int, whence: int = 0) -> int:
        """Moves to a place, and returns it."""
        return self._guard.run(self._file.seek, offset, whence)

    def tell(self) -> int:
        """Returns the place in the file."""
        return self._guard.run(self._file.tell)

    def flush(self) -> None:
        """Hands what was written to the system."""
        self._guard.run(self._file.flush)
