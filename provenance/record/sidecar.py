"""A record beside its clip: shot.mp4 has shot.record.json. And whatever JSON a service left there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from post.atomic import PRIVATE, replacing
from post.errors import JobError, OutputError
from provenance.record.model import Known, Record, merged
from provenance.record.paths import text
from provenance.record.reading import by_hand, hash_of, record
from provenance.record.strict_json import read_file

SCHEMA = "Record.1"
ENDING = ".record.json"
# A file cannot vouch for itself: that a signature was verified is found out, not read.
_BELIEVED = ("recorded", "provider-asserted", "container-claimed")
MOST_ROWS = 256
# The sidecar as JSON Schema (draft 7, which editors know).
JSON_SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "A clip's generator record",
    "type": "object",
    "required": ["schema", "sha256", "known"],
    "properties": {
        "schema": {"const": SCHEMA},
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "of the clip"},
        "bytes": {"type": "integer", "minimum": 1, "description": "of the clip"},
        "known": {
            "type": "array",
            "maxItems": MOST_ROWS,
            "items": {
                "type": "object",
                "required": ["field", "value", "how"],
                "properties": {
                    "field": {"type": "string"},
                    "value": {"type": "string"},
                    "how": {"enum": list(_BELIEVED)},
                },
            },
        },
        "other": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}


def plain(made: Record) -> dict[str, Any]:
    """A record as its sidecar holds it."""
    return {
        "schema": SCHEMA,
        "sha256": made.sha256,
        "bytes": made.bytes,
        "known": [row._asdict() for row in made.known],
        "other": dict(made.other),
    }


def write_sidecar(made: Record, clip: Path) -> Path:
    """Writes a record beside its clip, whole or not at all, and returns its path.

    Raises OutputError where it cannot be written.
    """
    path = clip.with_name(clip.stem + ENDING)
    data = json.dumps(plain(made), indent=2, ensure_ascii=False) + "\n"
    try:
        with replacing(path, lasting=True, mode=PRIVATE) as out:
            out.write(data.encode())
    except OSError as exc:
        raise OutputError("the record cannot be written", where=str(path), got=exc.strerror) from exc
    return path


def beside(clip: Path) -> Path | None:
    """The record that lies beside a clip: NAME.record.json before NAME.json; None where there is none."""
    places = (clip.with_name(clip.stem + ENDING), clip.with_suffix(".json"))
    return next((place for place in places if place.is_file()), None)


def read_record(
    path: Path, clip: Path, provider: str = "", told_by: Mapping[str, str] | None = None
) -> Record:
    """The record in a file: a sidecar, a service's answer, or {"request": ..., "response": ...}.

    Raises SourceError where a file cannot be read; JobError where the record is no such JSON, is of
    another clip, or is of a service that cannot be told.
    """
    found = read_file(path)
    try:
        if isinstance(found, Mapping) and "schema" in found:
            return _sidecar(found, path, clip, by_hand(told_by or {}))
        request, response = None, found
        if isinstance(found, Mapping) and {"request", "response"} <= set(found):
            request, response = found["request"], found["response"]
        return record(request, response, clip, provider=provider, told_by=told_by)
    except JobError as fault:
        raise fault.at(str(path)) from fault


def _sidecar(found: Mapping[str, Any], path: Path, clip: Path, told: tuple[Known, ...]) -> Record:
    if found["schema"] != SCHEMA:
        raise JobError("a record of another version", expected=SCHEMA, got=repr(found["schema"])[:80])
    digest, size = hash_of(clip)
    if found.get("sha256") != digest:
        raise JobError(
            "the record is of another clip",
            expected=f"sha256 {digest}",
            got=repr(found.get("sha256"))[:80],
            fix=f"check that {path.name} belongs to {clip.name}, or that the clip was not changed since",
        )
    other = found.get("other", {})
    if not isinstance(other, Mapping):
        raise JobError("no record", where="other", expected="names and texts", got=type(other).__name__)
    kept = tuple((str(name)[:200], text(value)) for name, value in list(other.items())[:MOST_ROWS])
    return Record(digest, size, merged(told, map(_row, _rows(found))), kept)


def _rows(found: Mapping[str, Any]) -> list[Any]:
    rows = found.get("known")
    if not isinstance(rows, list) or len(rows) > MOST_ROWS:
        raise JobError("no record", where="known", expected=f"a list of at most {MOST_ROWS} fields")
    return rows


def _row(row: Any) -> Known:
    told = row if isinstance(row, Mapping) else {}
    field, value, how = (told.get(name) for name in Known._fields)
    if isinstance(field, str) and isinstance(value, str) and how in _BELIEVED:
        return Known(field[:80], text(value), str(how))
    raise JobError(
        "no field of a record",
        where="known",
        expected=f"field, value and how ({', '.join(_BELIEVED)}), as text",
        got=repr(row)[:120],
    )
