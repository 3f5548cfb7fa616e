"""Reads JSON from strangers: with limits on its size and depth, without duplicate keys and NaN."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from post.atomic import open_regular
from post.errors import JobError, SourceError
from post.os_faults import retry_of

# A ComfyUI workflow of 500 nodes is under 1 MB; a response that is larger holds the video itself.
MAX_BYTES = 8 << 20
MAX_DEPTH = 64
# A string without an end is one match too. Otherwise each quote in it would start the search again.
_MARKS = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[][{}]', re.DOTALL)


def read_file(path: Path) -> Any:
    """Returns the JSON in a file. Raises SourceError if the file cannot be read, JobError as `read_bytes` does."""
    try:
        with open_regular(path) as source:  # a pipe would wait for its writer
            data = source.read(MAX_BYTES + 1)
    except OSError as exc:
        raise (
            retry_of(exc, str(path))
            or SourceError(
                "the record cannot be read", where=str(path), got=exc.strerror, fix="check the path"
            )
        ) from exc
    return read_bytes(data, str(path))


def read_bytes(data: bytes, where: str, *, most_bytes: int = MAX_BYTES) -> Any:
    """Returns the JSON in UTF-8 bytes. where: named in the error.

    Raises JobError if it is no JSON, larger than `most_bytes`, deeper than 64 levels, or has a key twice or a NaN.
    """
    if len(data) > most_bytes:
        raise _no_json(where, f"more than {most_bytes >> 20} MB", "leave out what is not the record")
    if _depth(data) > MAX_DEPTH:
        raise _no_json(where, f"more than {MAX_DEPTH} levels")
    try:
        return json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_check_keys, parse_constant=_refuse_constant
        )
    except UnicodeDecodeError as exc:
        raise _no_json(where, f"a byte that is not UTF-8 at {exc.start}") from exc
    except (ValueError, RecursionError) as exc:
        raise _no_json(where, str(exc)[:200]) from exc


def _depth(data: bytes) -> int:
    """Returns how deep brackets nest outside strings. Counted before parsing, because the parser recurses."""
    depth = deepest = 0
    for mark in _MARKS.finditer(data):
        first = mark[0][:1]
        depth += (first in b"[{") - (first in b"]}")
        deepest = max(deepest, depth)
    return deepest


def _check_keys(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key twice in one object")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name}, which JSON does not have")


def _no_json(where: str, got: str, fix: str = "") -> JobError:
    return JobError("no record can be read from this", where=where, expected="JSON", got=got, fix=fix)
