"""Makes a clip's record from the request that was sent to a service and its answer.

    made = record(request, response, Path("shot.mp4"), maker={"operator": "M. Weber"})
    write_sidecar(made, Path("shot.mp4"))

Services return no seed and no rewritten prompt, and their URLs last a day. So the request must be recorded when it is
sent, and the file's hash when it is downloaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from post.atomic import Checksum, checksum
from post.errors import JobError, SourceError
from post.os_faults import retry_of
from provenance.record.model import FIELDS, FieldValue, GeneratorRecord, How, merge
from provenance.record.paths import get, list_others, to_text
from provenance.record.recorders import FoundField, Recorder, find_recorder, recognise

ARCHIVE_LIMIT = 10_000


def record(
    request: Any, response: Any, file: Path, *, provider: str = "", maker: Mapping[str, str] | None = None
) -> GeneratorRecord:
    """Returns the record of a clip from the JSON of a request and of its answer; either may be None.

    provider: a recorder's name, recognised by the answer if not given; maker: fields that the clip's makers add
    ("operator", "cost", "visible_mark"). The request's fields are "recorded", the answer's "provider-asserted".
    Secrets are left out. Hashes the file.
    Raises SourceError if the file cannot be read, JobError if the service cannot be recognised.
    """
    digest, size = hash_of(file)
    answer = _choose_clip(response, file)
    service = find_recorder(provider) if provider else recognise(request, answer, file.name)
    sent, answered = list(service.read_request(request)), list(service.read_response(answer))
    used = {f"request.{path}" for _, _, path in sent} | {f"response.{path}" for _, _, path in answered}
    return GeneratorRecord(
        digest,
        size,
        merge(
            from_maker(maker or {}),
            [
                FieldValue(
                    "provider", service.name, "recorded" if request is not None else "provider-asserted"
                )
            ],
            _to_values(sent, "recorded"),
            _to_values(answered, "provider-asserted"),
        ),
        _others(service, request, answer, used),
    )


def from_maker(fields: Mapping[str, str]) -> tuple[FieldValue, ...]:
    """Returns fields that a clip's makers state themselves, as recorded. Raises JobError for an unknown field."""
    for name in fields:
        if name not in FIELDS:
            raise JobError("no field of a record", where=name, expected=" ".join(FIELDS))
    rows = ((name, to_text(value)) for name, value in fields.items())
    return tuple(FieldValue(name, value, "recorded") for name, value in rows if value)


def hash_of(file: Path) -> Checksum:
    """Returns the sha256 and the size of a file. Raises SourceError if it cannot be read."""
    try:
        return checksum(file)
    except OSError as exc:
        raise (
            retry_of(exc, str(file))
            or SourceError("the file cannot be read", where=str(file), got=exc.strerror)
        ) from exc


def _to_values(rows: list[FoundField], how: How) -> Iterator[FieldValue]:
    texts = ((name, to_text(value)) for name, value, _ in rows)
    return (FieldValue(name, text, how) for name, text in texts if text)


def _others(service: Recorder, request: Any, answer: Any, used: set[str]) -> tuple[tuple[str, str], ...]:
    """Returns the values that are no fields; none for ComfyUI, whose graphs are read whole by `comfy`."""
    if service.name == "comfyui":
        return ()
    both = {name: each for name, each in (("request", request), ("response", answer)) if each is not None}
    return list_others(both, used)


def _choose_clip(response: Any, file: Path) -> Any:
    """Returns the answer about this file, if there is a list of answers (an account's archive).

    It is the one whose id is in the file's name, or the only one. Raises JobError if there is no such answer.
    """
    listed = get(response, "data")
    if not isinstance(listed, list):
        return response
    named = [each for each in listed[:ARCHIVE_LIMIT] if _id(each) and _id(each) in file.stem]
    if len(named) == 1:
        return named[0]
    if len(listed) == 1:
        return listed[0]
    raise JobError(
        "the record is of several clips",
        where=file.name,
        expected="one whose id the file's name holds",
        got=f"{len(listed)} clips, {len(named)} of them so named",
        fix="name the file by its job's id, or give its own record",
    )


def _id(each: Any) -> str:
    found = get(each, "id")
    return found if isinstance(found, str) else ""
