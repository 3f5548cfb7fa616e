"""Archives a job with everything that its films were made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from post.api.archive.aside import LOADS, films_aside
from post.api.engines import LOCAL, WAIT_S, open_engine
from post.api.finishing import Meter, no_progress
from post.api.jobs import with_marks
from post.api.results import ArchivedJob
from post.api.settings import Settings
from post.api.stores import open_stores, read_anchors
from post.errors import JobError, unknown

if TYPE_CHECKING:
    from post.archive.films import FinishedCopy
    from post.archive.frames import ArchivedFrames
    from post.archive.make import ArchiveParts
    from post.archive.redact import Redaction
    from post.engine import WorkerPool
    from post.engine.cluster.client import DaskEngine
    from post.job.model import Job
    from post.versions.planned import PlannedVersion
    from provenance.archive.retention import Retention
    from provenance.trust.lists import Anchors

PROMPTS, OWNER_SECRET = "prompts", "archive.key"


@dataclass(frozen=True, slots=True)
class ArchiveOptions:
    """How a job is archived.

    films: finished films to keep in the archive, as `finish` wrote them beside their receipt; the frames of all others
    are told by digests alone; redact: "prompts" takes prompts out, "" keeps them; openings: the file for what opens
    redacted prompts, for their owner alone; retain_until: a date (YYYY-MM-DD) before which it is not pruned; hold, why:
    who holds it, and the reason; share: a folder that keeps each content once for many archives; dated: the archive's
    date, "" for today (UTC); workers: segments at once, 0 for one for each core.
    """

    films: tuple[Path, ...] = ()
    redact: str = ""
    openings: Path | None = None
    retain_until: str = ""
    hold: str = ""
    why: str = ""
    share: Path | None = None
    dated: str = ""
    workers: int = 0


def archive_job(
    job: Path | str,
    out: Path | str,
    options: ArchiveOptions | None = None,
    settings: Settings | None = None,
    *,
    progress: Meter = no_progress,
) -> ArchivedJob:
    """Writes the archive of a job to a new folder, whole or not at all, and returns what was written.

    job: its file; out: the folder, which must not hold anything; progress: as of `finish_job`. What is not in the store
    is rendered, for every frame of every film is told by its digest. Raises JobError where the job or an option is
    wrong, or a prompt cannot be taken out; SourceError for a file that cannot be read, or a film that is not of this
    job as it is now; OutputError or RetryError where the archive cannot be written.
    """
    from provenance.archive.write_bag import refuse_taken

    asked = options or ArchiveOptions()
    retention, dated, folder = _retention(asked), _dated(asked), Path(out)
    refuse_taken(folder)
    with open_engine(LOCAL, asked.workers, WAIT_S, LOADS) as pool:
        return _Archiving(pool, settings or Settings(), asked, progress).write(
            Path(job), folder, retention, dated
        )


def _retention(asked: ArchiveOptions) -> Retention:
    from provenance.archive.retention import Retention, read_date

    if asked.redact not in ("", PROMPTS):
        raise JobError(
            "nothing of this name is redacted", where="--redact", expected=PROMPTS, got=asked.redact
        )
    if asked.openings and not asked.redact:
        raise JobError("opens nothing", where="--openings", fix="add --redact prompts")
    if asked.why and not asked.hold:
        raise JobError("says why nobody holds it", where="--why", fix="add --legal-hold WHO")
    made = Retention(read_date(asked.retain_until, "--retain-until"))
    return made.held(asked.hold, asked.why) if asked.hold else made


def _dated(asked: ArchiveOptions) -> str:
    from provenance.archive.retention import read_date

    return read_date(asked.dated, "--dated") or datetime.now(UTC).date().isoformat()


@dataclass(frozen=True, slots=True)
class _Archiving:
    """What archiving a job works with."""

    pool: WorkerPool | DaskEngine
    settings: Settings
    asked: ArchiveOptions
    progress: Meter

    def write(self, job: Path, out: Path, retention: Retention, dated: str) -> ArchivedJob:
        """Writes an archive, and returns what was written."""
        from post.archive.films import read_finished
        from post.archive.located import load_located
        from post.archive.make import ArchiveParts, archive_json, write_archive
        from post.archive.maker import read_maker

        copies = {each.name: each for each in map(read_finished, self.asked.films)}
        located = self.pool.call(load_located, job)
        anchors = read_anchors(self.settings.config)
        jobs = with_marks(located.jobs, self.settings.config)
        planned = self._plan(jobs, anchors, copies)
        frames, receipts = self._frames(planned, anchors, copies)
        kept = {path.name: path for each in copies.values() for path in (each.path, *each.beside)}
        maker = self.pool.call(read_maker)
        parts = ArchiveParts(located, planned, frames, kept, receipts, anchors, maker, dated)
        redaction = self._redaction(parts)
        self.progress("writing the archive", 0, 1)
        written = write_archive(out, parts, retention, redaction, self.asked.share)
        self._write_openings(redaction)
        self.progress("done", 1, 1)
        return ArchivedJob(archive_json(written, retention, frames))

    def _plan(
        self, jobs: Sequence[Job], anchors: Sequence[Anchors], copies: Mapping[str, FinishedCopy]
    ) -> tuple[PlannedVersion, ...]:
        """Returns the plans of a job's versions. Raises SourceError for a film that is none of theirs."""
        from post.preflight.plan_versions import plan_versions

        planned = self.pool.call(plan_versions, jobs, anchors, *open_stores(self.settings))
        films = {film.name: film for version in planned for film in version.plan.renditions}
        for name, copy in copies.items():
            if name not in films:
                raise unknown(name, films, "--film", "film of the job")
            copy.refuse_other(films[name])
        return planned

    def _frames(
        self,
        planned: Sequence[PlannedVersion],
        anchors: Sequence[Anchors],
        copies: Mapping[str, FinishedCopy],
    ) -> tuple[list[ArchivedFrames], dict[str, bytes]]:
        """Returns the frames of every film, and what is told of the films. Those that were not given are made aside."""
        from post.archive.films import decode_films, make_unsigned, read_told
        from post.archive.frames import frames_of
        from post.report.page import write_receipts

        films = {film.name: film for version in planned for film in version.plan.renditions}
        paths = {name: copy.path for name, copy in copies.items()}
        unsigned = {name: str(copy.row["sha256"]) for name, copy in copies.items()}
        told = read_told(list(copies.values()))
        with films_aside() as output:
            rest = [each for each in planned if any(film.name not in copies for film in each.plan.renditions)]
            if rest:
                place = self.pool, open_stores(self.settings)[1]
                done = make_unsigned(rest, place, anchors, output, self.progress)
                for each in done.deliverables:
                    paths.setdefault(each.rendition.name, each.made)
                    unsigned.setdefault(each.rendition.name, each.receipt.sha256)
                made = write_receipts(done, output.work / "receipt.json")
                told["made.json" if told else "receipt.json"] = made.read_bytes()
            shown = [(film, paths[name]) for name, film in films.items()]
            decoded = decode_films(self.pool, shown, self.progress)
        files = {name: copy.path.name for name, copy in copies.items()}
        rows = [
            frames_of(film, files.get(name, ""), unsigned[name], decoded[name])
            for name, film in films.items()
        ]
        return rows, told

    def _redaction(self, parts: ArchiveParts) -> Redaction | None:
        from post.archive.redact import redaction_of
        from provenance.archive.commitment import SECRET_BYTES
        from provenance.signing.private_file import read_or_make_secret

        if not self.asked.redact:
            return None
        place = self.settings.config / OWNER_SECRET
        secret = read_or_make_secret(place, SECRET_BYTES, "the secret of redacted prompts")
        takes = [take for version in parts.planned for take in version.sources.takes.values()]
        return redaction_of(parts.located.jobs, takes, secret)

    def _write_openings(self, redaction: Redaction | None) -> None:
        from post.archive.redact import openings_text
        from provenance.signing.private_file import write_private

        if redaction is not None and self.asked.openings is not None:
            write_private(self.asked.openings, openings_text(redaction.openings))
