"""Verifies the approvals in an archive, and says whether its gates are met for the frames that were made again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from post.errors import AnswerprintError
from post.job.model import Job
from post.signoff.terms import decision_terms
from provenance.approval.folder import FOLDER, ApprovalFolder
from provenance.approval.frames import FilmFrames
from provenance.approval.gate import AskedFilm, GateState, judge
from provenance.approval.people import read_people
from provenance.approval.reading import read_log
from provenance.approval.standing import JobFilm, gates_in_force


@dataclass(frozen=True, slots=True)
class ArchivedApprovals:
    """The approvals of an archive. entries: of their log; gates: how far each film is at each gate; wrong: why the log
    is not to be believed, "" where every entry is verified."""

    entries: int = 0
    gates: tuple[GateState, ...] = ()
    wrong: str = ""

    def plain(self) -> dict[str, Any]:
        """Returns it as JSON."""
        return {
            "verified": not self.wrong,
            "entries": self.entries,
            "why": self.wrong or None,
            "gates": [
                {
                    "film": each.film,
                    "gate": each.gate,
                    "met": each.met,
                    "asked": [list(span) for span in each.asked],
                }
                for each in self.gates
            ],
        }


def judge_approvals(jobs: Sequence[Job], films: Mapping[str, FilmFrames]) -> ArchivedApprovals | None:
    """Returns what the approvals beside an archived job are worth; None for a job without gates, or without a log.

    films: the frames of each film as they were made again: an approval counts for these, or it does not.
    """
    asked = jobs[0].signoff
    folder = ApprovalFolder(jobs[0].path.parent / FOLDER)
    if not asked.gates or asked.people is None or not folder.exists():
        return None
    try:
        people = read_people(asked.people)
        log = read_log(folder, people)
        states = [
            judge(gate, people, log, AskedFilm(name, films[name], decision_terms(job, gate)))
            for job, name in _films(jobs)
            if name in films
            for gate in gates_in_force(JobFilm(job.path.name, job.signoff.gates, films[name]), people, log)
        ]
    except AnswerprintError as fault:  # of what the archive holds
        return ArchivedApprovals(wrong=str(fault))
    return ArchivedApprovals(len(log.heads), tuple(states))


def _films(jobs: Sequence[Job]) -> Iterator[tuple[Job, str]]:
    for job in jobs:
        for each in job.deliver:
            yield job, each.name
