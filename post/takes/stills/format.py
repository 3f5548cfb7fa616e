"""Tells what a picture file without a moving-picture container is, by its first bytes."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, NamedTuple

from post.atomic import open_regular
from post.errors import SourceError

HEAD = 64  # bytes that tell every format
# The first member of a packed sequence has this name; a ZIP's own header is 30 bytes.
PACK_MARK = "answerprint-sequence.json"
MADE_MARK = b'{"schema":"Made.1"'
READ, REFUSED, PACK, MADE = "read", "refused", "pack", "made"


class StillFormat(NamedTuple):
    """A format. use: READ (a still or an animation), REFUSED, PACK (an image sequence in one file), MADE (a recipe)."""

    name: str
    use: str


class _Magic(NamedTuple):
    """The bytes that open a format. at: where they stand; also, also_at: what stands elsewhere too."""

    format: StillFormat
    opening: bytes
    at: int = 0
    also: bytes = b""
    also_at: int = 0


_BRANDS = {
    "AVIF": (READ, (b"avif", b"avis")),
    "HEIC": (REFUSED, (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")),
}
_ROWS = (
    _Magic(StillFormat("PNG", READ), b"\x89PNG\r\n\x1a\n"),
    _Magic(StillFormat("JPEG", READ), b"\xff\xd8\xff"),
    _Magic(StillFormat("GIF", READ), b"GIF8"),
    _Magic(StillFormat("WEBP", READ), b"RIFF", also=b"WEBP", also_at=8),
    _Magic(StillFormat("TIFF", READ), b"II*\0"),
    _Magic(StillFormat("TIFF", READ), b"MM\0*"),
    _Magic(StillFormat("TIFF", READ), b"II+\0"),
    _Magic(StillFormat("TIFF", READ), b"MM\0+"),
    _Magic(StillFormat("BMP", READ), b"BM", also=b"\0\0\0\0", also_at=6),
    _Magic(StillFormat("EXR", READ), b"\x76\x2f\x31\x01"),
    _Magic(StillFormat("JPEG XL", REFUSED), b"\xff\x0a"),
    _Magic(StillFormat("JPEG XL", REFUSED), b"\0\0\0\x0cJXL "),
    _Magic(StillFormat("JPEG 2000", REFUSED), b"\0\0\0\x0cjP  "),
    _Magic(StillFormat("JPEG 2000", REFUSED), b"\xff\x4f\xff\x51"),
    _Magic(StillFormat("Photoshop", REFUSED), b"8BPS"),
    _Magic(StillFormat("DPX", REFUSED), b"SDPX"),
    _Magic(StillFormat("DPX", REFUSED), b"XPDS"),
    _Magic(StillFormat("Radiance HDR", REFUSED), b"#?RADIANCE"),
    _Magic(StillFormat("SVG", REFUSED), b"<svg"),
    _Magic(StillFormat("the pack of a sequence", PACK), b"PK\x03\x04", also=PACK_MARK.encode(), also_at=30),
    _Magic(StillFormat("a made source", MADE), MADE_MARK),
    *(
        _Magic(StillFormat(name, use), b"ftyp", 4, brand, 8)
        for name, (use, brands) in _BRANDS.items()
        for brand in brands
    ),
)


def format_of(file: BinaryIO, name: str) -> StillFormat | None:
    """Returns the format of an open file; None for what is no still: a clip, a sound, anything else.

    name: the file's, for errors. Leaves the file at its beginning. Raises SourceError for a format of stills that is
    not read.
    """
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    # A HEIF file's first brand may be the family's (mif1), and say AVIF only among those it is compatible with.
    if head[4:12] == b"ftypmif1" and b"avif" in head[16 : int.from_bytes(head[:4], "big")]:
        return StillFormat("AVIF", READ)
    found = next((row.format for row in _ROWS if _opens(row, head)), None)
    if found is not None and found.use == REFUSED:
        raise _refused(found.name, name)
    return found


def format_at(path: Path) -> StillFormat | None:
    """Returns what `format_of` does, of a file that is not open; None where it cannot be opened."""
    try:
        with open_regular(path) as file:  # a pipe would be waited for without end
            return format_of(file, path.name)
    except OSError:
        return None


def _opens(row: _Magic, head: bytes) -> bool:
    return head.startswith(row.opening, row.at) and head.startswith(row.also, row.also_at)


def _refused(kind: str, where: str) -> SourceError:
    return SourceError(
        f"is a picture in {kind}, which is not read",
        where=where,
        expected="PNG, JPEG, TIFF, WebP, AVIF, GIF, BMP or OpenEXR",
        got=kind,
        fix="export it as PNG (as JPEG, where it is a photograph), in sRGB",
    )
