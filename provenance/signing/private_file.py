"""Files that only their owner can read, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from post.errors import ProvenanceError


def write_private(path: Path, text: str) -> None:
    """Writes a file of mode 600 in place of any other. Raises ProvenanceError where it cannot."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 600
    except OSError as exc:
        raise unwritable(path.parent, exc) from exc
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(path)
    except OSError as exc:
        raise unwritable(path, exc) from exc
    finally:
        Path(name).unlink(missing_ok=True)


def private_folder(path: Path) -> None:
    """Makes a folder of mode 700 where there is none. Raises ProvenanceError where it cannot."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as exc:
        raise unwritable(path, exc) from exc


def unwritable(path: Path, exc: OSError) -> ProvenanceError:
    return ProvenanceError("a key cannot be written", where=str(path), got=exc.strerror)
