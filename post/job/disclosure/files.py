"""Reads files that a job names, and keeps the faults in them."""

from __future__ import annotations

from post.errors import JobError, Problems
from post.job.diagnostics import Diagnostics
from presets import Node
from presets.yaml_nodes import Written, read
from provenance.policy.document.fields import FieldReader


def keys_of_file(diagnostics: Diagnostics, node: Node, place: str) -> Node:
    """Returns the keys of the file that a value names; the value itself where it is no path, or cannot be read."""
    if not isinstance(node.value, str):
        return node
    empty = Node({}, node.line, node.file)
    path = diagnostics.source(node, place)
    if path is None:
        return empty
    try:
        return read(Written(path, str(diagnostics.path.parent / node.text)))
    except JobError as fault:
        keep_all(diagnostics, fault)
    return empty


def keep_faults(diagnostics: Diagnostics, fields: FieldReader) -> None:
    """Keeps the faults that a reader of fields found."""
    try:
        fields.close()
    except Problems as many:
        keep_all(diagnostics, many)


def keep_all(diagnostics: Diagnostics, fault: JobError) -> None:
    """Keeps a fault of another file, or each of several."""
    for each in fault.faults if isinstance(fault, Problems) else (fault,):
        diagnostics.keep(each)
