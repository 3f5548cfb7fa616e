"""Writes files and folders that only their owner can read."""

from __future__ import annotations

from pathlib import Path

from post.atomic import PRIVATE, replacing
from post.errors import ProvenanceError


def write_private(path: Path, text: str) -> None:
    """Writes a file of mode 600, whole or not at all, in place of any other. Text is UTF-8.

    Raises ProvenanceError if it cannot be written.
    """
    write_private_bytes(path, text.encode())


def write_private_bytes(path: Path, content: bytes, *, over: bool = True) -> None:
    """Writes bytes as `write_private` does. over: False keeps an existing file unchanged."""
    try:
        with replacing(path, lasting=True, mode=PRIVATE, over=over) as out:
            out.write(content)
    except OSError as exc:
        raise unwritable(path, exc) from exc


def private_folder(path: Path) -> None:
    """Makes a folder of mode 700 if there is none. Raises ProvenanceError if it cannot be made."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as exc:
        raise unwritable(path, exc) from exc


def unwritable(path: Path, exc: OSError) -> ProvenanceError:
    """Returns the error for a key's file that cannot be written."""
    return ProvenanceError("a key cannot be written", where=str(path), got=exc.strerror)
