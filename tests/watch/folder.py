"""A watched folder whose clock, arrivals and films are a test's own: the files, the journal and the moves are real."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from post.errors import AnswerprintError, ApprovalError, JobError, RetryError, SourceError
from post.watch import Outcome, Received, Watcher, WatchOptions, WatchSummary, error_row, open_journal
from post.watch.file_set import FileSet
from post.watch.journal import Journal, WatchedItem
from post.watch.received import Awaited

FAULTS: dict[bytes, AnswerprintError] = {
    b"job": JobError("does not fit", where="cut[0]"),
    b"source": SourceError("is damaged", where="clip"),
    b"lost": RetryError("every worker died", where="clip"),
    b"bug": AnswerprintError("is a bug", where="clip"),
}


def box(kind: bytes, content: bytes = b"") -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def film(says: str) -> bytes:
    """Returns a file of ISO boxes that is whole; says: its content, the first word of which may be a fault."""
    return box(b"ftyp", b"isom") + box(b"mdat", says.encode()) + box(b"moov", bytes(40))


@dataclass
class Killed(BaseException):
    """The process is killed, at a place that a test chose."""


@dataclass
class CountingMaker:
    """Makes a film of each file of boxes, unless it says that it fails. made, tried: how often, by its content."""

    made: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    names: dict[str, str] = field(default_factory=dict)
    while_making: Callable[[Received], None] = lambda received: None
    broken: AnswerprintError | None = None
    rested: int = 0
    looked: Counter[str] = field(default_factory=Counter)
    log: Path | None = (
        None  # of decisions, a line each: a content that begins with "gate" waits for a line of its own
    )
    template: Path | None = None
    healed: bool = False  # what failed for a passing reason works now

    def make(self, received: Received, into: Path) -> Outcome:
        says = self.says(received.path)
        self.tried[says] += 1
        self.while_making(received)
        if waits := self._waits(says, into):
            (into / "review").mkdir(exist_ok=True)
            (into / "review" / "film.mp4").write_text(says)
            return waits
        if self.broken:
            return Outcome(self.broken.exit_code, errors=(error_row(self.broken),))
        fault = FAULTS.get(says.split()[0].encode())
        if fault and not (self.healed and isinstance(fault, RetryError)):
            return Outcome(fault.exit_code, errors=(error_row(fault),))
        (into / "film.mp4").write_text(says)
        (into / "receipt.json").write_text(json.dumps({"receipts": []}))
        self.made[says] += 1
        self.names[says] = into.name
        return Outcome(films=(str(into / "film.mp4"),))

    def still_waits(self, received: Received, into: Path) -> Outcome | None:
        says = self.says(received.path)
        self.looked[says] += 1
        return self._waits(says, into)

    def _waits(self, says: str, into: Path) -> Outcome | None:
        if self.log is None or not says.startswith("gate"):
            return None
        decided = FileSet.now([self.log])
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        if f"approve {says}" in lines:
            return None
        ask = ApprovalError("the gate release is not met", where="film", expected="an approval by ana")
        rejected = ("film: ana rejected it",) if f"reject {says}" in lines else ()
        made_of = FileSet.now([str(self.template)])
        awaited = Awaited((str(into / "review" / "film.mp4"),), rejected, made_of, decided)
        return Outcome(5, errors=(error_row(ask),), awaited=awaited)

    def rest(self) -> None:
        self.rested += 1

    def trouble(self) -> AnswerprintError | None:
        return self.broken

    @staticmethod
    def says(path: Path) -> str:
        if path.is_dir():
            return f"a job of {len(list(path.iterdir()))}"
        return path.read_bytes()[12 + 8 : -48].decode()


@dataclass
class Clock:
    """A clock, and what happens when. now_s: its time; ends_s: when the watch is stopped, if it did not end itself."""

    happenings: list[tuple[float, Callable[[], object]]] = field(default_factory=list)
    now_s: float = 1000.0
    ends_s: float = 0.0
    by_events: bool = False
    stopped: bool = False
    waits: int = 0

    def __call__(self) -> float:
        return self.now_s

    def at(self, seconds: float, do: Callable[[], object]) -> None:
        self.happenings.append((1000.0 + seconds, do))

    def wait(self, seconds: float) -> None:
        self.waits += 1
        self.now_s += seconds
        due = [row for row in self.happenings if row[0] <= self.now_s]
        self.happenings = [row for row in self.happenings if row[0] > self.now_s]
        for _, do in sorted(due, key=lambda row: row[0]):
            do()
        if self.ends_s and self.now_s >= 1000.0 + self.ends_s:
            self.stopped = True


@dataclass
class WatchedFolder:
    """A folder, the films' folder, and what was told."""

    root: Path
    maker: CountingMaker = field(default_factory=CountingMaker)
    told: list[dict[str, Any]] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)
    known: dict[str, WatchedItem] | None = None
    forget: bool = False

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.out.mkdir(exist_ok=True)

    @property
    def folder(self) -> Path:
        return self.root / "in"

    @property
    def out(self) -> Path:
        return self.root / "out"

    @property
    def options(self) -> WatchOptions:
        return WatchOptions(self.folder, self.out, once=True)

    def put(self, name: str, says: str = "") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(film(says or name))
        return path

    def tell(self, event: str, /, **fields: object) -> None:
        self.told.append({"event": event, **fields})

    def of(self, event: str) -> list[dict[str, Any]]:
        return [row for row in self.told if row["event"] == event]

    @contextmanager
    def journal(self) -> Iterator[Journal]:
        with open_journal(self.out, forget=self.forget, known=self.known) as journal:
            yield journal

    def watch(self, **options: Any) -> WatchSummary:
        """Watches to the end, with these options over the usual ones."""
        self.clock.stopped = False
        if options.get("once", True):
            self.clock.ends_s = 0
        with self.journal() as journal:
            asked = replace(self.options, **options)
            return Watcher(asked, journal, self.maker, self.tell, self.clock).run(self.clock)

    def names(self, place: str = "") -> list[str]:
        """Returns what lies below a place of the watched folder, by path."""
        found = (self.folder / place).rglob("*")
        return sorted(str(path.relative_to(self.folder / place)) for path in found if path.is_file())
