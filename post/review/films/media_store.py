"""Keeps each revision's file, and what is made from it, by the file's SHA-256: `finish` replaces its films."""

from __future__ import annotations

import shutil
from pathlib import Path

from post.atomic import PRIVATE, checksum, replacing
from post.errors import SourceError

PIECE = 1 << 20
FILM, PROXY = "film", "proxy.mp4"
TYPES = {
    ".mp4": "video/mp4", ".mov": "video/quicktime", ".mkv": "video/x-matroska", ".webm": "video/webm",
    ".mxf": "application/mxf", ".m4v": "video/mp4",
}  # fmt: skip


class MediaStore:
    """The kept films below a folder: SHA256/film.mp4, and beside it proxy.mp4, thumbnails.jpg, waveform.json."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, sha256: str) -> Path:
        """Returns the folder of a film."""
        return self.root / sha256

    def film(self, sha256: str) -> Path | None:
        """Returns a kept film; None where there is none."""
        found = (self.folder(sha256) / f"{FILM}{end}" for end in TYPES)
        return next((path for path in found if path.is_file()), None)

    def made(self, sha256: str, name: str) -> Path | None:
        """Returns a file that was made from a film; None where it is not made yet."""
        path = self.folder(sha256) / name
        return path if path.is_file() else None

    def keep(self, source: Path) -> str:
        """Keeps a copy of a film, and returns its SHA-256. No second name of its file: a program that writes over the
        film in place would change what was reviewed.

        Raises SourceError where it changed while it was read, and OSError where it cannot be read or kept.
        """
        sha256 = checksum(source).sha256
        folder = self.folder(sha256)
        if self.film(sha256) is not None:
            return sha256
        folder.mkdir(parents=True, exist_ok=True)
        kept = folder / f"{FILM}{source.suffix.lower()}"
        with source.open("rb") as read, replacing(kept, mode=PRIVATE) as file:
            shutil.copyfileobj(read, file, PIECE)
        if checksum(kept).sha256 != sha256:
            kept.unlink()
            raise SourceError("changed while it was read", where=source.name, fix="it is tried again")
        return sha256
