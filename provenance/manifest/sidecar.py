"""Places a manifest beside its film: NAME.c2pa for NAME.mp4 (C2PA 2.4, 11.4, external manifests)."""

from __future__ import annotations

from pathlib import Path

from post.atomic import is_file, open_regular
from post.errors import SourceError
from post.os_faults import retry_of

SUFFIX = ".c2pa"
MAX_BYTES = 64 << 20


def sidecar_path(film: Path) -> Path:
    """Returns the path of a film's sidecar."""
    return film.with_suffix(SUFFIX)


def find_sidecar(film: Path) -> Path | None:
    """Returns the sidecar beside a film; None where there is none, as where its name would be too long."""
    sidecar = sidecar_path(film)
    return sidecar if is_file(sidecar) else None


def read_sidecar(sidecar: Path) -> bytes:
    """Returns a sidecar's manifest store. Raises SourceError if it cannot be read, or is larger than 64 MiB."""
    try:
        with open_regular(sidecar) as source:
            store = source.read(MAX_BYTES + 1)
    except OSError as exc:
        raise (
            retry_of(exc, str(sidecar))
            or SourceError("the sidecar cannot be read", where=str(sidecar), got=exc.strerror)
        ) from exc
    if len(store) > MAX_BYTES:
        raise SourceError(
            "too large for a manifest", where=str(sidecar), expected=f"at most {MAX_BYTES} bytes"
        )
    return store
