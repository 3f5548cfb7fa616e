"""What every document of a log is held to: hashes in one form, JSON in one form, and nothing that was not asked for."""

from __future__ import annotations

import json
import re

_SHA256 = re.compile(r"[0-9a-f]{64}")


def is_sha256(text: object) -> bool:
    """Says whether a value is a SHA-256 in 64 lower-case hex digits."""
    return isinstance(text, str) and _SHA256.fullmatch(text) is not None


def canonical_json(data: object) -> bytes:
    """Returns JSON with sorted keys and no spaces, in ASCII. Raises ValueError for a number that JSON lacks."""
    return json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    ).encode()


def require(holds: object, why: str) -> None:
    """Raises ValueError, with what is wrong, unless something holds."""
    if not holds:
        raise ValueError(why)
