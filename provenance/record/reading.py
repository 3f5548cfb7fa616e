"""From a request and an answer to a clip's record.

    made = record(request, response, Path("shot.mp4"), operator="M. Weber")
    write_sidecar(made, Path("shot.mp4"))

Services return no seed, no rewritten prompt and addresses that last a day: what was asked has to be written
down when it is asked, and the file's hash when it is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from post.atomic import Checksum, checksum
from post.errors import JobError, SourceError
from provenance.record.model import FIELDS, How, Known, Record, merged
from provenance.record.paths import at, others, text
from provenance.record.recorders import Recorder, Row, find, recognised

ARCHIVE_LIMIT = 10_000


def record(
    request: Any, response: Any, file: Path, *, provider: str = "", told_by: Mapping[str, str] | None = None
) -> Record:
    """The record of a clip, from the JSON sent to a service and the JSON it answered (either may be None).

    provider: a recorder's name, found from the answer where not given; told_by: fields its makers add
    ("operator", "cost", "visible_mark"). What was sent counts as recorded, what was answered as
    provider-asserted. Secrets are left out. Hashes the file.
    Raises SourceError where the file cannot be read, JobError where the service cannot be told.
    """
    digest, size = hash_of(file)
    answer = _one_of(response, file)
    service = find(provider) if provider else recognised(request, answer, file.name)
    asked, told = list(service.request(request)), list(service.response(answer))
    used = {f"request.{place}" for _, _, place in asked} | {f"response.{place}" for _, _, place in told}
    return Record(
        digest,
        size,
        merged(
            by_hand(told_by or {}),
            [Known("provider", service.name, "recorded" if request is not None else "provider-asserted")],
            _known(asked, "recorded"),
            _known(told, "provider-asserted"),
        ),
        _others(service, request, answer, used),
    )


def by_hand(fields: Mapping[str, str]) -> tuple[Known, ...]:
    """Fields told by the clip's makers themselves. Raises JobError for one that has no meaning here."""
    for name in fields:
        if name not in FIELDS:
            raise JobError("no field of a record", where=name, expected=" ".join(FIELDS))
    rows = ((name, text(value)) for name, value in fields.items())
    return tuple(Known(name, value, "recorded") for name, value in rows if value)


def hash_of(file: Path) -> Checksum:
    """sha256 and size of a file. Raises SourceError where it cannot be read."""
    try:
        return checksum(file)
    except OSError as exc:
        raise SourceError("the file cannot be read", where=str(file), got=exc.strerror) from exc


def _known(rows: list[Row], how: How) -> Iterator[Known]:
    said = ((name, text(value)) for name, value, _ in rows)
    return (Known(name, value, how) for name, value in said if value)


def _others(service: Recorder, request: Any, answer: Any, used: set[str]) -> tuple[tuple[str, str], ...]:
    """What the JSON told besides. A graph of nodes is not: its fields are read, its file is hashed."""
    if service.name == "comfyui":
        return ()
    kept = {name: each for name, each in (("request", request), ("response", answer)) if each is not None}
    return others(kept, used)


def _one_of(response: Any, file: Path) -> Any:
    """The answer about this file, out of a list of them (an account's archive): the one whose id its
    file's name holds, or the only one. Raises JobError where that cannot be told."""
    listed = at(response, "data")
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
    found = at(each, "id")
    return found if isinstance(found, str) else ""
