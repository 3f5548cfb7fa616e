"""Adds takes to a job file that people wrote. Everything else in the file stays as it is, byte for byte.

The new lines are put into the text. A YAML library's round trip would keep comments, but re-indent lists
and re-wrap long lines, and the next diff would show a file nobody edited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml.nodes import MappingNode, ScalarNode

from post.atomic import PRIVATE, real_path, replacing
from post.errors import JobError, OutputError
from post.job.sections.generator import Row, as_written
from post.job.write import relative, take_names
from post.job.yaml_text import flow_text, scalar
from post.os_faults import retry_of
from presets import Node
from presets.yaml_nodes import Written, compose, read, read_text


@dataclass(frozen=True, slots=True)
class NewTake:
    """A clip to add.

    name: "" to name it after its file; generator: how it was made, as (field, value, how it is known);
    accept: why it is taken although its credentials fail, or ""; beat: what of the brief it was made for, or ""; tags:
    (tag, value).
    """

    path: Path
    sha256: str
    name: str = ""
    generator: tuple[Row, ...] = ()
    accept: str = ""
    beat: str = ""
    tags: tuple[tuple[str, str], ...] = ()


def add_takes(job: Path, rows: Sequence[NewTake]) -> tuple[str, ...]:
    """Adds clips to a job file's takes and returns the names they got.

    A clip that is there already (the same content, or the same path with no content recorded) is left out.
    The file is replaced as a whole or not at all; the caller owns it, as `take_in` does. Raises JobError if it cannot
    be read, or names a clip whose content has changed; OutputError if it cannot be written.
    """
    path = real_path(job)
    root = read(Written(path, str(job)))
    known = root.mapping["takes"].mapping if "takes" in root.mapping else {}
    fresh = [row for row in _once(rows) if not _there(row, known, job)]
    if not fresh:
        return ()
    wanted = [Path(f"{row.name}.x") if row.name else row.path for row in fresh]
    names = take_names(wanted, known)
    added = {name: _fields(row, path.parent) for name, row in zip(names, fresh, strict=True)}
    text = path.read_bytes().decode()
    edited = with_takes(text, added, job)
    same_but_for(root, added, edited)
    replace_text(path, edited)
    return tuple(names)


def _once(rows: Sequence[NewTake]) -> list[NewTake]:
    return list({row.sha256: row for row in reversed(rows)}.values())[::-1]


def named(row: NewTake, known: Mapping[str, Node], job: Path) -> str:
    """Returns the job's name for a clip, or "". Raises JobError if the job has its path with other content."""
    return next((name for name, node in known.items() if _is(row, name, node, job)), "")


def _there(row: NewTake, known: Mapping[str, Node], job: Path) -> bool:
    return bool(named(row, known, job))


def _is(row: NewTake, name: str, node: Node, job: Path) -> bool:
    file, digest = node.mapping.get("file", node), node.mapping.get("sha256")
    if digest is not None and digest.text == row.sha256:
        return True
    if real_path(real_path(job).parent / file.text) != real_path(row.path):
        return False
    if digest is None:
        return True
    raise JobError(
        "the file has changed since it was taken in",
        where=f"{node.where}: takes.{name}",
        expected=f"sha256 {digest.text[:12]}...",
        got=f"{row.sha256[:12]}...",
        fix="remove the take first if the new file is meant",
    )


def _fields(row: NewTake, folder: Path) -> dict[str, Any]:
    made: dict[str, Any] = {"file": relative(row.path, folder), "sha256": row.sha256}
    if row.accept:
        made["accept"] = row.accept
    if row.beat:
        made["beat"] = row.beat
    if row.tags:
        made["tags"] = dict(row.tags)
    return {**made, "generator": as_written(row.generator)} if row.generator else made


