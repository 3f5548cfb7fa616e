"""What each tool does: it asks the functions of `post.api`, and a worker that opens nothing outside of the folders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from post.agents.answers import CheckAnswer, PlanAnswer, StatusAnswer, VerifyAnswer, within_bounds
from post.agents.confined import check_within, load_within, verify_within
from post.agents.folders import ServedFolders
from post.agents.run_folder import read_folder
from post.api.briefs import brief_rows
from post.api.checked import CheckRow
from post.api.checking import job_rows
from post.api.jobs import with_marks
from post.api.plans import PlannedFilms, plan_read
from post.api.settings import Settings
from post.engine import WorkerPool
from post.errors import AnswerprintError, Problems, RetryError
from post.values.claim import Ruling, Verdict, summarised
from provenance.record.secrets import remove_all_secrets

Step = Callable[[int, str], None]  # is told the number of a step, from 1 on, and what it is
PLAN_STEPS = 3


@dataclass(frozen=True, slots=True)
class AgentDesk:
    """What agents are answered with. folders: those that are served; settings: the user's, whose keys stay shut."""

    folders: ServedFolders
    settings: Settings

    def plan(self, pool: WorkerPool, step: Step, job: str) -> PlanAnswer:
        """Plans a job. Raises as `post.api.plans.plan_job` does, and JobError outside of the folders."""
        from post.report.plan_summary import summarise_versions

        path = self.folders.find(job, "job")
        planned = self._planned(pool, step, path)
        step(3, "counting the work")
        shortened: list[str] = []
        data = within_bounds(summarise_versions(planned.versions, path, planned.store), shortened)
        return PlanAnswer(
            str(path),
            data["seconds"],
            data["deliverables"],
            data["work"],
            data["cpu"],
            data["warnings"],
            shortened,
        )

    def check(self, pool: WorkerPool, step: Step, job: str, policies: list[str]) -> CheckAnswer:
        """Checks a finished film by policies; or returns a job's faults, or its warnings, what its brief's rules
        came to, and what is not checked."""
        path = self.folders.find(job, "job")
        if path.suffix.lower() not in (".yaml", ".yml"):
            step(1, "checking the film")
            found = pool.call(check_within, path, tuple(policies), self.settings.config, self.folders)
            return _answer(path, found["checks"], found["summary"])
        rows: list[dict[str, Any]] = []
        try:
            planned = self._planned(pool, step, path)
        except AnswerprintError as fault:
            if fault.exit_code in (AnswerprintError.exit_code, RetryError.exit_code):
                raise
            rows += [_fault_row(each) for each in (fault.faults if isinstance(fault, Problems) else (fault,))]
        else:
            waivers = planned.versions[0].sources.job.disclosure.waivers
            brief = brief_rows(planned.versions, pool, planned.store, {}, waivers=waivers)
            rows += [row.plain() for row in (*job_rows(planned.versions, path), *brief)]
        rows.append(_row("signing", "cannot_check", str(path), "no key is opened for an agent"))
        return _answer(path, rows, summarised([row["verdict"] for row in rows]))

    def status(self, folder: str, events: str) -> StatusAnswer:
        """Returns what lies in a folder of films. events: the events file of a run, "" for none."""
        place = self.folders.find(folder, "folder")
        file = self.folders.find(events, "events") if events else None
        shortened: list[str] = []
        return StatusAnswer(
            **within_bounds(read_folder(place, file, self.folders), shortened), shortened=shortened
        )

    def verify(self, pool: WorkerPool, step: Step, file: str, policies: list[str]) -> VerifyAnswer:
        """Verifies a file by this user's trust lists; nothing is downloaded."""
        path = self.folders.find(file, "file")
        step(1, "verifying")
        found = pool.call(verify_within, path, tuple(policies), self.settings.config, self.folders)
        shortened: list[str] = []
        data = within_bounds(found, shortened)
        return VerifyAnswer(
            str(path),
            data.pop("sound"),
            data["integrity"],
            data["signer"],
            data["time"],
            data["chain"],
            data,
            shortened,
        )

    def _planned(self, pool: WorkerPool, step: Step, path: Path) -> PlannedFilms:
        settings = self.settings
        own = tuple(
            Path(each) for each in (settings.config, settings.local, settings.store) if "://" not in str(each)
        )
        step(1, "reading the job")
        jobs = with_marks(pool.call(load_within, path, self.folders, own), settings.config)
        step(2, "reading the clips")
        return plan_read(pool, jobs, settings)


def said(fault: AnswerprintError) -> str:
    """Returns what an error says, one fault a line, without secrets: the command's own words."""
    return str(remove_all_secrets(str(fault)))


def _answer(path: Path, rows: list[dict[str, Any]], summary: str) -> CheckAnswer:
    shortened: list[str] = []
    counts = dict(Counter(row["verdict"] for row in rows))
    return CheckAnswer(str(path), within_bounds(rows, shortened), counts, summary, shortened)


def _row(name: str, verdict: Verdict, where: str, evidence: str) -> dict[str, Any]:
    return CheckRow(Ruling(name, verdict, evidence=evidence), where=where).plain()


def _fault_row(fault: AnswerprintError) -> dict[str, Any]:
    return _row("job", "fail", str(remove_all_secrets(fault.where)), said(fault))
