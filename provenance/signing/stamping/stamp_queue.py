"""Keeps the list of films that were signed without a time-stamp: one small private file each, in a user's settings."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from post.atomic import open_regular, real_path
from post.errors import ProvenanceError
from post.os_faults import retry_of
from provenance.signing.private_file import private_folder, remove_unfinished, write_private

_FOLDER = "stamps"
_MAX_BYTES = 16 << 10


@dataclass(frozen=True, slots=True)
class PendingStamp:
    """A film that needs a time-stamp. key: the name of the key that signed it; tsa_url: the authority to ask."""

    film: Path
    key: str
    tsa_url: str


def add(config: Path, pending: PendingStamp) -> None:
    """Adds a film, or replaces its entry. config: the user's settings folder.

    Raises ProvenanceError if the entry cannot be written.
    """
    private_folder(config / _FOLDER)
    data = asdict(pending) | {"film": str(real_path(pending.film))}
    write_private(_entry_path(config, pending.film), json.dumps(data, indent=1) + "\n")


def list_pending(config: Path) -> tuple[PendingStamp, ...]:
    """Returns every film that needs a time-stamp, by path. Raises ProvenanceError if an entry is malformed."""
    found = [_read(path) for path in (config / _FOLDER).glob("*.json")]
    return tuple(sorted((each for each in found if each), key=lambda each: each.film))


def find(config: Path, film: Path) -> PendingStamp | None:
    """Returns a film's entry, None if it has none. Raises ProvenanceError if the entry is malformed."""
    return _read(_entry_path(config, film))


def remove(config: Path, film: Path) -> None:
    """Removes a film's entry, if there is one."""
    _entry_path(config, film).unlink(missing_ok=True)


def remove_unfinished_entry(config: Path, film: Path) -> None:
    """Removes what killed processes left of a film's entry. For whoever owns the film's folder."""
    remove_unfinished(_entry_path(config, film))


def _entry_path(config: Path, film: Path) -> Path:
    name = hashlib.sha256(str(real_path(film)).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return config / _FOLDER / f"{name}.json"


def _read(path: Path) -> PendingStamp | None:
    """Returns an entry; None if there is none, or another process has just removed it."""
    try:
        with open_regular(path) as file:
            data = json.loads(file.read(_MAX_BYTES))
        film, key, tsa_url = (_check_text(data[name]) for name in ("film", "key", "tsa_url"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as exc:
        raise (
            retry_of(exc, str(path))
            or ProvenanceError(
                "an entry of the queue is malformed",
                where=str(path),
                fix="remove it, and stamp the film by name",
            )
        ) from exc
    return PendingStamp(Path(film), key, tsa_url)


def _check_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not text")
    return value
