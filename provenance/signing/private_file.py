"""Files that only their owner can read, written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from post.atomic import PRIVATE, replacing
from post.errors import ProvenanceError


def write_private(path: Path, text: str) -> None:
    """Writes a file of mode 600 in place of any other. Raises ProvenanceError where it cannot."""
    write_private_bytes(path, text.encode())


def write_private_bytes(path: Path, content: bytes, *, over: bool = True) -> None:
    """As `write_private`, of bytes. over: without it, a file that is there already stays as it is."""
    try:
        with replacing(path, lasting=True, mode=PRIVATE, over=over) as out:
            out.write(content)
    except OSError as exc:
        raise unwritable(path, exc) from exc


def private_folder(path: Path) -> None:
    """Makes a folder of mode 700 where there is none. Raises ProvenanceError where it cannot."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as exc:
        raise unwritable(path, exc) from exc


def unwritable(path: Path, exc: OSError) -> ProvenanceError:
    return ProvenanceError("a key cannot be written", where=str(path), got=exc.strerror)
