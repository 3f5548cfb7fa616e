"""What each tool does: it asks the functions of `post.api`, and a worker that opens nothing outside of the folders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from post.agents.answers import CheckAnswer, PlanAnswer, StatusAnswer, VerifyAnswer, within_bounds
from post.agents.confined import load_within, verify_within
from post.agents.folders import ServedFolders
from post.agents.run_folder import read_folder
from post.api.jobs import with_marks
from post.api.plans import PlannedFilms, plan_read
from post.api.settings import Settings
from post.engine import WorkerPool
from post.errors import AnswerprintError, Problems, RetryError
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

    def check(self, pool: WorkerPool, step: Step, job: str) -> CheckAnswer:
        """Returns a job's faults, or its warnings, and what is not checked."""
        path = self.folders.find(job, "job")
        rows: list[dict[str, Any]] = []
        try:
            planned = self._planned(pool, step, path)
        except AnswerprintError as fault:
            if fault.exit_code in (AnswerprintError.exit_code, RetryError.exit_code):
                raise
            rows += [_fault_row(each) for each in (fault.faults if isinstance(fault, Problems) else (fault,))]
        else:
            rows += [
                _row(each["code"], "waived" if each["allowed"] else "warn", each["where"], each["what"])
                for version in planned.versions
                for each in (warning.row() for warning in version.plan.warnings)
            ]
            rows.append(_row("job", "pass", str(path), "every value is right, and every clip can be read"))
            if any(version.sources.job.brief for version in planned.versions):
                rows.append(_row("brief", "cannot_check", str(path), "no rule of the brief is checked yet"))
        rows.append(_row("signing", "cannot_check", str(path), "no key is opened for an agent"))
        rows = [dict(each) for each in {tuple(row.items()): row for row in rows}.values()]
        shortened: list[str] = []
        return CheckAnswer(
            str(path),
            within_bounds(rows, shortened),
            dict(Counter(row["verdict"] for row in rows)),
            shortened,
        )

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


def _row(name: str, verdict: str, where: str, evidence: str) -> dict[str, Any]:
    return {"id": name, "verdict": verdict, "where": where, "evidence": evidence}


def _fault_row(fault: AnswerprintError) -> dict[str, Any]:
    return _row("job", "fail", str(remove_all_secrets(fault.where)), said(fault))
