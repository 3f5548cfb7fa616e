"""Lets other programs follow a command: its events, and its result as a JUnit report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from post.cli.stopwatch import COMMAND
from post.cli.unattended.event_file import EventFile, events_to
from post.cli.unattended.junit import JUnitCase, write_junit
from post.cli.unattended.results import failed_cases, finished_cases
from post.engine.events import FILM_FIELDS


@dataclass(slots=True)
class Following:
    """What follows a command. tell: writes an event; cases: of its report."""

    command: str
    tell: EventFile
    cases: list[JUnitCase] = field(default_factory=list)

    def done(self, data: Mapping[str, Any]) -> None:
        """Tells of films that are made. data: the `finish` object of the command-line contract."""
        films = [{name: film[name] for name in FILM_FIELDS} for film in data["deliverables"]]
        self.tell("done", command=self.command, seconds=data["seconds"], films=films)
        self.cases += finished_cases(data)


@contextmanager
def followed(
    command: str, what: Path, events: str, junit: Path | None, *, as_json: bool, may_wait: bool = False
) -> Iterator[Following]:
    """Lets the block be followed, and says what it ended with. what: is worked on; events, junit: as the options;
    may_wait: that films wait for approval is no failure in the report.

    Raises what the block raises, and OutputError or RetryError where a file of the two cannot be written.
    """
    with events_to(events, as_json=as_json) as tell:
        following = Following(command, tell)
        try:
            yield following
        except BaseException as fault:
            errors, _ = tell.error(command, fault)
            seconds = COMMAND.seconds()
            following.cases += failed_cases(command, str(what), errors, seconds, may_wait=may_wait)
            raise
        finally:
            if junit:
                write_junit(junit, following.cases)
