"""Makes files that attack a parser: too deep, too many parts, too large, or with false sizes."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

from tests.provenance.formats.made_boxes import C2PA_USERTYPE, TYPE_TAIL, box, superbox, uuid_box, wide_box

FTYP = box(b"ftyp", b"isom\0\0\2\0isomiso2")
XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
MANY, DEEP = 10_000_000, 100_000


def nested(kind: bytes, levels: int, core: bytes = b"") -> bytes:
    """Returns boxes inside boxes: first all their headers, then `core`."""
    sizes = (8 * (levels - n) + len(core) for n in range(levels))
    return b"".join(struct.pack(">I4s", size, kind) for size in sizes) + core


def carrying(store: bytes) -> bytes:
    """Returns a film with a manifest store."""
    return FTYP + uuid_box(b"manifest", store) + box(b"moov", b"") + box(b"mdat", bytes(64))


def manifest(claim: bytes = b"\xa0", assertions: bytes = b"", signature: bytes = b"\xa0") -> bytes:
    """Returns a film with one manifest made of these parts."""
    return carrying(
        superbox(
            b"c2pa",
            b"c2pa",
            superbox(
                b"c2ma",
                b"urn:c2pa:00000000-0000-0000-0000-000000000000",
                superbox(b"c2as", b"c2pa.assertions", assertions),
                superbox(b"c2cl", b"c2pa.claim.v2", box(b"cbor", claim)),
                superbox(b"c2cs", b"c2pa.signature", box(b"cbor", signature)),
            ),
        )
    )


def deep_supers(levels: int) -> bytes:
    """Returns superboxes inside superboxes, each with a description."""
    head = box(b"jumd", b"c2ma" + TYPE_TAIL + b"\x03a\0")
    step = 8 + len(head)
    return b"".join(struct.pack(">I4s", step * (levels - n), b"jumb") + head for n in range(levels))


def table(kind: bytes, *numbers: int) -> bytes:
    return box(kind, struct.pack(f">{len(numbers) + 1}I", 0, *numbers))


def movie(stbl: bytes) -> bytes:
    hdlr = box(b"hdlr", bytes(8) + b"vide" + bytes(12))
    mdhd = table(b"mdhd", 0, 0, 1000, 1000, 0)
    trak = box(b"trak", box(b"mdia", mdhd + hdlr + box(b"minf", box(b"stbl", stbl))))
    return (
        FTYP
        + box(b"moov", table(b"mvhd", 0, 0, 1000, 1000, *(0 for _ in range(20))) + trak)
        + box(b"mdat", bytes(64))
    )


def tags(keys: bytes, ilst: bytes) -> bytes:
    meta = box(b"meta", bytes(4) + box(b"hdlr", bytes(8) + b"mdta" + bytes(13)) + keys + ilst)
    return FTYP + box(b"moov", box(b"udta", meta)) + box(b"mdat", bytes(64))


def jpeg(*segments: bytes) -> bytes:
    parts = (b"\xff\xeb" + struct.pack(">H", len(each) + 2) + each for each in segments)
    return b"\xff\xd8" + b"".join(parts) + b"\xff\xda\0\2\xff\xd9"


SMALL_TABLES = table(b"stts", 1, 1, 1000) + table(b"stsc", 1, 1, 1, 1)
BOMBS: dict[str, Callable[[], bytes]] = {
    "moov in moov.mp4": lambda: FTYP + nested(b"moov", DEEP),
    "udta in moov.mp4": lambda: FTYP + box(b"moov", nested(b"udta", DEEP)),
    "meta in meta.mp4": lambda: FTYP + nested(b"meta", DEEP),
    "boxes side by side.mp4": lambda: FTYP + box(b"free") * MANY,
    "boxes in moov.mp4": lambda: FTYP + box(b"moov", box(b"free") * MANY),
    "tracks.mp4": lambda: FTYP + box(b"moov", box(b"trak") * 1_000_000),
    "manifests side by side.mp4": lambda: (
        FTYP + box(b"uuid", C2PA_USERTYPE + bytes(4) + b"manifest\0" + bytes(8)) * DEEP
    ),
    "a box past the end.mp4": lambda: FTYP + struct.pack(">I4s", 0xFFFFFFF0, b"moov") + bytes(64),
    "a wide box past the end.mp4": lambda: FTYP + struct.pack(">I4sQ", 1, b"moov", 1 << 62),
    "the widest box.mp4": lambda: FTYP + struct.pack(">I4sQ", 1, b"mdat", (1 << 64) - 1),
    "a wide box that wraps around.mp4": lambda: (
        FTYP + struct.pack(">I4sQ", 1, b"free", (1 << 64) - 32) + wide_box(b"mdat", b"1")
    ),
    "media of 2**63 bytes.mp4": lambda: FTYP + struct.pack(">I4sQ", 1, b"mdat", 1 << 63) + bytes(64),
    "a manifest of 2**63 bytes.mp4": lambda: FTYP + struct.pack(">I4sQ", 1, b"uuid", 1 << 63) + C2PA_USERTYPE,
    "a manifest of 4 GB.mp4": lambda: (
        FTYP
        + struct.pack(">I4s", 0xFFFFFFFF, b"uuid")
        + C2PA_USERTYPE
        + bytes(4)
        + b"manifest\0"
        + bytes(8)
        + b"\xff\xff\xff\xf0jumb"
    ),
    "XMP of 1 GB.mp4": lambda: FTYP + struct.pack(">I4s", 1 << 30, b"uuid") + XMP + b"<x:xmpmeta",
    "samples past all counting.mp4": lambda: movie(
        SMALL_TABLES + table(b"stsz", 4, 0xFFFFFFFF) + table(b"stco", 1, 100)
    ),
    "sizes past all counting.mp4": lambda: movie(
        SMALL_TABLES + table(b"stsz", 0, 0xFFFFFFFF) + table(b"stco", 1, 100)
    ),
    "chunks past all counting.mp4": lambda: movie(
        SMALL_TABLES + table(b"stsz", 4, 1) + table(b"stco", 0xFFFFFFFF, 100)
    ),
    "wide chunks past all counting.mp4": lambda: movie(
        SMALL_TABLES + table(b"stsz", 4, 1) + table(b"co64", 0xFFFFFFFF, 0, 100)
    ),
    "runs past all counting.mp4": lambda: movie(
        table(b"stts", 1, 0xFFFFFFFF, 1)
        + table(b"stsc", 1, 1, 0xFFFFFFFF, 1)
        + table(b"stsz", 4, 1)
        + table(b"stco", 1, 100)
    ),
    "keys past all counting.mp4": lambda: tags(table(b"keys", 0xFFFFFFFF), box(b"ilst")),
    "a key past its box.mp4": lambda: tags(table(b"keys", 1, 0x7FFFFFFF), box(b"ilst")),
    "a tag past its box.mp4": lambda: tags(
        table(b"keys", 0), box(b"ilst", struct.pack(">I4s", 0x7FFFFFFF, b"data"))
    ),
    "tags by the million.mp4": lambda: tags(
        table(b"keys", 0), box(b"ilst", box(b"\xa9too", box(b"data", bytes(9))) * 1_000_000)
    ),
    "superboxes in superboxes.mp4": lambda: carrying(deep_supers(DEEP)),
    "superboxes without descriptions.mp4": lambda: carrying(nested(b"jumb", DEEP)),
    "a store of 4 GB.mp4": lambda: carrying(struct.pack(">I4s", 0xFFFFFFFF, b"jumb") + bytes(64)),
    "a store of no size.mp4": lambda: carrying(struct.pack(">I4s", 0, b"jumb") + bytes(64)),
    "a label without an end.mp4": lambda: carrying(
        box(b"jumb", box(b"jumd", b"c2pa" + TYPE_TAIL + b"\x03" + b"a" * 1_000_000))
    ),
    "assertions by the thousand.mp4": lambda: manifest(
        assertions=b"".join(superbox(b"json", b"a%d" % n, box(b"json", b"{}")) for n in range(20_000))
    ),
    "manifests by the thousand.mp4": lambda: carrying(
        superbox(b"c2pa", b"c2pa", *(superbox(b"c2ma", b"urn:c2pa:%036d" % n) for n in range(20_000)))
    ),
    "a claim of arrays in arrays.mp4": lambda: manifest(claim=b"\x81" * DEEP + b"\0"),
    "a claim of maps in maps.mp4": lambda: manifest(claim=b"\xa1\0" * DEEP + b"\0"),
    "a claim of tags in tags.mp4": lambda: manifest(claim=b"\xc6" * DEEP + b"\0"),
    "a claim without an end.mp4": lambda: manifest(claim=b"\x9f" * DEEP),
    "a claim of 2**63 bytes.mp4": lambda: manifest(claim=b"\x5b\x7f" + b"\xff" * 7),
    "a claim of 2**63 items.mp4": lambda: manifest(claim=b"\x9b\x7f" + b"\xff" * 7),
    "a claim of 2**63 entries.mp4": lambda: manifest(claim=b"\xbb\x7f" + b"\xff" * 7),
    "a signature of arrays in arrays.mp4": lambda: manifest(signature=b"\xd2\x84" + b"\x81" * DEEP),
    "a signature of 2**63 bytes.mp4": lambda: manifest(signature=b"\xd2\x84\x5b\x7f" + b"\xff" * 7),
    "an assertion of arrays in arrays.mp4": lambda: manifest(
        assertions=superbox(b"cbor", b"c2pa.actions.v2", box(b"cbor", b"\x81" * DEEP))
    ),
    "an assertion of lists in lists.mp4": lambda: manifest(
        assertions=superbox(b"json", b"com.example", box(b"json", b"[" * DEEP))
    ),
    "segments by the thousand.jpg": lambda: jpeg(
        *(b"JP\0\1" + struct.pack(">I", n) + b"\0\0\0\x10jumb" + bytes(8) for n in range(50_000))
    ),
    "segments of many stores.jpg": lambda: jpeg(
        *(b"JP" + struct.pack(">HI", n, 1) + b"\0\0\0\x10jumbc2pa" + bytes(8) for n in range(50_000))
    ),
    "a chunk of 4 GB.png": lambda: (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I4s", 0xFFFFFFFF, b"caBX") + bytes(64)
    ),
    "chunks by the million.png": lambda: (
        b"\x89PNG\r\n\x1a\n" + (struct.pack(">I4s", 0, b"tEXt") + bytes(4)) * 1_000_000
    ),
    "lists in lists.wav": lambda: (
        b"RIFF"
        + struct.pack("<I", 12 * DEEP + 4)
        + b"WAVE"
        + b"".join(b"LIST" + struct.pack("<I", 12 * (DEEP - n) - 8) + b"INFO" for n in range(DEEP))
    ),
    "chunks by the million.wav": lambda: (
        b"RIFF" + struct.pack("<I", 8_000_004) + b"WAVE" + (b"junk" + bytes(4)) * 1_000_000
    ),
    "frames by the million.mp3": lambda: b"ID3\3\0\0\0\x7f\x7f\x7f" + (b"TXXX\0\0\0\1\0\0\0") * 150_000,
}


def write(name: str, folder: Path) -> Path:
    path = folder / name
    path.write_bytes(BOMBS[name]())
    return path
