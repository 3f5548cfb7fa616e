"""Writes a record beside its clip (`shot.record.json` beside `shot.mp4`), and reads records from files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from post.atomic import PRIVATE, is_file, replacing
from post.errors import JobError, OutputError
from post.os_faults import retry_of
from provenance.record.model import FieldValue, GeneratorRecord, merge
from provenance.record.paths import to_text
from provenance.record.reading import from_maker, hash_of, record
from provenance.record.strict_json import read_file

SCHEMA = "Record.1"
ENDING = ".record.json"
# A record cannot claim that a signature was verified: only verifying it shows that.
_ACCEPTED = ("recorded", "provider-asserted", "container-claimed")
MAX_ROWS = 256
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
            "maxItems": MAX_ROWS,
            "items": {
                "type": "object",
                "required": ["field", "value", "how"],
                "properties": {
                    "field": {"type": "string"},
                    "value": {"type": "string"},
                    "how": {"enum": list(_ACCEPTED)},
                },
            },
        },
        "other": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}


def to_json(made: GeneratorRecord) -> dict[str, Any]:
    """Returns a record as its sidecar's JSON."""
    return {
        "schema": SCHEMA,
        "sha256": made.sha256,
        "bytes": made.bytes,
        "known": [row._asdict() for row in made.known],
        "other": dict(made.other),
    }


def write_sidecar(made: GeneratorRecord, clip: Path) -> Path:
    """Writes a record beside its clip, whole or not at all. Returns its path.

    Raises OutputError if it cannot be written.
    """
    path = clip.with_name(clip.stem + ENDING)
    data = json.dumps(to_json(made), indent=2, ensure_ascii=False) + "\n"
    try:
        with replacing(path, lasting=True, mode=PRIVATE) as out:
            out.write(data.encode())
    except OSError as exc:
        raise (
            retry_of(exc, str(path))
            or OutputError("the record cannot be written", where=str(path), got=exc.strerror)
        ) from exc
    return path


def find_beside(clip: Path) -> Path | None:
    """Returns the record beside a clip: NAME.record.json, else NAME.json, else None."""
    places = (clip.with_name(clip.stem + ENDING), clip.with_suffix(".json"))
    return next(filter(is_file, places), None)


def read_record(
    path: Path, clip: Path, provider: str = "", maker: Mapping[str, str] | None = None
) -> GeneratorRecord:
    """Returns the record in a file: a sidecar, a service's answer, or {"request": ..., "response": ...}.

    provider, maker: as for `record`. Raises SourceError if a file cannot be read; JobError if the JSON is malformed,
    the record is of another clip, or its service cannot be recognised.
    """
    found = read_file(path)
    try:
        if isinstance(found, Mapping) and "schema" in found:
            return _read_sidecar(found, path, clip, from_maker(maker or {}))
        request, response = None, found
        if isinstance(found, Mapping) and {"request", "response"} <= set(found):
            request, response = found["request"], found["response"]
        return record(request, response, clip, provider=provider, maker=maker)
    except JobError as fault:
        raise fault.at(str(path)) from fault


def _read_sidecar(
    found: Mapping[str, Any], path: Path, clip: Path, maker: tuple[FieldValue, ...]
) -> GeneratorRecord:
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
    others = tuple((str(name)[:200], to_text(value)) for name, value in list(other.items())[:MAX_ROWS])
    return GeneratorRecord(digest, size, merge(maker, map(_parse_row, _rows(found))), others)


def _rows(found: Mapping[str, Any]) -> list[Any]:
    rows = found.get("known")
    if not isinstance(rows, list) or len(rows) > MAX_ROWS:
        raise JobError("no record", where="known", expected=f"a list of at most {MAX_ROWS} fields")
    return rows


def _parse_row(row: Any) -> FieldValue:
    data = row if isinstance(row, Mapping) else {}
    field, value, how = (data.get(name) for name in FieldValue._fields)
    if isinstance(field, str) and isinstance(value, str) and how in _ACCEPTED:
        return FieldValue(field[:80], to_text(value), str(how))
    raise JobError(
        "no field of a record",
        where="known",
        expected=f"field, value and how ({', '.join(_ACCEPTED)}), as text",
        got=repr(row)[:120],
    )
