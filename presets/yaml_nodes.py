"""Reads YAML so that every value knows its file and line.

It is strict: UTF-8, one document, each key once, no tags, and limits on the time and memory a hostile file can use.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, ComposerError, MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scanner import ScannerError

from post.errors import AnswerprintError, JobError, Problems
from post.os_faults import retry_of

# 2,000 takes with records and 2,000 cuts are under 1 MB and 34,000 values of 60 microseconds. Aliases count each time.
MOST_BYTES, MOST_VALUES, DEEPEST = 2_000_000, 60_000, 32
LONGEST_TEXT, MOST_REPEATED = 32_768, 50  # characters of the longest prompt that records keep; keys reported
# YAML writes both as escapes: no path, no font and no UTF-8 text can hold them.
_NO_TEXT = re.compile(r"[\0\ud800-\udfff]")
_TAG = "tag:yaml.org,2002:"
# How to correct text that is not YAML, by the kind of fault and the character where it was found.
_ADVICE: dict[tuple[type[MarkedYAMLError], str], str] = {
    (ScannerError, "\t"): "indent with spaces, not tabs",
    (ScannerError, ":"): "put the value in quotes if it holds a colon",
    (ComposerError, "-"): "keep one document in a file: leave out the line ---",
    (ComposerError, "*"): "put the value in quotes if it starts with *",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A file to read. label: its path as the user knows it; said: the name that its values are credited to ("house
    daylight"), or "" for name and line."""

    path: Path
    label: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One value, and where it was written. line: from 1, that of its key where it has one; text: a scalar as it is
    written."""

    value: Value
    line: int
    file: Written
    text: str = field(default="", compare=False)

    @property
    def where(self) -> str:
        """Returns the file and line that wrote the node, as `file:line`."""
        return f"{self.file.label}:{self.line}"

    @property
    def origin(self) -> str:
        """Returns what wrote the node, for people."""
        return self.file.said or f"{self.file.path.name}:{self.line}"

    @property
    def mapping(self) -> Mapping[str, Node]:
        """Returns its keys and their values; none where it is not a mapping."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> tuple[Node, ...]:
        """Returns its items; none where it is not a list."""
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def kind(self) -> str:
        """Returns its kind, in words."""
        if isinstance(self.value, dict):
            return "keys"
        if isinstance(self.value, tuple):
            return "a list"
        return repr(self.value) if isinstance(self.value, str) else self.text or "nothing"

    def plain(self) -> Any:
        """Returns the value without its places."""
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        if isinstance(self.value, tuple):
            return [item.plain() for item in self.value]
        return self.value

    def without(self, *keys: str) -> Node:
        """Returns the mapping without some of its keys."""
        kept = {key: item for key, item in self.mapping.items() if key not in keys}
        return Node(kept, self.line, self.file)


Value = None | bool | int | float | str | tuple[Node, ...] | dict[str, Node]


def merge(base: Node, over: Node) -> Node:
    """Returns `over` merged into `base`: mappings key by key; any other value in `over` replaces that of `base`."""
    if not (isinstance(base.value, dict) and isinstance(over.value, dict)):
        return over
    merged = dict(base.value)
    for key, item in over.value.items():
        merged[key] = merge(merged[key], item) if key in merged else item
    return Node(merged, over.line, over.file)


def read(file: Written) -> Node:
    """Returns the mapping in a file. Raises JobError, or Problems naming every duplicate key."""
    return read_text(_decode(_bytes(file), file), file)


def read_text(text: str, file: Written) -> Node:
    """Returns the mapping in a text, as if it were the file's. Raises what `read` does."""
    text = text.removeprefix("\ufeff")
    return _NodeBuilder(file).build(compose(text, file))


def compose(text: str, file: Written) -> Any:
    """Returns ruamel's own nodes of a text, which know where they start and end, for edits of the text.

    Raises JobError where it is not YAML, nests too deep, or holds too many values. Call `read_text` first, for the
    limits on each value.
    """
    reader = YAML(typ="safe", pure=True)
    reader.max_depth, reader.Composer = DEEPEST + 1, _CountingComposer
    try:
        root = reader.compose(text)
    except MaxDepthExceededError as fault:
        raise _too_deep(file, fault.problem_mark.line + 1 if fault.problem_mark else 1) from fault
    except JobError as fault:
        raise fault.at(file.label) from fault
    except ReaderError as fault:
        where = f"{file.label}:{text.count(chr(10), 0, fault.position) + 1}"
        raise JobError("a control character", where=where, got=f"U+{fault.character:04X}") from fault
    except MarkedYAMLError as fault:
        raise _not_yaml(fault, file, text) from fault
    except YAMLError as fault:
        raise JobError("not YAML", where=file.label, got=str(fault).splitlines()[0]) from fault
    if root is None:
        raise JobError("empty", where=file.label, expected="keys and values, such as `title: Spot`")
    return root


class _CountingComposer(Composer):
    """Stops at the first value too many, instead of after all are read."""

    made = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self.made += index is not None  # a key has no index
        if self.made > MOST_VALUES:
            raise _too_many()
        return super().compose_node(parent, index)


