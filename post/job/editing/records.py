"""Edits the records of takes in a job file. It changes the text where it must, and leaves the rest as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml.nodes import MappingNode

from post.atomic import real_path
from post.job.editing.text import (
    NewTake,
    add_takes,
    end_of,
    generator_lines,
    named,
    replace_text,
    same_but_for,
)
from post.job.sections.generator import Row, as_written, rows_of
from post.job.yaml_text import flow_text, scalar
from post.owned import editing
from presets import Node
from presets.yaml_nodes import Written, compose, read

# A part of the text, from and to, and what replaces it.
Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """The result of adding clips to a job.

    added: names of the takes that are new; told: names of the takes whose records were extended;
    fresh: the sha256 of each clip that is new.
    """

    added: tuple[str, ...]
    told: tuple[str, ...]
    fresh: frozenset[str]


def take_in(job: Path, rows: Sequence[NewTake]) -> TakenIn:
    """Adds clips to a job, and extends the records of those that it has already.

    If one clip is refused, the file stays as it was. Owns the job while it edits it, and waits for another owner.
    Raises what `add_takes` and `tell_takes` raise, and RetryError if another owner keeps the job.
    """
    path = real_path(job)
    read(Written(path, str(job)))  # what is no job is said before there is a lock beside it
    with editing(path):
        return _take_in(job, path, rows)


def _take_in(job: Path, path: Path, rows: Sequence[NewTake]) -> TakenIn:
    known = _takes(read(Written(path, str(job))))
    fresh = frozenset(row.sha256 for row in rows if not named(row, known, job))
    before = path.read_bytes().decode()
    try:
        told = tell_takes(job, rows)
        return TakenIn(add_takes(job, rows), told, fresh)
    except BaseException:
        if path.read_bytes().decode() != before:
            replace_text(path, before)
        raise


def tell_takes(job: Path, rows: Sequence[NewTake]) -> tuple[str, ...]:
    """Adds to the records of a job's takes how they were made, and returns the names of those it changed.

    The caller owns the job, as `take_in` does.
    A value that contradicts an old one is written beside it. Raises JobError if the file cannot be read or its
    layout is not known here, OutputError if it cannot be written; takes edited before that stay edited.
    """
    path = real_path(job)
    told = []
    for row in rows:
        root = read(Written(path, str(job)))
        known = _takes(root)
        name = named(row, known, job)
        fields = _new(known[name], row.generator) if name else {}
        if not fields:
            continue
        before = path.read_bytes().decode()
        edited = _edited(before, name, fields, row.sha256, root.file)
        same_but_for(root, {name: _expected(known[name], fields, row.sha256)}, edited)
        replace_text(path, edited)
        told.append(name)
    return tuple(told)


def _takes(root: Node) -> Mapping[str, Node]:
    return root.mapping["takes"].mapping if "takes" in root.mapping else {}


def _new(take: Node, rows: Sequence[Row]) -> dict[str, Any]:
    """Returns the fields to write: those with a new value, each with its old values too."""
    fields: dict[str, Any] = {}
    generator = _generator(take)
    for field in dict.fromkeys(row[0] for row in rows):
        there = rows_of(field, generator[field]) if field in generator else ()
        more = [row for row in rows if row[0] == field and row not in there]
        if more:
            fields |= as_written([*there, *more])
    return fields


def _generator(take: Node) -> Mapping[str, Node]:
    return take.mapping["generator"].mapping if "generator" in take.mapping else {}


def _expected(take: Node, fields: Mapping[str, Any], sha256: str) -> dict[str, Any]:
    plain = take.plain() if take.mapping else {"file": take.plain(), "sha256": sha256}
    return {**plain, "generator": {**(plain.get("generator") or {}), **fields}}


def _edited(text: str, name: str, fields: Mapping[str, Any], sha256: str, file: Written) -> str:
    skip = len(text) - len(text.removeprefix("\ufeff"))
    body, breaks = text[skip:], "\r\n" if "\r\n" in text else "\n"
    root = compose(body, file)
    _, take = _entry(_entry(root, "takes")[1], name)
    edits = list(_edits(body, take, fields, sha256))
    for start, stop, piece in sorted(edits, reverse=True):
        body = body[:start] + piece.replace("\n", breaks) + body[stop:]
    return text[:skip] + body


def _edits(text: str, take: Any, fields: Mapping[str, Any], sha256: str) -> Iterator[Edit]:
    start, stop = take.start_mark.index, take.end_mark.index
    if not isinstance(take, MappingNode):  # a path alone
        kept = text[start:stop].rstrip()
        yield (
            start,
            start + len(kept),
            f"{{file: {kept}, sha256: {scalar(sha256)}, generator: {flow_text(fields)}}}",
        )
        return
    key, generator = _entry(take, "generator")
    if key is None:
        yield _put(text, take, {"generator": dict(fields)})
        return
    fresh = dict(fields)
    for field in fields:
        there, value = _entry(generator, field)
        if there is not None:
            kept = text[value.start_mark.index : value.end_mark.index].rstrip()
            yield value.start_mark.index, value.start_mark.index + len(kept), flow_text(fresh.pop(field))
    if fresh:
        yield _put(text, generator, fresh)


def _put(text: str, block: Any, entries: Mapping[str, Any]) -> Edit:
    """Returns the edit that adds keys at the end of a mapping, in the style that it is written in."""
    if block.flow_style:
        at = block.end_mark.index - 1
        empty = text[:at].rstrip().endswith(("{", ","))
        return at, at, ("" if empty else ", ") + flow_text(entries)[1:-1]
    at = text.find("\n", end_of(block, text))
    lines = _lines(entries, " " * block.start_mark.column)
    if at < 0:
        return len(text), len(text), "\n" + "\n".join(lines) + "\n"
    return at + 1, at + 1, "".join(f"{line}\n" for line in lines)


def _lines(entries: Mapping[str, Any], indent: str) -> list[str]:
    generator = entries.get("generator")
    if isinstance(generator, dict):
        return [f"{indent}generator:", *generator_lines(generator, f"{indent}  ")]
    return generator_lines(entries, indent)


def _entry(block: Any, name: str) -> tuple[Any, Any]:
    """Returns a mapping's key node and value node of that name; None for both if it has none."""
    return next(((key, value) for key, value in block.value if key.value == name), (None, None))
