"""How a folder is watched, and what was done."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """How a folder is watched.

    folder, out: the watched one, and that of the films; settle_s: how long something stands still before it is taken;
    interval_s: between two looks while anything is awaited, or without events; idle_s: with events, else; patience_s:
    how long a file that is not whole, or cannot be read, may stay so; tries: of what fails for passing reasons;
    retry_s: before the second try, twice that before the third; once: ends when nothing is awaited; move_done: moves
    what is made to DIR/done; record: a clip is taken only with its generator record.
    """

    folder: Path
    out: Path
    settle_s: float = 5.0
    interval_s: float = 2.0
    idle_s: float = 30.0
    patience_s: float = 30.0
    tries: int = 3
    retry_s: float = 10.0
    once: bool = False
    move_done: bool = False
    record: bool = False


@dataclass(slots=True)
class WatchSummary:
    """What a watch did. codes: the exit codes of what failed; pending: how many wait; unapproved: how many of what lies
    there wait for people to approve their films, which is no failure."""

    finished: int = 0
    failed: int = 0
    duplicates: int = 0
    pending: int = 0
    unapproved: int = 0
    codes: set[int] = field(default_factory=set)

    @property
    def exit_code(self) -> int:
        """Returns 0 where nothing failed, the code of what failed where all have one, else 2."""
        return min(self.codes) if len(self.codes) == 1 else 2 * bool(self.codes)


class WaitsOn(Protocol):
    """What a watch waits on."""

    by_events: bool

    @property
    def stopped(self) -> bool:
        """Returns whether the watch is to end."""

    def wait(self, seconds: float) -> None:
        """Waits for a change, or for that many seconds."""
