"""The blocks assertion as it lies in a manifest, in every version there has been.

It is signed, but not necessarily by us: whatever cannot be read is refused.

    Blocks.2  {"schema", "alg": "sha256", "mdat": [{"bytes", "blocks": [[bytes, digest, first_s, last_s]]}],
               "boxes": [[path, digest]]}             digests in base64; seconds null where nothing is shown
    Blocks.1  {"schema", "alg": "sha256", "block_bytes", "mdat": [{"bytes", "blocks": [[digest, first_s, last_s]]}]}
               digests in hexadecimal; all blocks of one size but the last
"""

from __future__ import annotations

import binascii
import math
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from post.errors import SourceError

LABEL = "org.answerprint.blocks"
SCHEMA = "Blocks.2"
ALGORITHM = "sha256"
_OLDER = "Blocks.1"
_SANE_BLOCK = range(1, (64 << 20) + 1)

Row = tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of an `mdat`'s payload. size: at most so many bytes (in Blocks.1 the last may be shorter).
    shown: the seconds it holds."""

    size: int
    sha256: bytes
    shown: tuple[float, float] | None


def rows_of(signed: Mapping[str, Any]) -> tuple[Row, ...]:
    """The blocks of each `mdat`. Raises SourceError where they cannot be read."""
    try:
        return _rows(signed)
    except (KeyError, TypeError, ValueError, binascii.Error) as exc:
        raise _unreadable() from exc


def boxes_of(signed: Mapping[str, Any]) -> dict[str, str] | None:
    """The digest (base64) of each box but `mdat`, by path and in order; None in a version without them.

    Raises SourceError where they cannot be read.
    """
    if signed.get("schema") != SCHEMA:
        return None
    try:
        return {str(place): str(digest) for place, digest in signed["boxes"]}
    except (KeyError, TypeError, ValueError) as exc:
        raise _unreadable() from exc


def _rows(signed: Mapping[str, Any]) -> tuple[Row, ...]:
    if signed.get("alg") != ALGORITHM:
        raise ValueError("alg")
    read = _READERS[signed.get("schema", _OLDER)]
    return tuple(tuple(_checked(read(signed, entry)) for entry in row["blocks"]) for row in signed["mdat"])


def _second(_: Mapping[str, Any], entry: Any) -> Block:
    size, digest, *shown = entry
    return Block(int(size), b64decode(digest, validate=True), _shown(*shown))


def _first(signed: Mapping[str, Any], entry: Any) -> Block:
    digest, *shown = entry
    return Block(int(signed["block_bytes"]), bytes.fromhex(digest), _shown(*shown))


_READERS: dict[str, Callable[[Mapping[str, Any], Any], Block]] = {_OLDER: _first, SCHEMA: _second}


def _shown(first: Any, last: Any) -> tuple[float, float] | None:
    if first is None:
        return None
    span = float(first), float(last)
    if not all(map(math.isfinite, span)):
        raise ValueError("seconds")
    return span


def _checked(block: Block) -> Block:
    if block.size not in _SANE_BLOCK or len(block.sha256) != 32:
        raise ValueError("block")
    return block


def _unreadable() -> SourceError:
    return SourceError("the blocks assertion cannot be read", where=LABEL, expected=f"{SCHEMA} or {_OLDER}")
