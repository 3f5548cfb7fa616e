"""Reads the job of a review, its people and its log, again where one of their files has changed."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

from post.engine.file_state import FileState, state_of
from post.errors import AnswerprintError
from post.job.model import Job
from post.job.versions.load import load_versions
from post.review.judged.judge import check_identity
from post.signoff.binding import SeenFilm, Signoff, open_signoff
from provenance.approval.people import People
from provenance.approval.verified import VerifiedLog


@dataclass(frozen=True, slots=True)
class _JobRead:
    """What was read last. fault: why the job or its people file cannot be read, "" where they can; identities: of the
    checks of films, by their names, as they are asked for."""

    state: tuple[object, ...]
    jobs: tuple[Job, ...]
    signoffs: tuple[Signoff | None, ...]
    fault: str
    identities: dict[str, str] = field(default_factory=dict)


class JobsAtHand:
    """The versions of a job, by the names of their films. config: this user's settings folder. Threads share it."""

    def __init__(self, job: Path, config: Path) -> None:
        self._job, self._config = job, config
        self._lock = threading.Lock()
        self._read: _JobRead | None = None
        self._log: tuple[object, VerifiedLog] | None = None

    @property
    def fault(self) -> str:
        """Why the job, or its people file, cannot be read; "" where they can."""
        return self._now().fault

    @property
    def people(self) -> People | None:
        """Whom the people file names; None for a job without gates, or one that cannot be read."""
        return next((each.people for each in self._now().signoffs if each), None)

    @property
    def references(self) -> tuple[Path, ...]:
        """The files that the briefs of the versions refer to, once each."""
        briefs = (each.motion_brief for each in self._now().jobs)
        return tuple(dict.fromkeys(each.path for brief in briefs if brief for each in brief.references))

    def job(self, film: str) -> Job | None:
        """Returns the version that makes a film; the first where none does; None where the job cannot be read."""
        jobs = self._now().jobs
        return next((each for each in jobs if _makes(each, film)), jobs[0] if jobs else None)

    def check_identity(self, film: str) -> str:
        """Returns what changes when a film has to be checked anew."""
        known = self._now().identities
        if film not in known:
            known[film] = check_identity(self.job(film))
        return known[film]

    def signoff(self, film: str) -> Signoff | None:
        """Returns the sign-off of the version that makes a film; None for a job without gates."""
        found = self._now()
        pairs = list(zip(found.jobs, found.signoffs, strict=False))
        own = next((signoff for job, signoff in pairs if _makes(job, film)), None)
        return own or next((signoff for _, signoff in pairs if signoff), None)

    def with_stems(self, film: SeenFilm) -> SeenFilm:
        """Returns a film of which pictures and sound were read, with the stems that its last render has beside them;
        the film as it is where that render shows something else, or the log cannot be read."""
        signoff = self.signoff(film.name)
        try:
            last = signoff.last_render(film.name, self.log(signoff)) if signoff else None
        except AnswerprintError:
            return film
        same = last is not None and replace(last.frames, stems=()) == film.frames
        return replace(film, frames=last.frames) if last and same else film

    def log(self, signoff: Signoff) -> VerifiedLog:
        """Returns what the log says, verified anew where it has grown. Raises ProvenanceError where it was tampered
        with."""
        if not signoff.folder.exists():
            return VerifiedLog("", ())
        state = self.log_state(signoff)
        with self._lock:
            kept = self._log
        if kept is not None and kept[0] == state:
            return kept[1]
        log = signoff.read()
        with self._lock:
            self._log = (state, log)
        return log

    def log_state(self, signoff: Signoff) -> tuple[object, ...]:
        """Returns what changes when the log, the job or its people do."""
        folder = signoff.folder
        places = (folder.log, folder.path / "statements", folder.path / "frames", folder.path / "checkpoints")
        return (*self._now().state, *map(_state, places))

    def _now(self) -> _JobRead:
        with self._lock:
            kept = self._read
        if kept is not None and kept.state == self._state(kept.jobs):
            return kept
        made = self._load()
        with self._lock:
            self._read = made
        return made

    def _state(self, jobs: tuple[Job, ...]) -> tuple[object, ...]:
        people = {each.signoff.people for each in jobs if each.signoff.people}
        briefs = {each.brief for each in jobs if each.brief}
        policies = {policy.path for each in jobs for policy in each.disclosure.policies if policy.path}
        files = (*sorted(people), *sorted(briefs), *sorted(policies))
        return tuple(_state(path) for path in (self._job, *files))

    def _load(self) -> _JobRead:
        jobs: tuple[Job, ...] = ()
        try:
            jobs = load_versions(self._job)
            signoffs = tuple(open_signoff(job, self._config) for job in jobs)
        except AnswerprintError as fault:
            return _JobRead(self._state(jobs), jobs, (), str(fault))
        return _JobRead(self._state(jobs), jobs, signoffs, "")


def _makes(job: Job, film: str) -> bool:
    return any(each.name == film for each in job.deliver)


def _state(path: Path) -> FileState | None:
    try:
        return state_of(path)
    except OSError:
        return None
