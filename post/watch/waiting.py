"""Waits for something to change in a folder: by the system's events where it has them, else by looking again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from post.watch.events import Tell

WAKE_MS = 200  # how long changes are gathered before one look at them
EVERY_MS = 1000  # how often the thread that hears events sees that it is to end
JOIN_S = 5.0


class Waiting:
    """What a watch waits on. Signal handlers and other threads may call `stop`."""

    def __init__(self) -> None:
        self._woken, self._stop = Event(), Event()
        self.by_events = False  # whether changes wake it; else it only looks again

    @property
    def stopped(self) -> bool:
        """Returns whether the watch is to end."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ends the wait, and the watch after what it has in hand."""
        self._stop.set()
        self._woken.set()

    def wake(self) -> None:
        """Ends the wait: something has changed."""
        self._woken.set()

    def wait(self, seconds: float) -> None:
        """Waits for a change, for the end of the watch, or for that many seconds."""
        self._woken.wait(seconds)
        if not self.stopped:
            self._woken.clear()

    def listen(self, folder: Path, tell: Tell) -> None:
        """Runs in a thread: wakes the watch at each change in a folder. Network mounts have no events, and a system
        has only so many: then the watch goes on without."""
        from watchfiles import watch

        try:
            self.by_events = True
            for _ in watch(
                folder, watch_filter=None, debounce=WAKE_MS * 5, step=WAKE_MS, stop_event=self._stop,
                rust_timeout=EVERY_MS, raise_interrupt=False, ignore_permission_denied=True,
            ):  # fmt: skip
                self.wake()
            why = "" if self.stopped else "the system tells of no more changes"
        except (OSError, RuntimeError) as fault:
            why = str(fault)
        self.by_events = False
        if why:
            tell("polling", folder=str(folder), why=why)
            self.wake()


@contextmanager
def changes(folder: Path, tell: Tell, *, poll: bool = False) -> Iterator[Waiting]:
    """Gives what to wait on for a folder's changes. poll: only looks again, as network mounts need it."""
    waiting = Waiting()
    if poll:
        yield waiting
        return
    hearing = Thread(target=waiting.listen, args=(folder, tell), name="watch", daemon=True)
    hearing.start()
    try:
        yield waiting
    finally:
        waiting.stop()
        hearing.join(JOIN_S)
