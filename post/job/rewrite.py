"""Rewrites a job file of an earlier form in the present one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml.nodes import MappingNode

from post.atomic import real_path
from post.errors import JobError
from post.job.editing.text import replace_text
from post.job.table.schema_table import SCHEMA
from post.job.upgrade import UPGRADES, Rewrite, Steps, form_of, rewrites_of, rewritten
from post.job.yaml_text import scalar
from post.owned import editing
from presets import Node
from presets.yaml_nodes import Written, compose, read, read_text

_ANCHOR = re.compile(r"&[^\s,\[\]{}]+\s+")


@dataclass(frozen=True, slots=True)
class UpgradedJob:
    """What rewriting a job changed. form: the one that it was in; rewrites: none where it was in the present form."""

    form: str
    rewrites: tuple[Rewrite, ...]


def upgrade_file(job: Path) -> UpgradedJob:
    """Rewrites a job file in the present form, and leaves every other byte as it is. Returns what changed.

    The file is replaced as a whole or not at all. Raises JobError where it cannot be read, is in no known form, or is
    written in a way that cannot be edited here; OutputError where it cannot be written; RetryError where another owner
    keeps it.
    """
    path = real_path(job)
    read(Written(path, str(job)))  # what is no job is said before there is a lock beside it
    with editing(path):
        root = read(Written(path, str(job)))
        form, rewrites = form_of(root), tuple(rewrites_of(root))
        if form not in (*UPGRADES, SCHEMA):
            known = " | ".join((*UPGRADES, SCHEMA))
            raise JobError("in no known form", where=f"{job}: schema", expected=known, got=form or "nothing")
        if rewrites:
            replace_text(path, _edited(path.read_bytes().decode(), rewrites, root))
        return UpgradedJob(form, rewrites)


def _edited(text: str, rewrites: tuple[Rewrite, ...], root: Node) -> str:
    """Returns a file's text with the rewrites in it. Raises JobError where that would change anything else."""
    skip = len(text) - len(text.removeprefix("\ufeff"))
    body = text[skip:]
    top = compose(body, root.file)
    # An alias leads to a value that is written once.
    spans = {_span(_found(top, each.steps), body): scalar(each.after) for each in rewrites}
    for (start, stop), piece in sorted(spans.items(), reverse=True):
        body = body[:start] + piece + body[stop:]
    expected = root
    for each in rewrites:
        expected = rewritten(expected, each.steps, each.after)
    fix = "write schema and speeds as plain values, without anchors that other keys use"
    fault = JobError("cannot be rewritten without changing more", where=root.file.label, fix=fix)
    try:
        after = read_text(body, root.file).plain()
    except JobError as cause:
        raise fault from cause
    if after != expected.plain():
        raise fault
    return text[:skip] + body


def _found(raw: Any, steps: Steps) -> Any:
    """Returns ruamel's own node at the end of some steps."""
    for step in steps:
        if isinstance(raw, MappingNode):
            raw = next(value for key, value in raw.value if key.value == step)
        else:
            raw = raw.value[step]
    return raw


def _span(raw: Any, text: str) -> tuple[int, int]:
    """Returns where a value starts and ends in the text, without its anchor."""
    start, stop = raw.start_mark.index, raw.end_mark.index
    if anchor := _ANCHOR.match(text, start):
        start = anchor.end()
    return start, start + len(text[start:stop].rstrip())
