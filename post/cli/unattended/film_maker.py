"""Makes films of what a watched folder receives: by its own job, a template, or a first job as `new` writes it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from post.api.engines import cores
from post.api.finishing import LOADS
from post.api.refusals import open_signer
from post.api.signoff.told import UnapprovedFilms
from post.cli.commands.finish import finish_job
from post.cli.commands.new import takes_in
from post.cli.environment import pin, read_environment
from post.cli.faults import errors_of
from post.cli.output import print_note
from post.cli.stopwatch import COMMAND
from post.cli.unattended.event_file import EventFile
from post.engine.events import FILM_FIELDS
from post.errors import AnswerprintError, JobError, RetryError
from post.watch.names import JOB
from post.watch.received import Awaited, Outcome, Received, error_row

if TYPE_CHECKING:
    from post.engine import WorkerPool
    from post.job.template import TemplateClip
    from provenance.record import FieldValue

KEEP_MB = 700  # of all workers together, from one job to the next
LEAST_FREE = 64 << 20  # bytes: with less on a disk, what fails is not a clip's fault


class FilmMaker:
    """Makes films by `finish_job`, one job at a time. A context manager.

    Its workers go on to the next job while they take little memory: to start them costs more than a short film. They
    end when they are large, when a job fails, and when nothing is left to make.

    template: None to write a first job for each clip; store, workers: as of `finish`; tell: is told what happens.
    """

    def __init__(
        self, template: Path | None, out: Path, store: Path | str | None, workers: int, tell: EventFile
    ) -> None:
        self._template, self._out, self._tell = template, out, tell
        self._store, self._workers = store, workers
        self._pool: WorkerPool | None = None

    def __enter__(self) -> FilmMaker:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._end(kind)

    def rest(self) -> None:
        """Lets go of processes and memory until there is more to make."""
        self._end(None)

    def _end(self, kind: type[BaseException] | None) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.__exit__(kind, None, None)

    def _workers_of_last(self) -> WorkerPool:
        """Returns the workers that the last job left, or new ones."""
        from post.engine import WorkerPool

        if self._pool is None:
            self._pool = WorkerPool(self._workers or cores(), LOADS, KEEP_MB).__enter__()
        return self._pool

    def make(self, received: Received, into: Path) -> Outcome:
        """Makes the films of something received. What goes wrong is in the outcome; only interruptions are raised."""
        COMMAND.start()
        self._tell.item = {"item": received.place}
        try:
            self._tell("start", command="watch", job=str(self._job(received, into)), out=str(into))
            data = self._finish(received, into)
        except UnapprovedFilms as fault:
            return self._unapproved(received, into, fault)
        except Exception as fault:  # noqa: BLE001  a bug over one clip must not end the watch
            self._end(type(fault))
            errors, code = self._tell.error("watch", fault)
            return Outcome(code, errors=tuple(errors))
        else:
            films = [{name: film[name] for name in FILM_FIELDS} for film in data["deliverables"]]
            self._tell("done", command="watch", seconds=data["seconds"], films=films)
            return Outcome(films=tuple(film["path"] for film in films), seconds=data["seconds"])
        finally:
            self._tell.item = {}

    def still_waits(self, received: Received, into: Path) -> Outcome | None:
        """Returns what films of something wait for, as its log of decisions has it now; None where they wait no more,
        or where that cannot be read: `make` says then what is wrong."""
        from post.api.signoff.awaited import find_awaited

        job, clip = self._job(received, into), None
        try:
            if received.kind == "clip" and self._template is not None:
                clip = _template_clip(received.path, received.sha256, _record_of(received))
            config = read_environment().config
            found = find_awaited(self._workers_of_last(), job, into, config, clip)
        except AnswerprintError:
            return None
        if found is None:
            return None
        rows = tuple(error_row(each) for each in found.faults)
        candidates = tuple(map(str, found.candidates))
        awaited = Awaited(candidates, found.rejected, found.made_of, found.decided_by)
        return Outcome(UnapprovedFilms.exit_code, errors=rows, awaited=awaited)

    def _unapproved(self, received: Received, into: Path, fault: UnapprovedFilms) -> Outcome:
        """Returns what films wait for whose candidates were made just now."""
        if found := self.still_waits(received, into):
            return found
        fix = "it is tried again"
        changed = RetryError("what was decided changed meanwhile", where=str(into), got=str(fault), fix=fix)
        return Outcome(changed.exit_code, errors=(error_row(changed),))

    def _job(self, received: Received, into: Path) -> Path:
        """Returns the job that something received is finished by."""
        if received.kind == "job":
            return received.path / JOB
        return self._template or into / JOB

    def _finish(self, received: Received, into: Path) -> dict[str, Any]:
        clip: TemplateClip | None = None
        job = self._job(received, into)
        if received.kind == "clip":
            record = _record_of(received)
            if self._template is not None:
                clip = _template_clip(received.path, received.sha256, record)
            elif not job.exists():
                _write_first_job(job, received, record)
        pool = self._workers_of_last()
        return finish_job(job, into, store=self._store, clip=clip, tell=self._tell, pool=pool)

    def trouble(self) -> AnswerprintError | None:
        """Returns what keeps films from being made whatever comes: the template, its key, or a full disk."""
        try:
            self.check()
        except Exception as fault:  # noqa: BLE001  it is told, and tried again
            found, code = errors_of(fault)
            return found[0] if len(found) == 1 else _one(found, code)
        return None

    def check(self) -> None:
        """Checks that films can be made here. Raises what `finish` would raise of any clip."""
        from post.deliver.output_set import refuse_unwritable
        from post.engine import WorkerPool
        from post.engine.store_place import is_address
        from post.job import load_job
        from post.signoff.binding import open_signoff
        from provenance.signing.key_process import KeyProcess

        config = read_environment().config
        refuse_unwritable(self._out)
        for folder in (self._out, self._store or read_environment().store):
            if not is_address(str(folder)):
                _refuse_full(Path(folder))
        with KeyProcess(config, pin) as keys:
            if self._template is None:
                from post.deliver.sign import film_signer

                film_signer(config, "development", keys)
                return
            # Nothing is measured yet: any file will do in the place of the clip.
            with WorkerPool(1) as pool:
                job = pool.call(load_job, self._template, _template_clip(self._template, "", ()))
            open_signer(job, keys, config, print_note)
        signoff = open_signoff(job, config)
        if signoff and signoff.folder.exists():
            signoff.read()


def _one(found: list[AnswerprintError], code: int) -> AnswerprintError:
    """Returns several faults as one, with their places."""
    fix = "; ".join(str(each) for each in found[1:])
    first = found[0]
    kind = RetryError if code == RetryError.exit_code else JobError
    return kind(first.what, where=first.where, expected=first.expected, got=first.got, fix=fix or first.fix)


def _refuse_full(folder: Path) -> None:
    there = next((each for each in (folder, *folder.parents) if each.exists()), None)
    if there is not None and (free := shutil.disk_usage(there).free) < LEAST_FREE:
        raise RetryError(
            "the disk is full", where=str(folder), expected=f"{LEAST_FREE >> 20} MB free", got=f"{free >> 20} MB",
            fix="free some space; what was made is kept",
        )  # fmt: skip


def _template_clip(path: Path, sha256: str, record: tuple[FieldValue, ...]) -> TemplateClip:
    from post.job.template import TemplateClip

    return TemplateClip(path, path.stem, sha256, tuple((row.field, row.value, row.how) for row in record))


def _write_first_job(job: Path, received: Received, record: tuple[FieldValue, ...]) -> None:
    """Writes a job of the whole clip, as `new` does, with how it was generated, as `ingest` does."""
    from post.atomic import write_whole
    from post.job.editing.records import take_in
    from post.job.editing.text import NewTake
    from post.job.write import new_job

    takes = takes_in([received.path])
    write_whole(job, new_job(job.parent, [received.path], takes, whole=True))
    if record:
        rows = tuple((row.field, row.value, row.how) for row in record)
        take_in(job, [NewTake(received.path, takes[0].file.sha256, "", rows)])


def _record_of(received: Received) -> tuple[FieldValue, ...]:
    """Returns how a clip was generated, as the files beside it say: a record, a service's answer, or plain fields."""
    from provenance.record import merge

    rows: tuple[FieldValue, ...] = ()
    for path in received.files[1:]:
        if path.suffix.lower() in (".json", ".yaml", ".yml"):
            rows = merge(rows, _record_in(path, received.path))
    return rows


def _record_in(path: Path, clip: Path) -> tuple[FieldValue, ...]:
    from provenance.record import read_record

    plain = _plain_fields(path)
    return plain if plain is not None else read_record(path, clip, "").known


def _plain_fields(path: Path) -> tuple[FieldValue, ...] | None:
    """Returns the fields of a file that says nothing else, such as `prompt: a dog` (`{"prompt": "a dog"}`).

    None for JSON of another form. Raises JobError for YAML of another form.
    """
    from presets.yaml_nodes import Written, read
    from provenance.record import FIELDS, from_maker
    from provenance.record.strict_json import read_file

    is_json = path.suffix.lower() == ".json"
    found = read_file(path) if is_json else read(Written(path, str(path))).plain()
    plain = isinstance(found, Mapping) and all(
        isinstance(value, str | int | float) and not isinstance(value, bool) for value in found.values()
    )
    if not isinstance(found, Mapping) or not plain or (is_json and not set(found) <= set(FIELDS)):
        if is_json:
            return None
        raise JobError("no record", where=str(path), expected="fields and texts, such as `prompt: a dog`")
    try:
        return from_maker({str(name): str(value) for name, value in found.items()})
    except JobError as fault:
        raise fault.at(str(path)) from fault
