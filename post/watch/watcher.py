"""The watch itself: looks, waits until things stand still, has their films made, and remembers.

    look -> stands still? -> whole? -> known content? -> begun -> made -> done | again | failed, set aside

Each content is made once, whatever it is called and however often the process is killed: the journal says `begun`
before and `done` after, and a maker that is asked again makes nothing twice.
"""

from __future__ import annotations

import time
from dataclasses import replace
from enum import Enum, auto

from post.errors import AnswerprintError, OutputError, RetryError, SourceError
from post.watch.content import content_of, is_as_found
from post.watch.endings import Endings
from post.watch.events import Now, Tell
from post.watch.films_folder import folder_name, write_note
from post.watch.journal import Journal, WatchedItem
from post.watch.names import has_record
from post.watch.options import WaitsOn, WatchOptions, WatchSummary
from post.watch.received import Arrival, Maker, Outcome, Received, error_rows
from post.watch.scan import look_at
from post.watch.settling import Settling
from post.watch.whole import what_is_missing

MOST_BEGUN = 12  # times that something is begun while the process is ended over it each time
COUNTS = ("finished", "failed", "duplicates", "pending", "unapproved")
NO_RECORD = "its generator record is not there yet"


# Of something that waited for approval: it does still, or was begun anew since.
_OPEN = ("unapproved", "begun", "again")


class _Taken(Enum):
    """What came of looking at something that stands still. OVER: nothing more to do; LATER: it waits; UNAPPROVED: its
    films wait for people."""

    OVER = auto()
    LATER = auto()
    MADE = auto()
    UNAPPROVED = auto()


