"""A job file as plain data, and plain data as the text of a job file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from post.job.upgrade import upgrade
from post.job.yaml_text import flow_text, scalar
from presets.yaml_nodes import Written, read

LONGEST_LINE = 100  # letters that an entry may have on one line


def plain_job(path: Path) -> dict[str, Any]:
    """Returns what a job file says, in today's form, without its places: mappings, lists, texts and numbers.

    Raises JobError if the file is not YAML or cannot be read.
    """
    plain = upgrade(read(Written(path, str(path)))).plain()
    return plain if isinstance(plain, dict) else {}


def job_text(job: Mapping[str, Any], remark: str = "") -> str:
    """Returns the text of a job file that says `job`. remark: lines of a comment at its head."""
    head = [f"# {line}".rstrip() for line in remark.splitlines()]
    return "\n".join([*head, *_block(job, "")]) + "\n"


def _block(value: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, item in value.items():
        yield from _entry(f"{indent}{scalar(str(key))}:", item, f"{indent}  ")


def _entry(head: str, item: Any, indent: str) -> Iterator[str]:
    if not isinstance(item, Mapping | list | tuple) or not item:
        yield f"{head} {flow_text(item)}"
    elif isinstance(item, Mapping):
        line = f"{head} {flow_text(item)}"
        nested = any(isinstance(each, Mapping | list | tuple) and each for each in item.values())
        if len(line) <= LONGEST_LINE and not nested:
            yield line
        else:
            yield head
            yield from _block(item, indent)
    elif all(not isinstance(each, Mapping) for each in item):
        yield f"{head} {flow_text(item)}"
    else:
        yield head
        for each in item:
            yield from _item(each, indent)


def _item(item: Any, indent: str) -> Iterator[str]:
    line = f"{indent}- {flow_text(item)}"
    if len(line) <= LONGEST_LINE or not isinstance(item, Mapping):
        yield line
        return
    rows = list(_block(item, f"{indent}  "))
    yield f"{indent}- {rows[0].lstrip()}"
    yield from rows[1:]
