"""What each tool returns, within bounds: an agent reads every letter, and a film can have thousands of findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Answers have no slots: the SDK makes schemas of their fields, and takes a slot for a default.
MOST_ROWS, MOST_LETTERS, DEEPEST = 100, 1000, 12


@dataclass(frozen=True)
class PlanAnswer:
    """A plan. films: name, size, codec, frames, segments, how many are in the store, axes; work, cpu: all of it,
    and its cost; shortened: what was left out because it is long."""

    job: str
    seconds: float
    films: list[dict[str, Any]]
    work: dict[str, Any]
    cpu: dict[str, Any]
    warnings: list[dict[str, Any]]
    shortened: list[str]


@dataclass(frozen=True)
class CheckAnswer:
    """Checks of a job, or of a film. checks: the rows of the command's `check` object; counts: of each verdict;
    summary: how many rules were checked, and how many could not be."""

    job: str
    checks: list[dict[str, Any]]
    counts: dict[str, int]
    summary: str
    shortened: list[str]


@dataclass(frozen=True)
class StatusAnswer:
    """What lies in a folder of films. films: names and bytes, and what the receipt says; locked: whether a run
    writes to it now, or was killed as it did; last_event: of its events file; errors: that a run ended with."""

    folder: str
    films: list[dict[str, Any]]
    receipt: bool
    report: bool
    locked: bool
    last_event: dict[str, Any] | None
    errors: list[dict[str, Any]]
    shortened: list[str]


@dataclass(frozen=True)
class VerifyAnswer:
    """What verifying a file found, each question apart. sound: whether `verify` would end with 0; report: the whole
    `verify` object of the command line, but for long lists."""

    file: str
    sound: bool
    integrity: str
    signer: str
    time: str
    chain: str
    report: dict[str, Any]
    shortened: list[str]


def within_bounds(value: Any, shortened: list[str], place: str = "", depth: int = 0) -> Any:
    """Returns a JSON value without what is too long, and adds the places of that to `shortened`."""
    if isinstance(value, str) and len(value) > MOST_LETTERS:
        _say(shortened, place)
        return value[:MOST_LETTERS]
    if isinstance(value, Mapping | list | tuple) and depth > DEEPEST:
        _say(shortened, place)
        return None
    if isinstance(value, Mapping):
        rows = list(value.items())
        if len(rows) > MOST_ROWS:
            _say(shortened, place)
        inner = {str(name)[:MOST_LETTERS]: each for name, each in rows[:MOST_ROWS]}
        return {
            name: within_bounds(each, shortened, f"{place}.{name}", depth + 1) for name, each in inner.items()
        }
    if isinstance(value, Sequence) and not isinstance(value, str):
        if len(value) > MOST_ROWS:
            _say(shortened, place)
        return [within_bounds(each, shortened, place, depth + 1) for each in value[:MOST_ROWS]]
    return value


def _say(shortened: list[str], place: str) -> None:
    told = place.lstrip(".")[:MOST_LETTERS]
    if told not in shortened and len(shortened) < MOST_ROWS:
        shortened.append(told)