def with_takes(text: str, added: Mapping[str, dict[str, Any]], job: Path) -> str:
    """Returns a job's text with takes added, in the style (block or flow) that its takes are written in.

    added: the fields of each, by its name. Raises JobError where its takes are no mapping.
    """
    skip = len(text) - len(text.removeprefix("\ufeff"))
    root = compose(text[skip:], Written(job, str(job)))
    breaks = "\r\n" if "\r\n" in text else "\n"
    found = [(key, item) for key, item in root.value if key.value == "takes"]
    if not found:
        head = "" if text.endswith("\n") else breaks
        return text + head + breaks.join(["takes:", *_lines(added, "  "), ""])
    key, takes = found[0]
    if isinstance(takes, ScalarNode) and not takes.value:
        return _after(text, skip + key.end_mark.index, _lines(added, "  "), breaks)
    if not isinstance(takes, MappingNode):
        raise JobError("takes are not names and paths", where=str(job), expected="name: path, one a line")
    if takes.flow_style:
        return _in_flow(text, skip + takes.end_mark.index - 1, added)
    indent = " " * takes.start_mark.column
    return _after(text, skip + end_of(takes, text[skip:]), _lines(added, indent), breaks)


def _lines(added: Mapping[str, dict[str, Any]], indent: str) -> list[str]:
    lines = []
    for name, fields in added.items():
        lines.append(f"{indent}{scalar(name)}:")
        for key, value in fields.items():
            if not isinstance(value, dict):
                lines.append(f"{indent}  {key}: {scalar(value)}")
                continue
            lines.append(f"{indent}  {key}:")
            lines += generator_lines(value, f"{indent}    ")
    return lines


def generator_lines(fields: Mapping[str, Any], indent: str) -> list[str]:
    """Returns the lines of a generator record, one for each field."""
    return [f"{indent}{scalar(name)}: {flow_text(said)}" for name, said in fields.items()]


def _in_flow(text: str, at: int, added: Mapping[str, dict[str, Any]]) -> str:
    """Returns the text with the takes added to a flow mapping. at: the position of its closing brace."""
    entries = flow_text(added)[1:-1]
    comma = "" if text[:at].rstrip().endswith(("{", ",")) else ", "
    return f"{text[:at].rstrip(' ')}{comma}{entries}{text[at:]}"


def _after(text: str, at: int, lines: Sequence[str], breaks: str) -> str:
    """Returns the text with lines added after the line that `at` is on, which may end in a comment."""
    stop = text.find("\n", at)
    head, tail = (text + breaks, "") if stop < 0 else (text[: stop + 1], text[stop + 1 :])
    return head + breaks.join([*lines, ""]) + tail


def end_of(block: Any, text: str) -> int:
    """Returns the position at which the last value of a block ends.

    The block's own end mark does not tell: it is where the next block starts, after that one's comments.
    """
    key, value = (None, block.value[-1]) if not isinstance(block, MappingNode) else block.value[-1]
    if key is not None and value.start_mark.index < key.start_mark.index:
        return int(key.end_mark.index)  # an alias: its value was written further up
    if isinstance(value, ScalarNode) or value.flow_style or not value.value:
        return len(text[: value.end_mark.index].rstrip())
    return end_of(value, text)


def same_but_for(before: Node, added: Mapping[str, Any], edited: str) -> None:
    """Raises JobError if the edit changed anything but these takes, as in a layout that is not known here."""
    plain = before.plain()
    expected = {**plain, "takes": {**(plain.get("takes") or {}), **added}}
    fault = JobError(
        "the takes cannot be added without changing more",
        where=before.file.label,
        fix="write the takes of this job one a line",
    )
    try:
        after = read_text(edited, before.file).plain()
    except JobError as cause:
        raise fault from cause
    if after != expected:
        raise fault


def replace_text(path: Path, text: str) -> None:
    """Replaces a file's text as a whole or not at all, and keeps its permissions. Raises OutputError."""
    try:
        with replacing(path, lasting=True, mode=PRIVATE) as out:
            out.write(text.encode())
            Path(out.name).chmod(path.stat().st_mode & 0o7777)
    except OSError as fault:
        raise (
            retry_of(fault, str(path))
            or OutputError("cannot be written", where=str(path), got=fault.strerror)
        ) from fault