def _bytes(file: Written) -> bytes:
    if not os.path.isfile(file.path):  # noqa: PTH113  never raises, whatever the path is
        got = "a device or a pipe" if os.path.exists(file.path) else "no such file"  # noqa: PTH110
        got = "a folder" if os.path.isdir(file.path) else got  # noqa: PTH112
        fix = "check the path"
        raise JobError("cannot be read", where=file.label, expected="a YAML file", got=got, fix=fix)
    try:
        size = file.path.stat().st_size
        if size > MOST_BYTES:
            raise JobError("too large", where=file.label, expected=f"up to {MOST_BYTES} bytes", got=size)
        # Files of the kernel say that they hold nothing, and may never end.
        return file.path.read_bytes()[:MOST_BYTES] if size else b""
    except OSError as fault:
        raise (
            retry_of(fault, file.label) or JobError("cannot be read", where=file.label, got=fault.strerror)
        ) from fault


def _decode(data: bytes, file: Written) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        where, got = f"{file.label}:{line}", f"byte 0x{data[fault.start]:02x}"
        raise JobError("not UTF-8 text", where=where, got=got, fix="save it as UTF-8") from fault


def _not_yaml(fault: MarkedYAMLError, file: Written, text: str) -> JobError:
    mark = fault.problem_mark or fault.context_mark
    where = f"{file.label}:{mark.line + 1}" if mark else file.label
    letter = text[mark.index : mark.index + 1] if mark else ""
    advice = _ADVICE.get((type(fault), letter), "check the brackets, quotes and indents there")
    said = (fault.problem or fault.context or "").replace("character '\\t'", "a tab")
    return JobError(f"not YAML ({said})", where=where, fix=advice)


def _too_deep(file: Written, line: int) -> JobError:
    return JobError("nested too deeply", where=f"{file.label}:{line}", expected=f"up to {DEEPEST} levels")


def _too_many(where: str = "") -> JobError:
    return JobError("too many values", where=where, expected=f"up to {MOST_VALUES}")


class _NodeBuilder:
    """Turns ruamel's nodes into ours, and counts them."""

    def __init__(self, file: Written) -> None:
        self.file, self.made, self.twice = file, 0, list[AnswerprintError]()

    def build(self, root: Any) -> Node:
        if not isinstance(root, MappingNode):
            got = "a list" if isinstance(root, SequenceNode) else "one value"
            raise JobError("not a set of keys", where=f"{self.file.label}:1", expected="key: value", got=got)
        node = self._node(root, root.start_mark.line + 1, 0)
        if self.twice:
            raise Problems(self.twice)
        return node

    def _node(self, raw: Any, line: int, depth: int) -> Node:
        self.made += 1
        if self.made > MOST_VALUES:
            raise _too_many(self.file.label)
        if depth > DEEPEST:
            raise _too_deep(self.file, line)
        if isinstance(raw, ScalarNode):
            self._bounded(raw.value, line)
            return Node(self._scalar(raw, line), line, self.file, raw.value)
        self._untagged(raw, line, ("map", "seq"))
        if isinstance(raw, SequenceNode):
            items = tuple(self._node(item, item.start_mark.line + 1, depth + 1) for item in raw.value)
            return Node(items, line, self.file)
        return Node(self._keys(raw, depth), line, self.file)

    def _keys(self, raw: Any, depth: int) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for key, value in raw.value:
            line = key.start_mark.line + 1
            if not isinstance(key, ScalarNode):
                raise JobError("a key that is not text", where=f"{self.file.label}:{line}", expected="a word")
            self._bounded(key.value, line)
            if key.value in found and len(self.twice) < MOST_REPEATED:
                first = found[key.value].where
                self.twice.append(
                    JobError(
                        "a key written twice",
                        where=f"{self.file.label}:{line}: {key.value}",
                        fix=f"keep one; the first is at {first}",
                    )
                )
            found[key.value] = self._node(value, line, depth + 1)
        return found

    def _bounded(self, text: str, line: int) -> None:
        where = f"{self.file.label}:{line}"
        if len(text) > LONGEST_TEXT:
            raise JobError(
                "too long", where=where, expected=f"up to {LONGEST_TEXT} characters", got=len(text)
            )
        if found := _NO_TEXT.search(text):
            got = f"U+{ord(found[0]):04X}"
            raise JobError("a character that no text can hold", where=where, got=got, fix="take it out")

    def _untagged(self, raw: Any, line: int, known: tuple[str, ...]) -> str:
        tag = str(raw.tag).removeprefix(_TAG)
        if tag not in known:
            got = str(raw.tag).replace(_TAG, "!!")
            raise JobError("a YAML tag", where=f"{self.file.label}:{line}", expected="plain values", got=got)
        return tag

    def _scalar(self, raw: Any, line: int) -> bool | int | float | str | None:
        tag = self._untagged(raw, line, (*_SCALARS, "str", "timestamp", "value", "merge"))
        reader = _SCALARS.get(tag)
        try:
            return str(raw.value) if reader is None else reader(raw.value)
        except ValueError:
            # A number that Python does not read (5,000 digits, .nan, 0o9) stays text; its knob then refuses it.
            return str(raw.value)


def _whole(text: str) -> int:
    # YAML 1.2 core schema: 012 is twelve; only 0x and 0o change the base.
    return int(text.replace("_", ""), 0 if text[1:2] in ("x", "o") else 10)


def _decimal(text: str) -> float:
    number = float(text.replace("_", ""))
    if not math.isfinite(number):
        raise ValueError(text)
    return number


_SCALARS: dict[str, Callable[[str], bool | int | float | None]] = {
    "null": lambda _: None, "bool": lambda text: text.lower() == "true", "int": _whole, "float": _decimal,
}  # fmt: skip
