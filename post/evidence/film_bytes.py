"""Chooses what the page of an evidence report plays: the film itself up to a size, else a small copy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from post.deliver.copies.small_copy import MEDIA_TYPE, make_small_copy
from post.errors import AnswerprintError, SourceError
from provenance.evidence.page import EmbeddedFilm
from provenance.report import ExaminedFile

LARGEST_MB = 64
MEGABYTE = 1_000_000
_COPY_BYTES = 16 * MEGABYTE


def embed_film(
    file: ExaminedFile, media_type: str, largest_mb: int, call: Callable[..., bytes]
) -> tuple[EmbeddedFilm | None, str]:
    """Returns what the page plays, and why it is not the film itself, "" where it is.

    media_type: of the film; largest_mb: megabytes of a film that is put into the page; call: calls a function in a
    worker. Raises SourceError where the file is no longer the one that was verified.
    """
    path = Path(file.path)
    if file.bytes <= largest_mb * MEGABYTE:
        return EmbeddedFilm(_read(path, file), media_type), ""
    why = f"the film has {file.bytes:,} bytes, and the page holds films of {largest_mb} MB at most"
    if not media_type.startswith("video/"):
        return None, why
    try:
        return EmbeddedFilm(call(make_small_copy, path, _COPY_BYTES), MEDIA_TYPE, is_copy=True), why
    except AnswerprintError as fault:
        return None, f"{why}; a small copy could not be made: {fault}"


def _read(path: Path, file: ExaminedFile) -> bytes:
    from hashlib import sha256

    try:
        data = path.read_bytes()
    except OSError as fault:
        raise SourceError("the file cannot be read", where=str(path), got=fault.strerror) from fault
    if sha256(data).hexdigest() != file.sha256:
        raise SourceError(
            "the file changed while its report was made", where=str(path), fix="make the report again"
        )
    return data
