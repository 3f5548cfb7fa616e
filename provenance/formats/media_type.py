"""Detects the media type of a file by its first bytes: the ending of a name can be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Magic:
    """The bytes that open a kind of file. at: where they stand; also: what byte 8 and those after it must be,
    for kinds that share an opening."""

    type: str
    opening: bytes
    at: int = 0
    also: bytes = b""


_MAGIC = (
    Magic("video/quicktime", b"ftyp", 4, b"qt  "),
    Magic("audio/mp4", b"ftyp", 4, b"M4A "),
    Magic("image/heic", b"ftyp", 4, b"heic"),
    Magic("image/avif", b"ftyp", 4, b"avif"),
    Magic("image/avif", b"ftyp", 4, b"avis"),
    Magic("video/mp4", b"ftyp", 4),
    Magic("video/mp4", b"styp", 4),
    Magic("video/mp4", b"moof", 4),
    Magic("image/jpeg", b"\xff\xd8\xff"),
    Magic("image/png", b"\x89PNG\r\n\x1a\n"),
    Magic("audio/wav", b"RIFF", 0, b"WAVE"),
    Magic("video/avi", b"RIFF", 0, b"AVI "),
    Magic("image/webp", b"RIFF", 0, b"WEBP"),
    Magic("audio/flac", b"fLaC"),
    Magic("audio/mpeg", b"ID3"),
    Magic("audio/mpeg", b"\xff\xfb"),
    Magic("audio/mpeg", b"\xff\xf3"),
    Magic("image/gif", b"GIF8"),
    Magic("image/tiff", b"II*\0"),
    Magic("image/tiff", b"MM\0*"),
    Magic("application/pdf", b"%PDF-"),
    Magic("video/webm", b"\x1a\x45\xdf\xa3"),
    Magic("audio/ogg", b"OggS"),
    Magic("application/mxf", b"\x06\x0e\x2b\x34"),
)
_BY_NAME = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".svg": "image/svg+xml",
}
# Files made of ISO boxes (14496-12): those with tracks, which have media and a sample table, and all of them.
BMFF_FILMS = frozenset({"video/mp4", "video/quicktime", "audio/mp4"})
BMFF_TYPES = BMFF_FILMS | {"image/heic", "image/avif"}


def detect_media_type(source: BinaryIO, name: str | Path = "") -> str:
    """Returns the media type of an open file: by its first bytes, else by the ending of `name`, else "".

    Leaves the file at its beginning.
    """
    source.seek(0)
    head = source.read(16)
    source.seek(0)
    for row in _MAGIC:
        if head.startswith(row.opening, row.at) and head.startswith(row.also, 8):
            return row.type
    return _BY_NAME.get(Path(name).suffix.casefold(), "")
