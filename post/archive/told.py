"""Writes and reads what an archive tells of itself.

archive.json     the job, where each path in it leads, films, takes, trust lists, policies, what made the films
plan/plan.json   the plan: each film's segments and mix with every value, and where each value came from
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from post import __version__
from post.archive.located import Lead
from post.errors import ProvenanceError
from post.values import Plan, plain
from provenance.record import PROMPTS

SCHEMA, PLAN_SCHEMA = "Archive.1", "ArchivedPlan.1"
ARCHIVE, PLAN, FRAMES = "archive.json", "plan/plan.json", "frames"
Maker = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class ArchivedTake:
    """A take of an archive. path: of its file; used: whether a film shows it."""

    name: str
    path: str
    used: bool


@dataclass(frozen=True, slots=True)
class ArchivedTrust:
    """A trust list that credentials were judged by. path: of its PEM file; role: as of `Anchors`."""

    name: str
    role: str
    path: str


@dataclass(frozen=True, slots=True)
class ArchiveAbout:
    """What archive.json says. Paths are relative to the payload.

    job: the job's path; leads: what each path in a file of the archive leads to; films: the paths of their frames;
    policies: (name, version); maker: as of `read_maker`, where the films were archived; redacted: the commitments in
    place of prompts; left_out: files that would have told one.
    """

    title: str
    dated: str
    job: str
    leads: Mapping[Lead, str]
    films: tuple[str, ...]
    takes: tuple[ArchivedTake, ...]
    trust: tuple[ArchivedTrust, ...]
    policies: tuple[tuple[str, str], ...]
    maker: Maker
    redacted: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    tool: str = f"Answerprint {__version__}"

    def text(self) -> bytes:
        """Returns it as archive.json has it."""
        rows = sorted(self.leads.items())
        data = {
            "schema": SCHEMA,
            "tool": self.tool,
            "title": self.title,
            "dated": self.dated,
            "job": self.job,
            "leads": [{"folder": folder, "written": text, "path": path} for (folder, text), path in rows],
            "films": list(self.films),
            "takes": [plain(each) for each in self.takes],
            "trust": [plain(each) for each in self.trust],
            "policies": [list(each) for each in self.policies],
            "maker": {part: dict(rows) for part, rows in self.maker.items()},
            "redacted": list(self.redacted),
            "left_out": list(self.left_out),
        }
        return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode()


def read_about(data: Any, where: str) -> ArchiveAbout:
    """Returns what archive.json says. data: its JSON. Raises ProvenanceError where it is none."""
    fault = ProvenanceError("cannot be read as an archive's account", where=where, expected=SCHEMA)
    if not isinstance(data, Mapping) or data.get("schema") != SCHEMA:
        raise fault
    try:
        return ArchiveAbout(
            _text(data["title"]),
            _text(data["dated"]),
            _text(data["job"]),
            {(_text(row["folder"]), _text(row["written"])): _text(row["path"]) for row in data["leads"]},
            tuple(map(_text, data["films"])),
            tuple(
                ArchivedTake(_text(row["name"]), _text(row["path"]), row["used"] is True)
                for row in data["takes"]
            ),
            tuple(
                ArchivedTrust(_text(row["name"]), _text(row["role"]), _text(row["path"]))
                for row in data["trust"]
            ),
            tuple((_text(name), _text(version)) for name, version in data["policies"]),
            {part: {str(k): _text(v) for k, v in rows.items()} for part, rows in data["maker"].items()},
            tuple(map(_text, data["redacted"])),
            tuple(map(_text, data["left_out"])),
            _text(data["tool"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise fault from exc


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def plan_text(plan: Plan, *, prompts: bool = True) -> bytes:
    """Returns a plan as plan.json has it. prompts: whether values that are prompts may be told."""
    return (json.dumps(plan_rows(plan, prompts=prompts), indent=0, ensure_ascii=False) + "\n").encode()


def plan_rows(plan: Plan, *, prompts: bool = True) -> dict[str, Any]:
    """Returns a plan as JSON: each film's segments and mix, and the origins of values as (place, value, origin)."""
    origins = [row for row in plan.origins if prompts or not _is_prompt(row[0])]
    return {
        "schema": PLAN_SCHEMA,
        "title": plan.title,
        "clock": str(plan.clock),
        "origins": [list(row) for row in origins],
        "films": [
            {
                "name": film.name,
                "format": plain(film.format),
                "container": film.container,
                "shots": [
                    [each.name, each.take.name, each.span.first, each.span.stop] for each in film.shots
                ],
                "segments": [plain(each) for each in film.segments],
                "mix": plain(film.mix),
            }
            for film in plan.renditions
        ],
    }


def _is_prompt(place: str) -> bool:
    return any(step.partition("[")[0] in PROMPTS for step in place.split("."))


def read_plan(data: Any, where: str) -> tuple[Mapping[str, Mapping[str, Any]], Sequence[Sequence[str]]]:
    """Returns the films of plan.json by name, and the origins of values. Raises ProvenanceError where it is none."""
    fault = ProvenanceError("cannot be read as an archive's plan", where=where, expected=PLAN_SCHEMA)
    if not isinstance(data, Mapping) or data.get("schema") != PLAN_SCHEMA:
        raise fault
    films, origins = data.get("films"), data.get("origins")
    if not isinstance(films, list) or not isinstance(origins, list):
        raise fault
    if not all(isinstance(film, Mapping) and isinstance(film.get("segments"), list) for film in films):
        raise fault
    if not all(
        isinstance(row, list) and len(row) == 3 and all(isinstance(each, str) for each in row)
        for row in origins
    ):
        raise fault
    return {str(film.get("name")): film for film in films}, origins
