"""Searches files for texts, such as prompts, in the forms in which a file may hold them."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from post.errors import SourceError
from post.os_faults import retry_of

BLOCK_BYTES = 1 << 20


def forms_of(text: str) -> tuple[bytes, ...]:
    """Returns a text as it may be in a file: in UTF-8, as JSON writes it, and as a page does."""
    escaped = (json.dumps(text, ensure_ascii=ascii_only)[1:-1] for ascii_only in (False, True))
    return tuple(dict.fromkeys(each.encode() for each in (text, *escaped, html.escape(text))))


def find_texts(path: Path, wanted: Mapping[Any, tuple[bytes, ...]]) -> set[Any]:
    """Returns the keys of `wanted` one of whose forms is somewhere in a file."""
    longest = max((len(form) for forms in wanted.values() for form in forms), default=0)
    left: set[Any] = set()
    with path.open("rb") as source:
        before = b""
        while block := source.read(BLOCK_BYTES):
            # A text may start in one block and end in the next.
            window = before + block
            left |= {key for key, forms in wanted.items() if any(form in window for form in forms)}
            before = window[-longest:] if longest else b""
    return left


def find_telling(paths: Iterable[Path], forms: Sequence[bytes]) -> tuple[Path, ...]:
    """Returns those of the files that are there and hold a text. forms: as `forms_of` writes it.

    Raises SourceError if one cannot be read.
    """
    wanted = {form: (form,) for form in forms}
    found = []
    for path in dict.fromkeys(paths):
        try:
            if path.is_file() and find_texts(path, wanted):
                found.append(path)
        except OSError as exc:
            raise (
                retry_of(exc, str(path))
                or SourceError("cannot be searched", where=str(path), got=exc.strerror)
            ) from exc
    return tuple(found)
