"""Builds stages from knobs as a user wrote them, and reports every knob that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from post.errors import AnswerprintError, JobError, Problems, unknown
from post.knob import knobs_of
from post.stage import Stage, find

S = TypeVar("S", bound=Stage)


def make(name: str, knobs: Mapping[str, object], where: str = "") -> Stage:
    """Returns the stage of that name with knobs as a user wrote them. Raises what `find` and `build` do."""
    return build(find(name, where or name), knobs, where)


def build(kind: type[S], knobs: Mapping[str, object], where: str = "") -> S:
    """Returns a stage of that kind with knobs as a user wrote them.

    where: its dotted place in the job. Raises Problems naming every knob that is wrong.
    """
    place = where or kind.name
    known, faults, read = knobs_of(kind), list[AnswerprintError](), dict[str, object]()
    for key, given in knobs.items():
        if key not in known:
            faults.append(unknown(key, known, f"{place}.{key}", "knob"))
            continue
        try:
            read[key] = known[key].read(given, f"{place}.{key}")
        except JobError as fault:
            faults.append(fault)
    required = {f.name for f in fields(kind) if _required(f)}  # type: ignore[arg-type]  # a dataclass once declared
    faults += [
        JobError("missing", where=f"{place}.{key}", expected=known[key].expected)
        for key in known
        if key in required and key not in knobs
    ]
    if faults:
        raise Problems(faults)
    return kind(**read)


def _required(f: Any) -> bool:
    return f.default is MISSING and f.default_factory is MISSING
