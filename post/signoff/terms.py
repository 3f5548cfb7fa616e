"""Returns what decisions about a job's films hold under: its brief, policies and captions, and itself, as digests."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from post.atomic import checksum
from post.job.model import Job
from post.os_faults import reading
from provenance.approval.statement import DecisionTerms, Gate
from provenance.approval.strict import canonical_json

_PLACES = ("where",)  # of a fact or a waiver: "file:line"


def decision_terms(job: Job, gate: Gate) -> DecisionTerms:
    """Returns the terms of a job at a gate. Raises SourceError where a file that it names cannot be read."""
    return DecisionTerms(
        gate.digest, file_digest(job.brief), policies_digest(job), _captions(job), file_digest(job.path)
    )


def policies_digest(job: Job) -> str:
    """Returns a digest of a job's policies, with its facts and waivers; "" where it names none. Raises as above."""
    asked = job.disclosure
    named = bool(asked.policies or asked.waivers or asked.facts.declared)
    told = [_told(each) for each in (asked.policies, asked.facts, asked.waivers)]
    return hashlib.sha256(canonical_json(told)).hexdigest() if named else ""


def _captions(job: Job) -> str:
    """Returns a digest of the captions that are delivered as text, which no frame shows; "" for none."""
    rows = [
        [_told(each.captions), each.language, each.take, each.sidecars, each.track, sorted(each.deliver)]
        for each in job.captions
        if each.sidecars or each.track
    ]
    return hashlib.sha256(canonical_json(rows)).hexdigest() if rows else ""


def _told(value: object) -> Any:
    """Returns a value as JSON: of a file what it holds, and neither its path nor the line that names it."""
    if is_dataclass(value):
        rows = ((each.name, getattr(value, each.name)) for each in fields(value) if each.name not in _PLACES)
        return {"": type(value).__name__, **{name: _told(item) for name, item in rows}}
    if isinstance(value, Mapping):
        return [[str(key), _told(item)] for key, item in value.items()]
    if isinstance(value, tuple | list):
        return [_told(item) for item in value]
    if isinstance(value, frozenset | set):
        return sorted(map(str, value))
    if isinstance(value, Path):
        return file_digest(value)
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def file_digest(path: Path | None) -> str:
    """Returns the SHA-256 of a file; "" for none. Raises SourceError where it cannot be read."""
    if path is None:
        return ""
    with reading(path):
        return checksum(path).sha256
