"""Finishes a job: makes its films, signs them, and publishes them together with their receipt and report."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from post.api.engines import LOCAL, WAIT_S, open_engine
from post.api.finished import finished_json
from post.api.jobs import with_marks
from post.api.refusals import Note, open_signers
from post.api.results import FinishedRun
from post.api.settings import Settings
from post.api.stores import open_stores
from post.engine.events import Tell, quiet
from post.errors import AnswerprintError, JobError
from post.stopwatch import Stopwatch

if TYPE_CHECKING:
    from post.deliver.finish import FinishedJob
    from post.deliver.kept_run import BegunRun, RunAsked
    from post.engine import Store, WorkerPool
    from post.engine.cluster.client import DaskEngine
    from post.job.template import TemplateClip

Meter = Callable[[str, int, int], None]
Learn = Callable[[float], None]
# Of a job's first worker: it loads them while this process loads what joins and signs.
LOADS = ("post.preflight.plan_checked", "post.render.segment")
# Of its first worker where films lie in the folder already: most often they can stay.
LOADS_AGAIN = ("post.deliver.kept_run", "post.job.load")


def no_progress(what: str, done: int, total: int) -> None:
    """Is told how far the work is, and shows nothing."""


def no_note(text: str) -> None:
    """Is told what is worth knowing, and shows nothing."""


@dataclass(frozen=True, slots=True)
class FinishHooks:
    """What is told while films are made.

    tell: is called with each event of `post.engine.events`; meter: gives, in a `with`, what is called with what is
    being done, how much of it is done, and how much there is; note: is called with a text that a person should know.
    """

    tell: Tell = quiet
    meter: Callable[[], AbstractContextManager[Meter]] = lambda: nullcontext(no_progress)
    note: Note = no_note


@dataclass(frozen=True, slots=True)
class FinishOptions:
    """How a job is finished.

    only: one film's name, or a pattern such as `*-de-*`, "" for all; part: a range such as 4s..8s, made unsigned in
    OUT/range, "" for whole films; engine: local, or dask:HOST:PORT; workers: segments at once, 0 for one for each
    core; wait: for another run that writes to the folder; resign: films that could stay as they were signed are signed
    anew; away_s: how long a scheduler may be away, in seconds; by: who renders, by their ID in the people file, beside
    this user's login, which is logged in any case.
    """

    only: str = ""
    part: str = ""
    engine: str = LOCAL
    workers: int = 0
    wait: bool = False
    resign: bool = False
    away_s: float = WAIT_S
    by: str = ""


def finish_job(
    job: Path | str,
    out: Path | str,
    options: FinishOptions | None = None,
    settings: Settings | None = None,
    *,
    progress: Meter = no_progress,
    tell: Tell = quiet,
) -> FinishedRun:
    """Makes and signs every deliverable of a job in a folder, with a receipt and a report. Returns what was made.

    job: its file; out: the folder, which is made. progress: is called with what is being done, how much of it is done
    and how much there is; tell: with each event, by its name, with the fields that `post.engine.events` lists. Both
    are called in the thread that called this. What was made stays in the store if it ends early, whatever ends it.
    Raises the errors of `post.errors`: JobError where the job or an option is wrong, SourceError for a clip that cannot
    be read, ProvenanceError where it cannot be signed, RetryError where workers or the disk were lost.
    """
    watch = Stopwatch()
    asked = options or FinishOptions()
    settings = settings or Settings()
    hooks = FinishHooks(tell, lambda: nullcontext(progress))
    data, learn = run_finish((Path(job), Path(out)), asked, settings, hooks)
    learn(watch.cpu_seconds())
    return FinishedRun({**data, "seconds": watch.seconds()})


def run_finish(
    places: tuple[Path, Path],
    asked: FinishOptions,
    settings: Settings,
    hooks: FinishHooks,
    *,
    clip: TemplateClip | None = None,
    pool: WorkerPool | None = None,
) -> tuple[dict[str, Any], Learn]:
    """Finishes a job, or a part of it. Returns the `finish` object of the command-line contract without its seconds,
    and what is to be told the CPU seconds that it took.

    places: the job's file, and the folder for films; clip: what takes the place of its clip, where the job is a
    template; pool: whose workers do the work, None for workers that end with it.
    """
    from post.deliver.kept_run import RunAsked

    job, out = places
    if asked.part and asked.resign:
        raise JobError("a range is not signed", where="--resign", fix="leave out --resign, or --range")
    # The file is looked for without an error for any path.
    again = not asked.part and not asked.resign and os.path.isfile(out / "receipt.json")  # noqa: PTH113
    loads = LOADS_AGAIN if again else LOADS
    learn: Learn = _learn_nothing
    with (
        nullcontext(pool)
        if pool
        else open_engine(asked.engine, asked.workers, asked.away_s, loads) as working
    ):
        if asked.part:
            from post.api.parts import finish_range

            data = finish_range(working, places, asked, settings, hooks)
        else:
            run = RunAsked(job, out, asked.only, settings.config, clip)
            data, learn = _Finishing(working, asked, settings, hooks).finish(run, again=again)
    # Else others did part of the work, or had some of it.
    alone = pool is None and asked.engine == LOCAL
    return data, learn if alone else _learn_nothing


@dataclass(frozen=True, slots=True)
class _Finishing:
    """What a run works with, whatever it makes."""

    pool: WorkerPool | DaskEngine
    asked: FinishOptions
    settings: Settings
    hooks: FinishHooks

    def finish(self, run: RunAsked, *, again: bool) -> tuple[dict[str, Any], Learn]:
        """Finishes a job. again: whether a run like it may have made its films already."""
        from post.deliver.kept_run import begin_run

        begun = self.pool.call(begin_run, run, open_stores(self.settings)[1] if again else None)
        if begun.told:
            told: dict[str, Any] = json.loads(begun.told)
            for film in told["deliverables"]:
                self.hooks.tell("kept", film=film["name"], path=film["path"])
            return told, _learn_nothing
        return self.make_films(self.pass_gates(begun))

    def pass_gates(self, begun: BegunRun) -> BegunRun:
        """Returns the run with who approved its films.

        Raises UnapprovedFilms, with candidates made, where a gate is not met.
        """
        from post.api.signoff.passing import GateRun, has_gates, pass_gates
        from post.signoff.login import login_name

        if not has_gates(begun):
            return begun
        by = (login_name(), *filter(None, (self.asked.by,)))
        return pass_gates(GateRun(self.pool, self.settings, self.hooks, self.asked.wait, by), begun)

    def make_films(self, begun: BegunRun) -> tuple[dict[str, Any], Learn]:
        """Makes the films of a run. Returns what it tells, and what is told the CPU seconds that it took in the end."""
        from post.api.signoff.passing import drop_candidates, refuse_unapproved
        from post.deliver.announce import announce, announcements_of, note
        from post.deliver.finish import FinishSetup, finish_versions
        from post.deliver.kept_run import keep_run
        from post.deliver.output_set import FILMS, RECEIPT, REPORT, output_set, read_receipts
        from post.preflight.plan_versions import plan_counted
        from post.recovery.register import registry_options
        from post.report.page import write_receipts, write_report
        from post.report.remade import remember_films
        from provenance.signing.key_process import KeyProcess

        out, config, settings = begun.asked.out, begun.asked.config, self.settings
        # Workers read what others made; a process of its own has the key; this one puts the films together.
        with KeyProcess(config, settings.pin) as keys:
            jobs = with_marks(begun.jobs, config, begun.asked.only)
            # A key that cannot sign is found before any work is done.
            signers = open_signers(jobs, keys, config, self.hooks.note)
            with output_set(out, partial(announce, config, out), wait=self.asked.wait) as output:
                content, kept = open_stores(settings)
                begun = begun.settled()
                planned, measuring = self.pool.call(plan_counted, jobs, signers[0].anchors, content, kept)
                before = read_receipts(out / RECEIPT, FILMS)
                with self.hooks.meter() as meter:
                    setups = [
                        FinishSetup(
                            output, kept, self.pool, signer, meter, registry_options(each, settings.registry), before,
                            self.asked.resign, self.hooks.tell,
                        )
                        for each, signer in zip(jobs, signers, strict=True)
                    ]  # fmt: skip
                    done = finish_versions(planned, setups)
                    refuse_unapproved(done, kept, config, begun.asked.job)
                    write_receipts(done, output.work / RECEIPT, before)
                    write_report(done, output.work / REPORT, setups[0])
                    remember_films(done.plan, begun.asked.job, kept)
                note(config, out, announcements_of(done, setups))
                output.publish()
                drop_candidates(begun, [each.rendition.name for each in done.deliverables])
                told = finished_json(done, out / REPORT, out / RECEIPT)
                keep_run(begun, done, (kept, [each.terms for each in signers]), json.dumps(_told_again(told)))
        return told, partial(_learn, done, kept, measuring)


def _learn(done: FinishedJob, store: Store, measuring: float, cpu_seconds: float) -> None:
    """Keeps what a run shows of this machine's speed. measuring: CPU seconds that planning took, most of it once."""
    from post.versions.cost import learn_from
    from post.versions.work import versions_work

    with suppress(AnswerprintError):  # the films are made: what a store cannot take is no fault of theirs
        learn_from(versions_work(done.versions), done.made, store, cpu_seconds - measuring)


def _learn_nothing(cpu_seconds: float) -> None:
    """Learns nothing from a run that made nothing by itself."""


def _told_again(told: dict[str, Any]) -> dict[str, Any]:
    """Returns what a run tells that makes nothing, after one that told this."""
    films = [{**each, "reused": each["segments"], "kept": True} for each in told["deliverables"]]
    return {**told, "deliverables": films}
