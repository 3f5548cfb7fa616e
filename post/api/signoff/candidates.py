"""Finds the film that an approval is about, as `finish` wrote it last, and what machines find of it.

The page of reviewers shows that same file: what is signed of it is the same in both places.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from post.api.signoff.film_checks import check_candidate, film_request
from post.api.signoff.state import LoggedFilm
from post.atomic import checksum
from post.deliver.film_range import REVIEW
from post.errors import ApprovalError

if TYPE_CHECKING:
    from post.api.settings import Settings
    from post.engine import WorkerPool
    from post.signoff.binding import SeenFilm
    from post.values import Rendition
    from provenance.approval.machine_checks import MachineCheck


class CandidateChecks:
    """Checks films of a job that wait for approval, one at a time. job: its file; at: OUT, or a film; None to look in
    the folders beside the job."""

    def __init__(self, pool: WorkerPool, job: Path, settings: Settings, at: Path | None = None) -> None:
        self._pool, self._job, self._settings, self._at = pool, job, settings, at

    def check(self, film: LoggedFilm) -> tuple[LoggedFilm, tuple[MachineCheck, ...]]:
        """Returns a film as it lies on disk, with its stems, and with what each of its checks came to.

        The clip of a template need not be at hand any more: its film is compared with the log alone. Raises
        ApprovalError where the film is not at hand, is not what the job makes now, or shows other frames than were
        logged; SourceError and JobError as planning the job does.
        """
        from post.signoff.binding import SeenFilm
        from post.signoff.film_frames import frames_as_logged
        from provenance.approval.machine_checks import MachineCheck

        job, logged = film.signoff.job, film.film
        rendition = None if job.signoff.clip else self._planned[logged.name]
        path, row = self._find(rendition) if rendition else self._named(logged)
        stems = {each["stem"]: path.parent / each["file"] for each in row.get("stems", ())}
        if not all(map(os.path.isfile, stems.values())):
            raise _stale("has not all of its stems beside it", path)
        frames = self._pool.call(frames_as_logged, path, stems, logged.frames, job.sample_rate_hz)
        if frames != logged.frames:
            raise _stale("shows other frames than `finish` made last", path)
        rows = check_candidate(path, film_request(job, rendition), self._settings, self._pool).rows
        checks = tuple(MachineCheck(each.ruling.id, each.ruling.verdict) for each in rows)
        return LoggedFilm(film.signoff, SeenFilm(logged.name, frames, str(row["sha256"]))), checks

    @cached_property
    def _planned(self) -> dict[str, Rendition]:
        from post.api.plans import plan_in

        versions = plan_in(self._pool, self._job, self._settings).versions
        return {each.name: each for version in versions for each in version.plan.renditions}

    def _named(self, film: SeenFilm) -> tuple[Path, dict[str, Any]]:
        """Returns the film that `at` names, with its receipt."""
        path = self._at
        if path is not None and path.is_file():
            for row in _receipts(path, film.name):
                if checksum(path).sha256 == row.get("sha256") == film.file:
                    return path, row
        raise _stale("is not what `finish` made last", path or self._job)

    def _find(self, rendition: Rendition) -> tuple[Path, dict[str, Any]]:
        """Returns the film that waits, with its receipt."""
        from post.values import digest

        found = list(self._candidates(rendition))
        if not found:
            raise ApprovalError(
                "the film that waits is not at hand",
                where=rendition.name,
                expected=f"{rendition.name}.{rendition.container} in OUT/{REVIEW}, as `finish` made it",
                fix="name the folder of the films: -o OUT",
            )
        for path, row in found:
            if row.get("plan") == digest(rendition) and checksum(path).sha256 == row.get("sha256"):
                return path, row
        raise _stale("is not what the job makes now", found[0][0])

    def _candidates(self, rendition: Rendition) -> Iterator[tuple[Path, dict[str, Any]]]:
        at, file = self._at, f"{rendition.name}.{rendition.container}"
        if at is not None and at.is_file():
            places = [at]
        else:
            folders = [at] if at else sorted(each for each in self._job.parent.iterdir() if each.is_dir())
            places = [each / REVIEW / file for each in folders]
        for path in places:
            # The folders beside a job are looked into without an error for one that nobody may read.
            if os.path.isfile(path):  # noqa: PTH113
                yield from ((path, row) for row in _receipts(path, rendition.name))


def _receipts(film: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yields the receipts beside a film that are of a deliverable of that name."""
    from post.deliver.output_set import RECEIPT, read_receipts

    rows = read_receipts(film.parent / RECEIPT).get("receipts", ())
    yield from (row for row in rows if row["name"] == name)


def _stale(what: str, film: Path) -> ApprovalError:
    expected = "the film as the job makes it now"
    return ApprovalError(what, where=str(film), expected=expected, fix="run `answerprint finish` again")
