"""Reads which warnings a job says are meant to be so."""

from __future__ import annotations

from post.job.diagnostics import Diagnostics
from post.job.reader import Section
from presets import Node

NO_REASON = "the job gives no reason"


def read_allowed(diagnostics: Diagnostics, job: Section) -> tuple[tuple[str, str], ...]:
    """Returns each warning that the job allows, by its code, with the reason."""
    allowed = []
    for node, place in job.items("allow"):
        keys = Node({"warning": node}, node.line, node.file) if isinstance(node.value, str) else node
        section = Section(diagnostics, "allow", keys, place)
        allowed.append((section.text("warning"), section.text("why") or NO_REASON))
    return tuple(row for row in allowed if row[0])
