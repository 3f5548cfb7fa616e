"""Announces films once they lie at their place: registers them, and queues those that are time-stamped later.

    note(config, out, ...)     writes what is to be announced of a folder's set, before the set is published
    announce(config, out)      announces it, while the folder's receipt still says `unfinished`, and removes the note
    CONFIG/unannounced/        the notes: private files, one for each folder, of runs that are at work or were killed

A film is announced if the file at its place has the bytes that were noted, so no film is announced that was not
published. What a killed run noted is announced, or withdrawn, by the next run into the folder. Both functions are for
whoever owns the folder.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from post.atomic import checksum, open_regular, real_path
from post.deliver.finish import Deliverable, FinishedJob, FinishSetup
from post.errors import AnswerprintError, ProvenanceError
from post.os_faults import reading, retry_of, writing
from provenance.durable.fingerprint import unpack
from provenance.durable.registry import open_registry
from provenance.durable.registry_entry import RegisteredFilm, RegistryEntry, SoftBinding
from provenance.signing.private_file import private_folder, remove_unfinished, write_private
from provenance.signing.stamping import stamp_queue
from provenance.signing.stamping.stamp_queue import PendingStamp

_FOLDER = "unannounced"


@dataclass(frozen=True, slots=True, eq=False)
class Announcement:
    """One film to be announced.

    film: where it lies once it is published; sha256: of its bytes; registry: the folder where `entry` is added, None
    for nowhere; stamp: what the queue is told, None for a film that waits for no time-stamp.
    """

    film: Path
    sha256: str
    registry: Path | None = None
    entry: RegistryEntry | None = None
    stamp: PendingStamp | None = None


def announcements(films: Iterable[Deliverable], setup: FinishSetup) -> list[Announcement]:
    """Returns what is to be announced of films once they are published. One that was kept was announced before."""
    registry = setup.registering.folder if setup.registering else None
    # The folder without links. What lies at a film's name now may be a link, and is replaced.
    folder = real_path(setup.output.out)
    places = ((each, folder / each.path.name) for each in films if not each.kept)
    return [
        Announcement(place, each.sha256, registry, each.entry, setup.signer.pending_stamp(place))
        for each, place in places
    ]


def announcements_of(done: FinishedJob, setups: Sequence[FinishSetup]) -> list[Announcement]:
    """Returns what is to be announced of the films of all versions. setups: one for each version."""
    return [
        each
        for version, setup in zip(done.versions, setups, strict=True)
        for each in announcements(
            (film for film in done.deliverables if film.rendition in version.plan.renditions), setup
        )
    ]


def note(config: Path, out: Path, announcements: Sequence[Announcement]) -> None:
    """Notes what is to be announced once the set of a folder is published. config: the user's settings folder.

    Raises ProvenanceError if the note cannot be written, RetryError where the disk is full.
    """
    private_folder(config / _FOLDER)
    write_private(_path(config, out), json.dumps([_plain(each) for each in announcements]))


def announce(config: Path, out: Path) -> None:
    """Announces what was noted of a folder's films, those that lie there as they were noted. Does it once.

    Raises RetryError where the registry is busy or the disk is full; OutputError, SourceError or ProvenanceError
    where the registry, the queue or the note cannot be used. The note then stays, and the error names it.
    """
    path = _path(config, out)
    remove_unfinished(path)
    try:
        for each in _read(path):
            stamp_queue.remove_unfinished_entry(config, each.film)
            if _lies_there(each):
                _announce(config, each)
    except AnswerprintError as fault:
        raise fault.at(str(path)) from fault
    with writing(path):
        path.unlink(missing_ok=True)


def _announce(config: Path, film: Announcement) -> None:
    if film.registry is not None and film.entry is not None:
        with open_registry(film.registry) as registry:
            registry.add(film.entry)
    if film.stamp is None:  # whatever lay there before waits for nothing any more
        stamp_queue.remove(config, film.film)
    else:
        stamp_queue.add(config, film.stamp)


def _lies_there(film: Announcement) -> bool:
    with reading(film.film):
        try:
            return checksum(film.film).sha256 == film.sha256
        except FileNotFoundError:
            return False


def _path(config: Path, out: Path) -> Path:
    name = hashlib.sha256(str(real_path(out)).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return config / _FOLDER / f"{name}.json"


def _plain(film: Announcement) -> dict[str, Any]:
    return {
        "film": str(film.film),
        "sha256": film.sha256,
        "registry": film.registry and str(real_path(film.registry)),
        "entry": film.entry and _plain_entry(film.entry),
        "stamp": film.stamp and asdict(film.stamp) | {"film": str(film.stamp.film)},
    }


def _plain_entry(entry: RegistryEntry) -> dict[str, Any]:
    parts = {"manifest": entry.manifest, "fingerprint": entry.fingerprint.pack(), "iscc": entry.iscc}
    coded = {name: b64encode(part).decode() for name, part in parts.items()}
    return coded | {
        "film": asdict(entry.film),
        "bindings": [[each.alg, each.value] for each in entry.bindings],
    }


def _read(path: Path) -> Iterator[Announcement]:
    try:
        with open_regular(path) as file:
            films = [_film(data) for data in json.load(file)]
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as fault:
        raise (
            retry_of(fault, path)
            or ProvenanceError("a note of what to announce is malformed", fix="remove it")
        ) from fault
    yield from films


def _film(data: Any) -> Announcement:
    stamp, entry, registry = data["stamp"], data["entry"], data["registry"]
    return Announcement(
        Path(data["film"]),
        data["sha256"],
        Path(registry) if registry else None,
        _entry(entry) if entry else None,
        PendingStamp(Path(stamp["film"]), stamp["key"], stamp["tsa_url"]) if stamp else None,
    )


def _entry(data: Any) -> RegistryEntry:
    manifest, bits, iscc = (b64decode(data[name]) for name in ("manifest", "fingerprint", "iscc"))
    bindings = tuple(SoftBinding(alg, value) for alg, value in data["bindings"])
    return RegistryEntry(RegisteredFilm(**data["film"]), manifest, unpack(bits), iscc, bindings)
