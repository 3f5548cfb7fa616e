"""Takes a manifest store out of the bytes that its kind of file wraps it in.

It takes only a store whose wrapping is exactly as the kind has it.

Nothing signs these bytes, because the hash of the file leaves them out together with the store. So each of them must be
one that follows from the store: otherwise something could be hidden there.
Source: C2PA 2.4, A.3; the kinds' own standards, as named below.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Callable

_GIF_HEAD = b"\x21\xff\x0bC2PA_GIF\x01\x00\x00"
_GIF_BLOCK = 255


def unwrap_store(data: bytes, kind: str) -> bytes | None:
    """Returns the manifest store that wrapped bytes hold; None where they are not a whole wrapped store and no more.

    kind: the media type of the file.
    """
    store = _UNWRAP.get(kind, _bare)(data)
    whole = store is not None and store[4:8] == b"jumb" and int.from_bytes(store[:4], "big") == len(store)
    return store if whole else None


def _bare(data: bytes) -> bytes:
    """MP3 and FLAC (ID3's GEOB), TIFF, PDF: the store alone."""
    return data


def _in_png(data: bytes) -> bytes | None:
    """PNG (ISO/IEC 15948, 5.3): a chunk, with its checksum."""
    store = data[8:-4]
    framed = len(store).to_bytes(4, "big") + data[4:-4] + zlib.crc32(data[4:-4]).to_bytes(4, "big")
    return store if data[4:8] == b"caBX" and framed == data else None


def _in_riff(data: bytes) -> bytes | None:
    """WAV, AVI and WebP: a chunk, with or without the byte that makes its size even."""
    size = int.from_bytes(data[4:8], "little")
    right = data[:4] == b"C2PA" and data[8 + size :] in (b"", b"\0"[: size % 2])
    return data[8 : 8 + size] if right else None


def _in_gif(data: bytes) -> bytes | None:
    """GIF89a, 26: an application extension, in blocks of 255 bytes but for the last one, and an empty one."""
    at, store = len(_GIF_HEAD), bytearray()
    while at < len(data) and data[at]:
        store += data[at + 1 : at + 1 + data[at]]
        at += 1 + data[at]
    parts = (bytes(store[start : start + _GIF_BLOCK]) for start in range(0, len(store), _GIF_BLOCK))
    framed = _GIF_HEAD + b"".join(bytes([len(part)]) + part for part in parts) + b"\0"
    return bytes(store) if framed == data else None


def _in_jpeg(data: bytes) -> bytes | None:
    """JPEG (ISO/IEC 18477-3, B.1): APP11 segments of one instance, numbered from 1, each with the box's header.

    The instance's number may be any, and so its two bytes cannot be checked.
    """
    at, store, number = 0, bytearray(), 0
    while at < len(data):
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        body, number = data[at + 4 : at + 2 + size], number + 1
        head = data[4:8] + number.to_bytes(4, "big") + data[12:20]
        if data[at : at + 2] != b"\xff\xeb" or len(body) != size - 2 or body[:16] != head:
            return None
        store += body[16:]
        at += 2 + size
    return data[12:20] + bytes(store) if data[4:6] == b"JP" else None


def _in_svg(data: bytes) -> bytes | None:
    """SVG: base64 (RFC 4648, 4), without line breaks."""
    try:
        store = base64.b64decode(data, validate=True)
    except binascii.Error:
        return None
    return store if base64.b64encode(store) == data else None


_UNWRAP: dict[str, Callable[[bytes], bytes | None]] = {
    **dict.fromkeys(("audio/wav", "video/avi", "image/webp"), _in_riff),
    "image/gif": _in_gif,
    "image/jpeg": _in_jpeg,
    "image/png": _in_png,
    "image/svg+xml": _in_svg,
}
