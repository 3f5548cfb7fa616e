"""A manifest beside its film: NAME.c2pa for NAME.mp4 (C2PA 2.4, 11.4, external manifests)."""

from __future__ import annotations

from pathlib import Path

from post.errors import SourceError

SUFFIX = ".c2pa"
MAX_BYTES = 64 << 20


def beside(film: Path) -> Path:
    """Where a film's sidecar lies."""
    return film.with_suffix(SUFFIX)


def read_store(sidecar: Path) -> bytes:
    """A sidecar's bytes. Raises SourceError where it cannot be read, or is larger than any manifest store."""
    try:
        with sidecar.open("rb") as source:
            store = source.read(MAX_BYTES + 1)
    except OSError as exc:
        raise SourceError("the sidecar cannot be read", where=str(sidecar), got=exc.strerror) from exc
    if len(store) > MAX_BYTES:
        raise SourceError(
            "too large for a manifest", where=str(sidecar), expected=f"at most {MAX_BYTES} bytes"
        )
    return store
