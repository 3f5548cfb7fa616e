"""Reads the brief that a job names: what the film has to tell, and what it keeps to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from post.errors import JobError, Problems
from post.job.brief.model import MotionBrief
from post.job.brief.read import read_motion_brief
from post.job.diagnostics import Diagnostics
from post.job.model import Beat
from post.job.reader import Section
from presets.yaml_nodes import Written, read


@dataclass(frozen=True, slots=True)
class BriefRead:
    """A job's brief. path: of its file, None where the job has none; given: whether the job names one that could be
    read; asks: what it asks for, None where there is none."""

    beats: tuple[Beat, ...] = ()
    path: Path | None = None
    given: bool = False
    asks: MotionBrief | None = None


NO_BRIEF = BriefRead()


def read_brief(diagnostics: Diagnostics, job: Section) -> BriefRead:
    """Returns the brief that a job names. Faults are kept with the brief's own file and line."""
    node = job.part("brief")
    if node is None:
        return NO_BRIEF
    path = diagnostics.source(node, "brief")
    if path is None:
        # Its takes' beats cannot be checked, and are not reported beside the fault that the brief is.
        return NO_BRIEF
    try:
        root = read(Written(path, str(diagnostics.path.parent / node.text)))
    except JobError as fault:
        for each in fault.faults if isinstance(fault, Problems) else (fault,):
            diagnostics.keep(each)
        return NO_BRIEF
    # What a brief says is not among the values that the job resolves to.
    before = diagnostics.faults
    brief = read_motion_brief(diagnostics.of_version(), root)
    return BriefRead(brief.beats, path, given=diagnostics.faults == before, asks=brief)
