"""Makes files that would fill the memory or take minutes: each is small, or takes no room on the disk."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from post.takes.stills.still_chunks import PNG


def sparse(path: Path, size: int, head: bytes = b"") -> Path:
    """Writes a file of that size of which only the head takes room."""
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size)
    return path


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, more: bytes = b"") -> bytes:
    """Returns a grey PNG. more: chunks before its picture."""
    rows = zlib.compress((b"\0" + b"\x88" * width) * height) if width * height < 1e6 else b""
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return PNG + head + more + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")


def png_with_bomb(kind: bytes) -> bytes:
    """Returns a PNG with a text or a profile of 200 MB in 200 kB."""
    return png(16, 16, png_chunk(kind, b"a\0\0" + zlib.compress(bytes(200_000_000), 9)))


def tiff_of_strips(count: int) -> bytes:
    """Returns a TIFF of 64 x 64 pixels whose head lists `count` strips."""
    tags = [
        (256, 4, 1, 64), (257, 4, 1, 64), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, count, 200),
        (277, 3, 1, 1), (278, 4, 1, 1), (279, 4, count, 200),
    ]  # fmt: skip
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4 * count + 300)


def jpeg_of(width: int, height: int) -> bytes:
    """Returns the head of a JPEG of that size."""
    frame = struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes((1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1))
    return b"\xff\xd8\xff\xc0" + frame + b"\xff\xda\0\x0c\3\1\0\2\x11\3\x11\0\x3f\0" + bytes(100)


def bmff_field(data: bytes, box: bytes, at: int, new: bytes) -> bytes:
    """Returns an MP4 with bytes of its first such box replaced. at: from the start of the box's content."""
    place = data.index(box) + 4 + at
    return data[:place] + new + data[place + len(new) :]


def declaring_frames(data: bytes, count: int) -> bytes:
    """Returns an MP4 whose tables declare `count` frames of one byte."""
    data = bmff_field(data, b"stsz", 4, struct.pack(">II", 1, count))
    data = bmff_field(data, b"stts", 8, struct.pack(">I", count))
    return bmff_field(data, b"stsc", 8, struct.pack(">II", 1, count))


def with_tracks(data: bytes, count: int) -> bytes:
    """Returns an MP4 with its first track written `count` times."""
    at = data.index(b"moov") - 4
    size = int.from_bytes(data[at : at + 4], "big")
    track = data.index(b"trak") - 4
    length = int.from_bytes(data[track : track + 4], "big")
    inside = data[at + 8 : track] + data[track : track + length] * count + data[track + length : at + size]
    return data[:at] + struct.pack(">I", len(inside) + 8) + b"moov" + inside + data[at + size :]


def wav(channels: int, rate_hz: int, size: int = 9600) -> bytes:
    """Returns a WAV of 16 bits whose head declares `size` bytes of sound, of which it holds 9,600 at most."""
    form = struct.pack(
        "<HHIIHH", 1, channels, rate_hz, rate_hz * channels * 2 & 0xFFFFFFFF, channels * 2 & 0xFFFF, 16
    )
    head = b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt " + struct.pack("<I", 16) + form
    return head + b"data" + struct.pack("<I", size) + b"\1\2" * (min(size, 9600) // 2)


def flac_of(rate_hz: int, samples: int) -> bytes:
    """Returns a FLAC of one channel that declares so many samples and has none. Source: RFC 9639, 8.2."""
    about = rate_hz << 44 | 15 << 36 | samples
    info = struct.pack(">HH", 4096, 4096) + bytes(6) + about.to_bytes(8, "big") + bytes(16)
    return b"fLaC\x80" + len(info).to_bytes(3, "big") + info
