"""Decides what becomes of what was found, once it is known or its films were tried: over, later, or set aside.

films made            done, and never made again
not approved (5)      their candidates wait: they are looked at again whenever a file that decides changes; no failure
cannot be read (3)    once more after `patience_s`: it may have been half a copy; then set aside
passing (75), bug (1) `tries` times, each later than the last; then set aside
anything else         set aside at once: the same clip would fail again
nothing can be made   paused; nothing is counted against the clip
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace

from post.errors import AnswerprintError, RetryError, SourceError
from post.watch.content import is_as_found
from post.watch.events import Now, Tell
from post.watch.films_folder import remove_note
from post.watch.journal import Journal, KnownFile, WatchedItem
from post.watch.options import WatchOptions, WatchSummary
from post.watch.received import Arrival, Maker, Outcome, Row, error_rows
from post.watch.set_aside import move_done, set_aside

PASSING = (
    AnswerprintError.exit_code,
    RetryError.exit_code,
)  # after which trying again can help; a bug is one
UNREADABLE = SourceError.exit_code
UNREADABLE_TRIES = 2
SUSPECT = 3  # different things that fail in a row for passing reasons: it is not they that are at fault
LONGEST_PAUSE_S = 300.0


class Endings:
    """What came of things, of one watch. summary: how often each."""

    def __init__(self, options: WatchOptions, journal: Journal, maker: Maker, tell: Tell, now: Now) -> None:
        self._options, self._journal, self._maker, self._tell, self._now = options, journal, maker, tell, now
        self._not_before: dict[str, tuple[str, float]] = {}  # state and time, by path
        self._lost: set[str] = set()
        self._asked: dict[
            str, tuple[object, ...]
        ] = {}  # what was told last of those that wait for approval, by path
        self._paused_until, self._pause_s = 0.0, options.retry_s
        self.summary = WatchSummary()

    def waits(self, found: Arrival) -> bool:
        """Returns whether something is not to be tried yet."""
        state, time_s = self._not_before.get(found.path, ("", 0.0))
        return self._now() < (max(time_s, self._paused_until) if state == found.state else self._paused_until)

    def forget(self, there: Iterable[str]) -> None:
        """Forgets what is not there any more. there: all paths that are."""
        self._asked = {path: self._asked[path] for path in there if path in self._asked}
        self._not_before = {path: self._not_before[path] for path in there if path in self._not_before}

    def came_again(self, found: Arrival, item: WatchedItem) -> None:
        """Remembers a content that is made already, or waits: the same file under another name, or a copy of it.

        A copy takes the place of a file that waits for approval and is not there any more.
        """
        before = self._journal.files.get(item.path)
        gone = not os.path.lexists(self._options.folder / item.path)
        renamed = before is not None and before.inode == found.inode and gone
        renamed = renamed or (item.state == "unapproved" and not self.lies_there(item))
        if before is not None and gone:
            self._journal.forget_file(item.path)
        if renamed:
            self._journal.keep(replace(item, path=found.path))
        place = self._over(found, item, stays=item.state != "done")
        if item.path == found.path:  # written again with the same content
            return
        self.summary.duplicates += not renamed
        event = "renamed" if renamed else "duplicate"
        self._tell(event, path=found.path, sha256=item.sha256, of=item.path, moved_to=place)

    def lies_there(self, item: WatchedItem) -> bool:
        """Returns whether a content still lies where it lay last, as far as is known."""
        known = self._journal.files.get(item.path)
        same = known is None or known.sha256 == item.sha256
        return same and os.path.lexists(self._options.folder / item.path)

    def _over(self, found: Arrival, item: WatchedItem, *, stays: bool = False) -> str | None:
        """Remembers that something needs no more looking at. Returns where it was moved, if it was. stays: it is not
        moved: its films are not made yet."""
        place = move_done(self._options.folder, found) if self._options.move_done and not stays else None
        if place is None:
            self._journal.keep_file(KnownFile(found.path, found.state, item.sha256, found.inode))
        return str(place) if place else None

    def done(self, found: Arrival, item: WatchedItem, outcome: Outcome) -> None:
        """Remembers that its films are made."""
        self._journal.keep(replace(item, state="done", tries=0, begun=0, stays=""))
        self._lost.clear()
        self._pause_s = self._options.retry_s
        self.summary.finished += 1
        place = self._over(found, item)
        films, took_s = list(outcome.films), outcome.seconds
        told = {"name": item.name, "films": films, "seconds": took_s, "moved_to": place}
        self._tell("finished", path=found.path, sha256=item.sha256, **told)

    def was_told(self, found: Arrival) -> bool:
        """Returns whether this watch has told what films of something wait for."""
        return found.path in self._asked

    def unapproved(self, found: Arrival, item: WatchedItem, outcome: Outcome) -> None:
        """Remembers that its films wait for approval, and tells whom to ask, where that was not told before."""
        awaited = outcome.awaited
        assert awaited is not None
        waits = replace(
            item, state="unapproved", path=found.path, tries=0, begun=0, stays="", made_of=awaited.made_of,
            decided_by=awaited.decided_by,
        )  # fmt: skip
        known = KnownFile(found.path, found.state, item.sha256, found.inode)
        if self._journal.items.get(item.sha256) != waits:
            self._journal.keep(waits)
        if self._journal.files.get(found.path) != known:
            self._journal.keep_file(known)
        self._lost.clear()
        said = (awaited.rejected, *(tuple(each.items()) for each in outcome.errors))
        if self._asked.get(found.path) != said:
            self._asked[found.path] = said
            told = {"candidates": list(awaited.candidates), "rejected": list(awaited.rejected)}
            self._tell(
                "unapproved", path=found.path, sha256=item.sha256, name=item.name, **told,
                errors=list(outcome.errors),
            )  # fmt: skip

    def not_made(self, found: Arrival, item: WatchedItem, outcome: Outcome) -> None:
        """Decides what becomes of something whose films were not made. Raises what `pause` does."""
        code, options = outcome.exit_code, self._options
        item = replace(item, state="again", begun=0)
        if not is_as_found(options.folder, found):
            self._journal.keep(item)
            self._tell("changed", path=found.path, why="it changed, or went, while it was worked on")
            return
        if trouble := self._trouble(item, outcome):
            self._journal.keep(item)
            self.pause(trouble)
            return
        item = replace(item, tries=item.tries + 1)
        most = {UNREADABLE: UNREADABLE_TRIES}.get(code, options.tries if code in PASSING else 1)
        if item.tries >= most:
            self.fail(found, item, outcome.errors)
            return
        self._journal.keep(item)
        in_s = options.patience_s if code == UNREADABLE else options.retry_s * 2 ** (item.tries - 1)
        self._not_before[found.path] = found.state, self._now() + in_s
        told = {"try": item.tries + 1, "in_s": in_s, "errors": list(outcome.errors)}
        self._tell("again", path=found.path, sha256=item.sha256, **told)

    def _trouble(self, item: WatchedItem, outcome: Outcome) -> AnswerprintError | None:
        """Returns what is at fault in the place of a clip; None where that is the clip."""
        if outcome.exit_code == UNREADABLE:
            return None
        if trouble := self._maker.trouble():
            return trouble
        if outcome.exit_code not in PASSING:
            return None
        self._lost.add(item.sha256)
        if len(self._lost) < SUSPECT:
            return None
        return RetryError(
            f"{len(self._lost)} different ones in a row failed", where=item.path, got=outcome.errors[-1]["what"],
            fix="see to this machine: its memory, its disks and its connections",
        )  # fmt: skip

    def fail(self, found: Arrival, item: WatchedItem, errors: tuple[Row, ...]) -> None:
        """Sets something aside, with the reason. Raises RetryError or OutputError where the reason has no place."""
        folders = self._options.folder, self._options.out
        place = set_aside(folders, found, item.sha256, item.tries, errors)
        self._journal.keep(replace(item, state="failed", begun=0, stays="" if place else found.state))
        remove_note(self._options.out, item)
        if place is None:
            self._journal.keep_file(KnownFile(found.path, found.state, item.sha256, found.inode))
        self.summary.failed += 1
        self.summary.codes |= {int(row["exit_code"]) for row in errors}
        moved = str(place) if place else None
        self._tell("failed", path=found.path, sha256=item.sha256, moved_to=moved, errors=list(errors))

    def pause(self, fault: AnswerprintError) -> None:
        """Takes nothing for a while: what went wrong is not of the clips. Raises it where nobody waits (`once`)."""
        if self._options.once:
            raise fault
        self._paused_until = self._now() + self._pause_s
        self._tell("paused", in_s=self._pause_s, errors=list(error_rows(fault)))
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
