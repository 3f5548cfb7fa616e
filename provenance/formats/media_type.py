"""Detects the media type of a file by its first bytes: the ending of a name can be wrong."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from post.values.files.container import CONTAINERS, HEAD_BYTES, Opening, is_transport_stream

# Kinds of files that are no container of takes, behind those that are.
_MAGIC = (
    *(opening for kind in CONTAINERS for opening in kind.openings),
    Opening("image/jpeg", b"\xff\xd8\xff"),
    Opening("image/webp", b"RIFF", 0, b"WEBP"),
    Opening("image/tiff", b"II*\0"),
    Opening("image/tiff", b"MM\0*"),
    Opening("application/pdf", b"%PDF-"),
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
# Films in a container that cannot carry a manifest: Matroska. It lies beside them.
BESIDE_ALONE = frozenset({"video/webm"})
BMFF_TYPES = BMFF_FILMS | {"image/heic", "image/avif"}


def detect_media_type(source: BinaryIO, name: str | Path = "") -> str:
    """Returns the media type of an open file: by its first bytes, else by the ending of `name`, else "".

    Leaves the file at its beginning.
    """
    source.seek(0)
    head = source.read(HEAD_BYTES)
    source.seek(0)
    told = next((row.type for row in _MAGIC if row.fits(head)), "")
    if not told and is_transport_stream(head):
        told = "video/mp2t"
    return told or _BY_NAME.get(Path(name).suffix.casefold(), "")
