"""JSON from somewhere else, read within bounds: its size, its depth, and no word twice."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from post.errors import JobError, SourceError

# A ComfyUI workflow of 500 nodes is under 1 MB; a response that is larger holds the video itself.
MOST_BYTES = 8 << 20
MOST_DEPTH = 64
# A string that does not end is one match too: were it none, each quote in it would be gone on from again.
_MARKS = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[][{}]', re.DOTALL)


def read_file(path: Path) -> Any:
    """The JSON in a file. Raises SourceError where it cannot be read, JobError where it is no such JSON."""
    try:
        with path.open("rb") as source:
            data = source.read(MOST_BYTES + 1)
    except OSError as exc:
        raise SourceError(
            "the record cannot be read", where=str(path), got=exc.strerror, fix="check the path"
        ) from exc
    return read_bytes(data, str(path))


def read_bytes(data: bytes, where: str) -> Any:
    """JSON in UTF-8, at most 8 MB and 64 levels deep, with no key twice in one object and no NaN.

    Raises JobError where it is anything else.
    """
    if len(data) > MOST_BYTES:
        raise _no_json(where, f"more than {MOST_BYTES >> 20} MB", "leave out what is not the record")
    if _depth(data) > MOST_DEPTH:
        raise _no_json(where, f"more than {MOST_DEPTH} levels")
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_not_json)
    except UnicodeDecodeError as exc:
        raise _no_json(where, f"a byte that is not UTF-8 at {exc.start}") from exc
    except (ValueError, RecursionError) as exc:
        raise _no_json(where, str(exc)[:200]) from exc


def _depth(data: bytes) -> int:
    """How deep brackets nest, strings left out. Counted first, because the parser recurses."""
    depth = deepest = 0
    for mark in _MARKS.finditer(data):
        first = mark[0][:1]
        depth += (first in b"[{") - (first in b"]}")
        deepest = max(deepest, depth)
    return deepest


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key twice in one object")
    return found


def _not_json(word: str) -> NoReturn:
    raise ValueError(f"{word}, which JSON does not have")


def _no_json(where: str, got: str, fix: str = "") -> JobError:
    return JobError("no record can be read from this", where=where, expected="JSON", got=got, fix=fix)
