"""Parses the blocks assertion of a manifest, in each of its versions.

It is signed, but not necessarily by us: what cannot be parsed is refused.

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
_BLOCK_SIZES = range(1, (64 << 20) + 1)

Row = tuple["SignedBlock", ...]


@dataclass(frozen=True, slots=True)
class SignedBlock:
    """One block of an `mdat`'s payload as it was signed. size: in bytes (in Blocks.1 the last may be shorter);
    sha256: 32 bytes; shown: its seconds of the film, (first, last), None where nothing in it is presented."""

    size: int
    sha256: bytes
    shown: tuple[float, float] | None


def parse_blocks(signed: Mapping[str, Any]) -> tuple[Row, ...]:
    """Returns the blocks of each `mdat`, in file order. Raises SourceError if they cannot be parsed."""
    try:
        return _rows(signed)
    except (KeyError, TypeError, ValueError, binascii.Error) as exc:
        raise _unreadable() from exc


def parse_boxes(signed: Mapping[str, Any]) -> dict[str, str] | None:
    """Returns the digest (base64) of each box but `mdat`, by path, in file order; None in a version without them.

    Raises SourceError if they cannot be parsed.
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
    parse = _PARSERS[signed.get("schema", _OLDER)]
    return tuple(tuple(_checked(parse(signed, entry)) for entry in row["blocks"]) for row in signed["mdat"])


def _parse_version_2(_: Mapping[str, Any], entry: Any) -> SignedBlock:
    size, digest, *shown = entry
    return SignedBlock(int(size), b64decode(digest, validate=True), _shown(*shown))


def _parse_version_1(signed: Mapping[str, Any], entry: Any) -> SignedBlock:
    digest, *shown = entry
    return SignedBlock(int(signed["block_bytes"]), bytes.fromhex(digest), _shown(*shown))


_PARSERS: dict[str, Callable[[Mapping[str, Any], Any], SignedBlock]] = {
    _OLDER: _parse_version_1,
    SCHEMA: _parse_version_2,
}


def _shown(first: Any, last: Any) -> tuple[float, float] | None:
    if first is None:
        return None
    span = float(first), float(last)
    if not all(map(math.isfinite, span)):
        raise ValueError("seconds")
    return span


def _checked(block: SignedBlock) -> SignedBlock:
    if block.size not in _BLOCK_SIZES or len(block.sha256) != 32:
        raise ValueError("block")
    return block


def _unreadable() -> SourceError:
    return SourceError("the blocks assertion cannot be read", where=LABEL, expected=f"{SCHEMA} or {_OLDER}")
