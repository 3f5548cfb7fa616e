"""Films signed without a time-stamp, waiting for one: a small private file each, in a user's settings."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from post.errors import ProvenanceError
from provenance.signing.private_file import private_folder, write_private

_FOLDER = "stamps"
_LARGEST = 16 << 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """A film that waits. key: by whom it was signed; tsa_url: who shall stamp it."""

    film: Path
    key: str
    tsa_url: str


def put(config: Path, waiting: Waiting) -> None:
    """Remembers a film, once however often it is signed. Raises ProvenanceError where it cannot."""
    folder = config / _FOLDER
    private_folder(folder)
    told = asdict(waiting) | {"film": str(waiting.film.resolve())}
    write_private(_place(config, waiting.film), json.dumps(told, indent=1) + "\n")


def all_waiting(config: Path) -> tuple[Waiting, ...]:
    """Every film that waits, by name. Raises ProvenanceError where an entry makes no sense."""
    found = [_read(path) for path in (config / _FOLDER).glob("*.json")]
    return tuple(sorted(found, key=lambda each: each.film))


def find(config: Path, film: Path) -> Waiting | None:
    path = _place(config, film)
    return _read(path) if path.is_file() else None


def done(config: Path, film: Path) -> None:
    """Forgets a film."""
    _place(config, film).unlink(missing_ok=True)


def _place(config: Path, film: Path) -> Path:
    name = hashlib.sha256(str(film.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return config / _FOLDER / f"{name}.json"


def _read(path: Path) -> Waiting:
    try:
        with path.open("rb") as file:
            told = json.loads(file.read(_LARGEST))
        film, key, tsa_url = (_text(told[name]) for name in ("film", "key", "tsa_url"))
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as exc:
        raise ProvenanceError(
            "an entry of the queue makes no sense",
            where=str(path),
            fix="remove it, and stamp the film by name",
        ) from exc
    return Waiting(Path(film), key, tsa_url)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not text")
    return value
