"""What a log says once every entry of it is verified.

`folder.read_log` is the only maker of these values: whoever holds one may rely on all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from provenance.approval.frames import FilmFrames
from provenance.approval.people import Person
from provenance.approval.statement import FilmDecision, Gate, LogPoint


@dataclass(frozen=True, slots=True)
class RenderRecord:
    """Who rendered a film. name: of the deliverable; file: the SHA-256 of the file that was shown; frames: the digest
    of its frames' document; by: each name under which it was rendered, a login or a person's ID; job: a digest of the
    job; after: how many entries the log had, so that no two are the same; job_file: the name of the job's file beside
    the log; clip, clip_name: the SHA-256 and the name of the clip in a template, "" for a job of its own; gates: that
    the job asked for then."""

    name: str
    file: str
    frames: str
    by: tuple[str, ...]
    job: str
    after: int
    job_file: str = ""
    clip: str = ""
    clip_name: str = ""
    gates: tuple[Gate, ...] = ()


@dataclass(frozen=True, slots=True)
class LoggedRender:
    """A render in a log. number: of its entry."""

    number: int
    time: str
    record: RenderRecord
    frames: FilmFrames


@dataclass(frozen=True, slots=True)
class LoggedDecision:
    """A decision in a log. number: of its entry; envelope: the SHA-256 of its envelope; frames: those of its film; key:
    the ID of the key that signed; verified: False where that key is of nobody in the people file."""

    number: int
    envelope: str
    decision: FilmDecision
    frames: FilmFrames
    key: str
    verified: bool


@dataclass(frozen=True, slots=True)
class LoggedChecks:
    """A machine's checks of a film in a log. document: its SHA-256; statement: the in-toto statement, as JSON."""

    number: int
    document: str
    statement: Mapping[str, object]


@dataclass(frozen=True)
class VerifiedLog:
    """A log whose every entry is verified. id: of the log; head: its last entry; heads: of each entry, in order;
    stamped: how many entries the last checkpoint vouches for."""

    id: str
    heads: tuple[LogPoint, ...]
    renders: tuple[LoggedRender, ...] = ()
    decisions: tuple[LoggedDecision, ...] = ()
    checks: tuple[LoggedChecks, ...] = ()
    stamped: int = 0

    @property
    def head(self) -> LogPoint:
        """The last entry."""
        return self.heads[-1]

    @cached_property
    def rendered(self) -> Mapping[str, tuple[str, ...]]:
        """Who rendered each unit first."""
        found: dict[str, tuple[str, ...]] = {}
        for each in self.renders:
            for unit in each.frames.units:
                found.setdefault(unit, each.record.by)
        return found

    def rendered_by(self, person: Person) -> set[str]:
        """Returns the units that a person rendered, under their ID or one of their logins."""
        names = {person.id, *person.logins}
        return {unit for unit, by in self.rendered.items() if names.intersection(by)}

    def of_nobody(self, film: FilmFrames) -> set[str]:
        """Returns the units of a film of which nobody logged who rendered them."""
        return {unit for unit in film.units if unit not in self.rendered}

    def last_render(self, name: str, job_file: str = "", clip: str = "") -> LoggedRender | None:
        """Returns the render of a deliverable that was logged last; None where none was.

        job_file: the job that it is of, "" for any; clip: the SHA-256 of the clip in a template.
        """
        for each in reversed(self.renders):
            record = each.record
            if record.name == name and job_file in ("", record.job_file) and clip in ("", record.clip):
                return each
        return None

    def find_decision(self, envelope: str) -> LoggedDecision | None:
        """Returns the decision in an envelope of that SHA-256, or one that begins so; None where there is not one."""
        found = [each for each in self.decisions if each.envelope.startswith(envelope)]
        return found[0] if len(found) == 1 else None