class Watcher:
    """Watches one folder, whose owner, and that of the films' folder, the caller is."""

    def __init__(
        self, options: WatchOptions, journal: Journal, maker: Maker, tell: Tell, now: Now = time.monotonic
    ) -> None:
        """now: seconds of a clock that never jumps."""
        self._options, self._journal, self._maker, self._tell, self._now = options, journal, maker, tell, now
        self._settling = Settling(options.settle_s)
        self._endings = Endings(options, journal, maker, tell, now)
        self._contents: dict[str, tuple[str, str]] = {}  # state and sha256, by path
        self._said: dict[str, str] = {}  # what was told of a path last

    def run(self, waiting: WaitsOn) -> WatchSummary:
        """Watches until `waiting` is stopped; with `once`, until nothing is awaited. Returns what was done.

        With `once`, raises what keeps anything from being made, and RetryError where the folder cannot be read.
        """
        options, summary = self._options, self._endings.summary
        places = {"folder": str(options.folder), "out": str(options.out)}
        self._tell("watching", **places, known=len(self._journal.items), events=waiting.by_events)
        while not waiting.stopped:
            taken = self._round(waiting)
            summary.pending = self._settling.unsettled(self._now()) + taken.count(_Taken.LATER)
            if _Taken.MADE in taken:
                continue
            summary.unapproved = taken.count(_Taken.UNAPPROVED)
            if options.once and not summary.pending:
                break
            if not summary.pending:
                self._maker.rest()
            idle = waiting.by_events and not summary.pending and not summary.unapproved
            waiting.wait(options.idle_s if idle else options.interval_s)
        counts = {name: getattr(summary, name) for name in COUNTS}
        self._tell("stopped", **counts)
        return summary

    def _round(self, waiting: WaitsOn) -> list[_Taken]:
        """Looks once, and takes what stands still, up to the first that films are made of: then it looks again."""
        taken: list[_Taken] = []
        try:
            for each in self._settling.update(self._look(), self._now()):
                if waiting.stopped:
                    break
                taken.append(self._take(each))
                if taken[-1] is _Taken.MADE:
                    break
        except (RetryError, OutputError) as fault:  # of the folder, the journal, or the place of a reason
            self._endings.pause(fault)
            taken.append(_Taken.LATER)
        return taken

    def _look(self) -> tuple[Arrival, ...]:
        folder = self._options.folder
        try:
            look = look_at(folder, (self._options.out,))
        except OSError as fault:
            fix = "see that it is there, and mounted"
            got = fault.strerror
            raise RetryError(
                "the watched folder cannot be read", where=str(folder), got=got, fix=fix
            ) from fault
        for path, why in look.left:
            self._say("left", path, why)
        there = [each.path for each in look.found]
        self._endings.forget(there)
        self._contents = {path: self._contents[path] for path in there if path in self._contents}
        told = {*there, *(path for path, _ in look.left)}
        self._said = {path: said for path, said in self._said.items() if path in told}
        return look.found

    def _say(self, event: str, path: str, why: str) -> None:
        """Tells something of a path, if that was not the last that was told of it."""
        if self._said.get(path) != why:
            self._said[path] = why
            self._tell(event, path=path, why=why)

    def _take(self, found: Arrival) -> _Taken:
        known = self._journal.files.get(found.path)
        if known is not None and known.state == found.state:
            item = self._journal.items.get(known.sha256)
            if item is None or not (item.state in _OPEN or _was_set_aside(item)):
                return _Taken.OVER
            if item.path != found.path and self._endings.lies_there(item):
                return _Taken.OVER  # a copy
            if item.path == found.path and item.state == "unapproved":
                return self._look_again(found, item)
        return self._take_unknown(found)

    def _take_unknown(self, found: Arrival) -> _Taken:
        """Takes something of which nothing is known, or that was begun and came to no end."""
        if self._options.record and found.kind == "clip" and not has_record(found.beside):
            self._say("waiting", found.path, NO_RECORD)
            return _Taken.OVER  # nobody knows whether one will come
        if self._endings.waits(found):
            return _Taken.LATER
        try:
            missing = self._missing(found)
            if missing and self._still_for_s(found) < self._options.patience_s:
                self._say("waiting", found.path, missing)
                return _Taken.LATER
            sha256 = self._content(found)
        except OSError as fault:
            return self._not_given(found, fault)
        return self._known_or_made(found, sha256, missing)

    def _missing(self, found: Arrival) -> str:
        """Returns what a clip lacks; of a job's folder, nothing. Raises OSError."""
        return "" if found.kind == "job" else what_is_missing(self._options.folder / found.path)

    def _still_for_s(self, found: Arrival) -> float:
        return self._settling.still_for_s(found, self._now())

    def _content(self, found: Arrival) -> str:
        """Returns the sha256 of something found; a file is read once while it stays as it is. Raises OSError."""
        state, sha256 = self._contents.get(found.path, ("", ""))
        if state != found.state:
            sha256 = content_of(self._options.folder, found)
            self._contents[found.path] = found.state, sha256
        return sha256

    def _not_given(self, found: Arrival, fault: OSError) -> _Taken:
        """Awaits a file that the system does not give: another program may have it for now."""
        if not is_as_found(self._options.folder, found):
            return _Taken.LATER
        why = fault.strerror or str(fault)
        if self._still_for_s(found) < self._options.patience_s:
            self._say("waiting", found.path, why)
            return _Taken.LATER
        refused = SourceError("cannot be read", where=found.path, got=why, fix="check its permissions")
        # Nothing is known of its content: it is known by its state.
        item = WatchedItem(found.state, "again", found.path, found.path)
        self._endings.fail(found, item, error_rows(refused))
        return _Taken.OVER

    def _known_or_made(self, found: Arrival, sha256: str, missing: str) -> _Taken:
        if not is_as_found(self._options.folder, found):
            return _Taken.LATER
        item = self._journal.items.get(sha256)
        waits = item is not None and item.state == "unapproved"
        if item is not None and (item.state == "done" or (waits and item.path != found.path)):
            self._endings.came_again(found, item)
            return _Taken.OVER
        if item is None or item.state == "failed":  # what was set aside, and is back, is tried anew
            name = item.name if item else folder_name(self._options.out, found, sha256, self._journal)
            item = WatchedItem(sha256, "again", name, found.path)
        item = replace(item, path=found.path)
        if refused := _refusal(item, missing):
            self._endings.fail(found, item, error_rows(refused))
            return _Taken.OVER
        self._make(found, item)
        return _Taken.MADE

    def _look_again(self, found: Arrival, item: WatchedItem) -> _Taken:
        """Looks whether films still wait for approval: at files' states alone, while none of them has changed."""
        changed = item.made_of.changed
        if not changed and not item.decided_by.changed and self._endings.was_told(found):
            return _Taken.UNAPPROVED
        if self._endings.waits(found):
            return _Taken.LATER
        into = self._options.out / item.name
        outcome = None if changed else self._maker.still_waits(self._received(found, item), into)
        if outcome is None:
            self._make(found, item)
            return _Taken.MADE
        self._endings.unapproved(found, item, outcome)
        return _Taken.UNAPPROVED

    def _received(self, found: Arrival, item: WatchedItem) -> Received:
        folder = self._options.folder
        files = tuple(folder / path for path, _ in found.files)
        return Received(found.kind, folder / found.path, files, item.sha256, found.path)

    def _make(self, found: Arrival, item: WatchedItem) -> None:
        """Has the films made, and remembers what came of it. Raises RetryError or OutputError of the journal."""
        out = self._options.out
        begun = replace(item, state="begun", begun=item.begun + 1)
        self._journal.keep(begun)
        told = {"kind": found.kind, "sha256": item.sha256, "name": item.name, "try": item.tries + 1}
        self._tell("taken", path=found.path, **told)
        try:
            write_note(out, begun)
        except OutputError as fault:  # a name that this disk does not take, or a disk that takes nothing
            outcome = Outcome(fault.exit_code, errors=error_rows(fault))
        else:
            outcome = self._maker.make(self._received(found, item), out / item.name)
        if outcome.exit_code == 0:
            self._endings.done(found, item, outcome)
        elif outcome.awaited is not None:
            self._endings.unapproved(found, item, outcome)
        else:
            self._endings.not_made(found, item, outcome)


def _was_set_aside(item: WatchedItem) -> bool:
    """Returns whether something failed and was moved away: what lies there again was put back."""
    return item.state == "failed" and not item.stays


def _refusal(item: WatchedItem, missing: str) -> AnswerprintError | None:
    """Returns why films of something are not tried; None where they are. missing: what it lacks, or ""."""
    if missing:
        fix = "copy it again, under another name until all of it is there"
        return SourceError("is not all there", where=item.path, got=missing, fix=fix)
    if item.begun < MOST_BEGUN:
        return None
    return RetryError(
        "the process ended each time that it worked on this", where=item.path, got=f"{item.begun} times",
        fix="see its log and the memory of this machine, then put the clip back",
    )  # fmt: skip
