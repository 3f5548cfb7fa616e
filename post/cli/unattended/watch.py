"""The command watch: films of whatever arrives in a folder, by a long-lived process that nobody looks after."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from post.cli.options import AsJson, EventsTo, JUnitTo, StoreAt
from post.cli.output import print_note, print_result
from post.cli.text.watch_text import error_lines, watch_lines
from post.cli.unattended.event_file import STDOUT, EventFile, events_to
from post.cli.unattended.junit import JUnitCase, write_junit
from post.errors import JobError, OutputError, RetryError

if TYPE_CHECKING:
    from post.watch import WatchOptions, WatchSummary
    from post.watch.waiting import Waiting

LOCK = ".answerprint-watch.lock"
FILMS = "films"  # the folder for films, where none is named

Folder = typer.Argument(help="The folder that clips, and folders with a job.yaml, are put into.")
Template = typer.Option(
    None, "--job", help="A template: a job whose take `clip` is each clip. Without it: as `new` writes one."
)
FilmsTo = typer.Option(
    None, "-o", "--out", help="The folder for films, one in it for each clip; without it FOLDER/films."
)
Settle = typer.Option(
    5.0, "--settle", min=0, help="Seconds that a file must stay the same before it is taken."
)
Interval = typer.Option(
    2.0, "--interval", min=0.05, help="Seconds between two looks while anything is awaited."
)
Poll = typer.Option(False, "--poll", help="Use no events, but look every --interval: network mounts.")
Patience = typer.Option(
    30.0, "--patience", min=0, help="Seconds that half a file may stay so before it is set aside."
)
Record = typer.Option(False, "--record", help="Take a clip only with a record beside it (NAME.json).")
Forget = typer.Option(False, "--forget", help="Forget what was made before: make all of it again.")
Rebuild = typer.Option(False, "--rebuild", help="Replace what is known by what lies in the folder for films.")
Workers = typer.Option(
    0, "--workers", min=0, help="How many segments are made at once; 0: one for each core."
)


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module to the app."""
    app.command("watch")(watch)


def watch(
    folder: Path = Folder,
    job: Path | None = Template,
    out: Path | None = FilmsTo,
    once: bool = typer.Option(False, "--once", help="End when nothing is awaited any more."),
    settle: float = Settle,
    interval: float = Interval,
    poll: bool = Poll,
    patience: float = Patience,
    tries: int = typer.Option(3, "--tries", min=1, help="Tries of what fails for a passing reason."),
    record: bool = Record,
    move_done: bool = typer.Option(False, "--move-done", help="Move what is finished to FOLDER/done."),
    forget: bool = Forget,
    rebuild: bool = Rebuild,
    workers: int = Workers,
    store: str | None = StoreAt,
    events: str = EventsTo,
    junit: Path | None = JUnitTo,
    as_json: bool = AsJson,
) -> None:
    """Finish every clip and job that arrives in a folder, once; set aside what cannot be, with the reason."""
    from post.cli.unattended.film_maker import FilmMaker
    from post.watch import WatchOptions

    films = out or folder / FILMS
    _refuse(folder, films, forget=forget and rebuild, junit=bool(junit) and not once)
    options = WatchOptions(
        folder, films, settle, interval, patience_s=patience, tries=tries, once=once, move_done=move_done,
        record=record,
    )  # fmt: skip
    with events_to(events, as_json=as_json) as tell:
        told = _Told(tell, once)
        try:
            with FilmMaker(job, films, store, workers, told) as maker:
                done = _watched(options, maker, told, (poll, forget, rebuild))
        except BaseException as fault:
            tell.error("watch", fault)
            raise
    if junit:
        write_junit(junit, told.cases)
    data = {
        "finished": done.finished, "failed": done.failed, "duplicates": done.duplicates, "pending": done.pending,
        "unapproved": done.unapproved,
        "items": told.items,
    }  # fmt: skip
    if events != STDOUT:
        print_result(data, as_json, [])
    raise typer.Exit(done.exit_code if once else 0)


def _refuse(folder: Path, films: Path, *, forget: bool, junit: bool) -> None:
    if not folder.is_dir():
        got = "a file" if folder.exists() else "nothing"
        raise JobError("no folder to watch", where=str(folder), got=got, fix="make it first")
    if films.exists() and films.samefile(folder):
        raise JobError("films would be taken for clips", where=f"--out {films}", fix="name another folder")
    if forget:
        raise JobError("--forget and --rebuild both given", where="watch", fix="keep one")
    if junit:
        raise JobError("a report is of a run that ends", where="--junit", fix="add --once, or use --events")


class _Told(EventFile):
    """Writes events, and tells people of them. items, cases: of a run that ends."""

    def __init__(self, events: EventFile, ends: bool) -> None:
        super().__init__(None, "")
        self._events, self._ends = events, ends
        self.items: list[dict[str, Any]] = []
        self.cases: list[JUnitCase] = []

    def __call__(self, event: str, /, **fields: object) -> None:
        """Tells one event."""
        self._events.item = self.item
        self._events(event, **fields)
        for line in watch_lines(event, fields):
            print_note(line)
        if self._ends and event in ("finished", "failed", "duplicate", "renamed", "unapproved"):
            row: dict[str, Any] = {"state": event, **fields}
            self.items.append(row)
            said = "\n".join([*row.get("rejected", ()), *error_lines(row.get("errors", []))])
            kind = "skipped" if event == "unapproved" else "failure"  # to wait is no failure
            self.cases.append(
                JUnitCase("watch", row["path"], said, kind, row.get("seconds", 0.0), file=row["path"])
            )


def _watched(options: WatchOptions, maker: Any, told: _Told, how: tuple[bool, bool, bool]) -> WatchSummary:
    """Watches to the end. how: whether it polls, forgets, and rebuilds."""
    from post.watch import Watcher, changes, open_journal
    from post.watch.films_folder import rebuilt

    poll, forget, rebuild = how
    with ExitStack() as owned:
        _own(owned, options.folder, options.out)
        maker.check()
        known = rebuilt(options.out) if rebuild else None
        journal = owned.enter_context(open_journal(options.out, forget=forget or rebuild, known=known))
        waiting = owned.enter_context(changes(options.folder, told, poll=poll))
        owned.enter_context(_ends_by_signal(waiting))
        return Watcher(options, journal, maker, told).run(waiting)


def _own(owned: ExitStack, folder: Path, films: Path) -> None:
    """Owns both folders, against another watch; not one that cannot be written to, from which nothing is moved."""
    from post.owned import owned as own
    from post.watch.journal import FOLDER

    for place, lock in ((films, films / FOLDER / "lock"), (folder, folder / LOCK)):
        try:
            owned.enter_context(own(lock, str(place)))
        except RetryError as fault:
            raise RetryError(
                "another watch has this folder", where=str(place), got=fault.got, fix="end that one first"
            ) from fault
        except OutputError:
            if place == films:
                raise
            print_note(
                f"{folder} cannot be written to: what cannot be finished stays there, and is not tried again"
            )


@contextmanager
def _ends_by_signal(waiting: Waiting) -> Iterator[None]:
    """Ends the watch after what it has in hand at the first SIGTERM or Ctrl-C, and at once at the second."""

    def heard(number: int, _: object) -> None:
        if waiting.stopped:
            if number == signal.SIGINT:
                raise KeyboardInterrupt
            sys.exit(128 + number)
        waiting.stop()
        os.write(2, b"ending after what is in hand; the same again ends it at once\n")

    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, heard) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
