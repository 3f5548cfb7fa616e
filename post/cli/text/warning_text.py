"""Formats warnings as lines for a person: the worst first, and what is so of several takes in one line."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from post.values.warning import JobWarning

RANK_COLUMNS = 8


def warning_lines(warnings: Iterable[JobWarning], columns: int) -> list[str]:
    """Returns a heading and the warnings, in their order; nothing where there are none."""
    groups: dict[tuple[str, ...], list[JobWarning]] = {}
    for each in warnings:
        groups.setdefault((each.code, each.what, each.fix, each.allowed), []).append(each)
    lines = [line for group in groups.values() for line in _lines(group, columns)]
    return ["warnings", *lines] if lines else []


def row_lines(rows: Iterable[Mapping[str, Any]], columns: int) -> list[str]:
    """Returns the lines of warnings as JSON has them."""
    from post.values.warning import JobWarning

    return warning_lines(map(JobWarning.of_row, rows), columns)


def wrapped(text: str, columns: int, indent: int = 2) -> list[str]:
    """Returns a text in lines of at most `columns`, all but the first moved in by `indent`."""
    return textwrap.wrap(
        text, columns, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False,
        drop_whitespace=True,
    )  # fmt: skip


def _lines(group: list[JobWarning], columns: int) -> list[str]:
    """Returns the lines of one warning about one thing, or about several of a kind."""
    one = group[0]
    rank = "allowed" if one.allowed else one.rank
    each_of = ", each" if len(group) > 1 else ""
    subjects = _subjects(group)
    text = f"{subjects}{each_of}: {one.what}" if subjects else one.what
    advice = f"({one.allowed})" if one.allowed else one.fix
    values = [each.got for each in group if each.got]
    got = ", ".join(values if len(set(values)) > 1 else values[:1])
    told = "; ".join(part for part in (text, f"got {got}" if got else "", advice) if part)
    return wrapped(f"  {rank:{RANK_COLUMNS}}{told}  [{one.code}]", columns, 2 + RANK_COLUMNS)


def _subjects(group: list[JobWarning]) -> str:
    """Returns what a warning is about, with its lines of the job: `takes dog, ship (spot.yaml:8, 9)`."""
    kinds: dict[str, list[str]] = {}
    for each in group:
        kind, _, name = each.of.partition(" ")
        kinds.setdefault(kind, []).append(name)
    names = [
        f"{_plural(kind) if len(found) > 1 else kind} {', '.join(found)}".strip()
        for kind, found in kinds.items()
    ]
    places = _places(dict.fromkeys(each.where for each in group if each.where))
    return " ".join(part for part in (", ".join(names), f"({places})" if places else "") if part)


def _plural(kind: str) -> str:
    return kind if kind.endswith("s") else f"{kind}s"


def _places(wheres: Mapping[str, None]) -> str:
    """Returns places as "job.yaml:8, 9": each file once, alone where no line is known."""
    files: dict[str, list[str]] = {}
    for where in wheres:
        file, _, line = where.rpartition(":")
        file, line = (file, line) if line.isdigit() else (where, "")
        lines = files.setdefault(file.replace("\\", "/").rpartition("/")[2], [])
        lines += [line] if line else []
    return "; ".join(f"{file}:{', '.join(lines)}" if lines else file for file, lines in files.items())
